import type { VerifyMethod } from '../change/types.ts';
import type { Label } from '../issue.ts';
import type { FieldTypeName } from '../schema/types.ts';

/**
 * One kind of evidence about a value. Either it *settles* the value (someone looked: `confidence` afterwards), or it is a *signal*
 * weighed by Bayes (`ifRight` = P(evidence | value right), `ifWrong` = P(evidence | value wrong)), or an *event* after which a share
 * `changes` of values is another. Data: an admin can edit the table.
 */
export interface EvidenceKind {
  kind: string;
  label: Label;
  /** Field types a signal speaks about; absent = the fields named by whoever reports it. */
  types?: FieldTypeName[];
  /** `object.field` it speaks about too, whatever their type. */
  fields?: string[];
  /** Set on verifications: belief right after, whatever it was before. */
  confidence?: number;
  ifRight?: number;
  ifWrong?: number;
  /** Share of values, 0..1, that an event of this kind changes. */
  changes?: number;
  /** Repeats within this many days tell nothing new (the same reader opens three mails) and should be dropped. */
  repeatDays?: number;
}

const verification = (kind: VerifyMethod, zh: string, en: string, confidence: number): EvidenceKind => ({
  kind,
  label: { zh, en },
  confidence,
});

const signal = (
  kind: string,
  zh: string,
  en: string,
  types: FieldTypeName[] | undefined,
  ifRight: number,
  ifWrong: number,
  repeatDays = 7,
): EvidenceKind => ({ kind, label: { zh, en }, ...(types && { types }), ifRight, ifWrong, repeatDays });

/** A policy names the fields it checks again after an event; half of them changed is below every sensible threshold, so they are due at once. */
const event = (kind: string, zh: string, en: string): EvidenceKind => ({
  kind,
  label: { zh, en },
  changes: 0.5,
  repeatDays: 1,
});

/**
 * Defaults. Verifications: freshness-model §1 (0.99 by phone, 0.999 by the customer himself or a registry). Signals: our estimates, on the
 * careful side; ratios matter, not levels. 停机/空号 announcements are unambiguous, no answer says little, image proxies open mails on
 * their own (so “opened” is weaker than “clicked” or “replied”), and a soft bounce is mostly a full box.
 */
export const EVIDENCE: readonly EvidenceKind[] = [
  verification('phone', '电话核实', 'Verified by phone', 0.99),
  verification('visit', '当面核实', 'Verified in person', 0.995),
  verification('mail', '邮件核实', 'Verified by mail', 0.99),
  verification('customer', '客户本人确认', 'Confirmed by the customer', 0.999),
  verification('registry', '工商等登记核对', 'Matched with a registry', 0.999),
  verification('document', '合同、证照核对', 'Matched with a document', 0.995),
  verification('other', '其他方式核实', 'Verified otherwise', 0.97),
  signal('call-connected', '电话接通', 'Call connected', ['phone'], 0.5, 0.03),
  signal('call-unanswered', '电话无人接听', 'Call not answered', ['phone'], 0.45, 0.6, 3),
  signal('call-refused', '电话被拒接', 'Call refused', ['phone'], 0.05, 0.05, 3),
  signal('call-wrong-person', '接听人称打错了', 'Wrong person answered', ['phone'], 0.002, 0.25),
  signal('call-dead', '空号或停机', 'Number out of service', ['phone'], 0.004, 0.3, 3),
  signal('sms-delivered', '短信已送达', 'Text message delivered', ['phone'], 0.97, 0.6),
  signal('sms-failed', '短信发送失败', 'Text message failed', ['phone'], 0.03, 0.4, 3),
  signal('mail-delivered', '邮件已送达', 'Mail delivered', ['email'], 0.98, 0.55),
  signal('mail-opened', '邮件被打开', 'Mail opened', ['email'], 0.35, 0.06),
  signal('mail-clicked', '邮件内链接被点击', 'Link in a mail clicked', ['email'], 0.1, 0.006),
  signal('mail-replied', '客户回复了邮件', 'Mail answered', ['email'], 0.2, 0.002),
  signal('mail-bounced', '邮件硬退信', 'Mail bounced for good', ['email'], 0.004, 0.4, 1),
  signal('mail-soft-bounced', '邮件暂时退信', 'Mail bounced for now', ['email'], 0.03, 0.08),
  signal('parcel-signed', '快递已签收', 'Parcel signed for', ['address'], 0.95, 0.12),
  signal('parcel-returned', '快递被退回', 'Parcel returned', ['address'], 0.02, 0.6, 1),
  signal('site-reachable', '网站可访问', 'Web site answers', ['url'], 0.98, 0.45),
  signal('site-dead', '网站无法访问', 'Web site gone', ['url'], 0.02, 0.5, 1),
  signal('im-replied', '微信等聊天有回复', 'Answered in a chat', undefined, 0.5, 0.01),
  signal('login', '客户登录', 'Customer signed in', ['email', 'phone'], 0.4, 0.02),
  // Anybody may fill in a form; that he knows all of it is rarely chance.
  signal('form-repeated', '表单中再次填写', 'Given again in a form', undefined, 0.5, 0.1),
  signal('visit-checkin', '上门签到地点相符', 'Check-in at the address', ['address'], 0.9, 0.05),
  signal('payment-received', '收到付款', 'Payment received', ['bankaccount'], 0.9, 0.02),
  signal('registry-differs', '与登记信息不符', 'Differs from the registry', undefined, 0.02, 0.9, 1),
  signal('sibling-confirmed', '同一客户的其他信息核实无误', 'Another field found right', undefined, 0.95, 0.75),
  signal('sibling-changed', '同一客户的其他信息已变更', 'Another field found changed', undefined, 0.3, 0.6),
  event('after-call', '电话沟通之后', 'After a call'),
  event('after-visit', '拜访之后', 'After a visit'),
  event('project-started', '项目启动之后', 'After a project starts'),
  event('contract-signed', '签约之后', 'After signing'),
  event('after-payment', '付款之后', 'After a payment'),
  event('after-delivery', '交付之后', 'After delivery'),
  event('after-service', '售后服务之后', 'After service'),
];

const BY_KIND = new Map(EVIDENCE.map((kind) => [kind.kind, kind]));

/** The default row of a kind, or undefined. Callers with an edited table look up in their own. */
export function evidenceKind(kind: string): EvidenceKind | undefined {
  return BY_KIND.get(kind);
}

/** The signals and events, what a change may bring as evidence; the rest of the table are verifications. */
export function isSignal(kind: EvidenceKind): boolean {
  return kind.confidence === undefined;
}

/** Names of the fields a kind speaks about by itself: those of its types and those it names. */
export function fieldsOfKind(
  kind: EvidenceKind,
  object: string,
  fields: readonly { name: string; type: FieldTypeName }[],
): string[] {
  return fields
    .filter((field) => kind.types?.includes(field.type) || kind.fields?.includes(`${object}.${field.name}`))
    .map((field) => field.name);
}

/** True when the method means that someone looked at the value (moves the *verified* clock), false for signals and plain writes. */
export function isVerification(method: string | null | undefined): boolean {
  return method != null && BY_KIND.get(method)?.confidence !== undefined;
}
