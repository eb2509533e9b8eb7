import { fill, type Lang, type Sentences } from '../issue.ts';

/** Why a cell is on a list: a code, its parameters, and the cell. */
export interface Reason {
  code: string;
  params: Record<string, string | number>;
  record: string;
  fieldId: number;
}

/** Sentences of all reasons. `{field}` is the field's label, `{percent}` the confidence now, `{count}` the days, months or years. */
export const FRESHNESS_SENTENCES: Sentences = {
  'unverified-days': {
    zh: '{field} {count} 天未核实，可信度约 {percent}%',
    en: '{field}: not verified for {count} days, about {percent}% likely right',
  },
  'unverified-months': {
    zh: '{field} {count} 个月未核实，可信度约 {percent}%',
    en: '{field}: not verified for {count} months, about {percent}% likely right',
  },
  'unverified-years': {
    zh: '{field} {count} 年未核实，可信度约 {percent}%',
    en: '{field}: not verified for {count} years, about {percent}% likely right',
  },
  'never-verified': {
    zh: '{field} 从未核实，可信度约 {percent}%',
    en: '{field}: never verified, about {percent}% likely right',
  },
  doubtful: { zh: '{field} 存疑，可信度约 {percent}%', en: '{field}: in doubt, about {percent}% likely right' },
  'doubt-mail-bounced': {
    zh: '发往 {field} 的邮件被退回，可信度约 {percent}%',
    en: 'Mail to {field} bounced, about {percent}% likely right',
  },
  'doubt-call-dead': {
    zh: '{field} 已是空号或停机，可信度约 {percent}%',
    en: '{field} is out of service, about {percent}% likely right',
  },
  'doubt-call-wrong-person': {
    zh: '{field} 接听的不是本人，可信度约 {percent}%',
    en: 'Someone else answered {field}, about {percent}% likely right',
  },
  'doubt-parcel-returned': {
    zh: '寄往 {field} 的快递被退回，可信度约 {percent}%',
    en: 'A parcel to {field} came back, about {percent}% likely right',
  },
  'doubt-sms-failed': {
    zh: '发往 {field} 的短信失败，可信度约 {percent}%',
    en: 'A text message to {field} failed, about {percent}% likely right',
  },
  'doubt-site-dead': {
    zh: '{field} 无法访问，可信度约 {percent}%',
    en: '{field} does not answer, about {percent}% likely right',
  },
  'doubt-registry-differs': {
    zh: '{field} 与登记信息不符，可信度约 {percent}%',
    en: '{field} differs from the registry, about {percent}% likely right',
  },
  'doubt-sibling-changed': {
    zh: '同一客户的其他信息变了，{field} 可信度降到约 {percent}%',
    en: 'Other details of this customer changed; {field} is about {percent}% likely right',
  },
  'hard-legal': {
    zh: '法规要求按期核实 {field}（当前可信度约 {percent}%）',
    en: 'The law sets a deadline for verifying {field} (about {percent}% likely right)',
  },
  'hard-vip': {
    zh: '重点客户须人工定期核实 {field}（当前可信度约 {percent}%）',
    en: 'Key customer: {field} is verified by hand at fixed times (about {percent}% likely right)',
  },
  'hard-trigger': {
    zh: '业务事件触发，请核实 {field}（当前可信度约 {percent}%）',
    en: 'A business event asks to verify {field} (about {percent}% likely right)',
  },
  'hard-interval': {
    zh: '按固定周期核实 {field}（当前可信度约 {percent}%）',
    en: '{field} is due by its fixed interval (about {percent}% likely right)',
  },
  'needs-hours': {
    zh: '每周再投入 {hours} 小时，才能把新鲜度保持在 {percent}%',
    en: 'Holding {percent}% freshness needs {hours} more hours a week',
  },
  'learned-interval': {
    zh: '建议每 {interval} 个月核实一次（{low}–{high}），依据 {count} 次核实',
    en: 'Verify every {interval} months ({low}–{high}), from {count} verifications',
  },
  'prior-interval': {
    zh: '建议每 {interval} 个月核实一次，暂无核实记录，依据经验值',
    en: 'Verify every {interval} months; no verifications yet, from a prior',
  },
};

/** The sentence of a reason. @param field the field's label in that language. An unknown code shows itself. */
export function sayReason(reason: Pick<Reason, 'code' | 'params'>, field: string, lang: Lang): string {
  const sentence = FRESHNESS_SENTENCES[reason.code];
  return sentence === undefined ? reason.code : fill(sentence[lang], { ...reason.params, field });
}
