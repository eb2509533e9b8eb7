import { fill, type Issue, type Lang } from '../domain/issue.ts';
import { encryptionErrors } from './encryption-errors.ts';
import { type ErrorMeaning, meaning } from './error-meaning.ts';
import { featureErrors } from './feature-errors.ts';
import { identityErrors } from './identity-errors.ts';

/** Every error a request can end in. A code without a status and both sentences does not compile. */
export const errors = {
  ...featureErrors,

  // ── any request ───────────────────────────────────────────────────────────────────────────────────────────────
  'bad-request': meaning(400, '请求格式不正确：{detail}', 'The request is malformed: {detail}'),
  'invalid-input': meaning(
    422,
    '有 {count} 处填写不正确，请按提示修改后再提交。',
    '{count} value(s) are not valid. Correct the ones listed and send again.',
  ),
  'not-found': meaning(404, '没有找到您要的内容，它可能已被删除。', 'Not found. It may have been deleted.'),
  conflict: meaning(
    409,
    '内容已被他人修改，请刷新后再试。',
    'Someone else changed this meanwhile. Reload and try again.',
  ),
  'too-large': meaning(413, '内容超过上限 {limit}。', 'The content is larger than the limit of {limit}.'),
  'unsupported-type': meaning(
    415,
    '不支持的内容类型 {type}。',
    'Content type {type} is not supported here; send application/json.',
  ),
  'too-many-requests': meaning(
    429,
    '请求过于频繁，请在 {seconds} 秒后再试。',
    'Too many requests. Try again in {seconds} seconds.',
  ),
  internal: meaning(
    500,
    '服务器内部出错，编号 {requestId}。请稍后再试；如仍出现，请把编号告诉管理员。',
    'Something failed inside the server, number {requestId}. Try again; if it stays, give the number to your administrator.',
  ),
  unavailable: meaning(
    503,
    '服务暂时不可用，请稍后再试。',
    'The service is not available for the moment. Try again shortly.',
  ),
  'database-unavailable': meaning(
    503,
    '数据库正在恢复，请在几秒后再试。已提示“保存”的内容不会丢失。',
    'The database is recovering. Try again in a few seconds; nothing that was reported as saved is lost.',
  ),
  'disk-full': meaning(
    507,
    '磁盘空间已满，暂时无法保存；查看不受影响。请清理磁盘后再试。',
    'The disk is full, so nothing can be saved for now; reading still works. Free some space and try again.',
  ),

  ...identityErrors,
  ...encryptionErrors,

  // ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────
  'file-too-large': meaning(413, '文件超过 {limit} 的上限。', 'The file is larger than the limit of {limit}.'),
  'file-empty': meaning(422, '文件是空的。', 'The file is empty.'),

  // ── records ───────────────────────────────────────────────────────────────────────────────────────────────────
  'object-unknown': meaning(404, '没有名为 {object} 的对象。', 'There is no object named {object}.'),
  'field-unknown': meaning(422, '{object} 没有名为 {field} 的字段。', 'Object {object} has no field named {field}.'),
  'record-unknown': meaning(
    404,
    '没有找到这条记录，它可能已被删除。',
    'This record was not found. It may have been deleted.',
  ),
  'object-exists': meaning(
    409,
    '已有名为 {object} 的对象，请换一个名称。',
    'There already is an object named {object}. Choose another name.',
  ),
  'field-exists': meaning(
    409,
    '{object} 已有名为 {field} 的字段，请换一个名称。',
    'Object {object} already has a field named {field}. Choose another name.',
  ),
  'name-reserved': meaning(
    422,
    '名称 {name} 由系统保留，请换一个名称。',
    'The name {name} is reserved by the system. Choose another.',
  ),
  'type-fixed': meaning(
    422,
    '字段 {field} 已是 {from} 类型，不能改为 {to}；请新建一个字段。',
    'Field {field} is of type {from} and cannot become {to}. Add a new field instead.',
  ),
  'title-field-needed': meaning(
    422,
    '对象 {object} 的标题字段 {field} 不存在或不能停用。',
    'The title field {field} of object {object} does not exist or cannot be retired.',
  ),
  'unique-has-duplicates': meaning(
    409,
    '字段 {field} 现有 {count} 组重复值，不能设为唯一。请先合并或更正重复的记录。',
    'Field {field} holds {count} groups of equal values, so it cannot be made unique. Merge or correct them first.',
  ),
  'change-set-unknown': meaning(404, '没有找到这次操作的记录。', 'This change set was not found.'),
  'mass-not-ready': meaning(
    409,
    '该批量操作现在不能这样做：它正在统计、正在执行或已经结束。请刷新后再看。',
    'This mass operation is not at that point: it is still counting, under way, or has ended. Reload to see.',
  ),
  'change-set-not-undoable': meaning(
    409,
    '这次操作的状态是 {status}，不能撤销。',
    'This change set is {status} and cannot be undone.',
  ),
  'write-contended': meaning(
    503,
    '同一批记录正被大量同时修改，请稍后再试。',
    'These records are being changed by too many writers at once. Try again shortly.',
  ),
  'idempotency-reused': meaning(
    422,
    '同一个 Idempotency-Key 用于了不同的请求，请换一个新的。',
    'This Idempotency-Key was used for a different request. Use a new one.',
  ),
  'idempotency-in-progress': meaning(
    409,
    '同一个请求正在处理中，请稍后再试。',
    'The same request is still being worked on. Try again shortly.',
  ),
  // ── asking the customer, proposals, channels ────────────────────────────────────────────────────────────────
  'nothing-to-ask': meaning(
    422,
    '没有可以请 {name} 确认的字段：请至少选择一个有值、且您可以修改的字段。',
    'There is nothing to ask {name}: choose at least one field that has a value and that you may edit.',
  ),
  'ask-needs-email': meaning(
    422,
    '{name} 没有可用的邮箱，请改用链接或二维码，或先补充邮箱。',
    '{name} has no e-mail address. Use the link or QR code, or add an address first.',
  ),
  'consent-withdrawn': meaning(
    409,
    '{name} 已表示不愿收到这类信件，因此不能发送。如他重新同意，请先在“个人信息”里登记。',
    '{name} does not want such letters, so none is sent. If that has changed, note the new consent first.',
  ),
  'mail-not-set-up': meaning(
    409,
    '还没有设置发信邮箱。请管理员在“设置 → 通知”里填写，或改用链接、二维码。',
    'Mail is not set up. An administrator can do it under Settings → Notifications; or use the link or QR code.',
  ),
  'ask-closed': meaning(
    409,
    '{name} 已经回复或链接已撤销，请重新发起确认。',
    '{name} has answered, or the link was revoked. Start a new request.',
  ),
  'proposal-decided': meaning(409, '这条建议已由他人处理。', 'Someone has already decided on this proposal.'),
  'proposal-outdated': meaning(
    409,
    '{fields} 在此期间被修改过。请核对后选择覆盖或驳回。',
    '{fields} changed meanwhile. Compare, then overwrite or reject.',
  ),
  'proposal-forbidden': meaning(
    403,
    '您不能修改 {fields}，因此不能审核。请交给有权限的同事。',
    'You may not change {fields}, so you cannot decide on it. Leave it to someone who may.',
  ),
  'proposal-own': meaning(
    403,
    '{fields} 按规则须由他人审核，不能自己通过；可以驳回，或请同事处理。',
    'A rule wants someone else to look at {fields}. Reject your own change, or ask a colleague.',
  ),
  'review-rule-condition': meaning(
    422,
    '规则“{name}”的条件无法使用：{detail}',
    'The condition of rule “{name}” cannot be used: {detail}',
  ),
  'review-rule-field': meaning(
    422,
    '规则“{name}”提到的对象或字段不存在：{detail}',
    'Rule “{name}” names an object or field that does not exist: {detail}',
  ),
  'automation-rules-changed': meaning(
    409,
    '自动规则刚被别人改过，请刷新后重新修改。',
    'Somebody else changed the automatic rules meanwhile. Reload and change them again.',
  ),
  'automation-rule-wrong': meaning(
    422,
    '规则“{name}”不能使用：{detail}。',
    'The rule “{name}” can’t be used: {detail}.',
  ),
  'delivery-gone': meaning(
    409,
    '这次推送的内容已不再保存，不能重发。',
    'What was delivered is not kept any more and can’t be sent again.',
  ),
  'review-rules-changed': meaning(
    409,
    '规则刚被他人修改过。请重新打开，再做修改。',
    'Someone changed the rules meanwhile. Open them again and repeat your change.',
  ),
  'proposal-refused': meaning(422, '无法写入：{detail}', 'It cannot be written: {detail}'),
  'channel-failed': meaning(
    502,
    '没有送达：{detail}。请检查地址、密钥和网络。',
    'It was not delivered: {detail}. Check address, secret and network.',
  ),

  // ── duplicates ────────────────────────────────────────────────────────────────────────────────────────────────
  'undo-is-unmerge': meaning(
    409,
    '合并请用“取消合并”来撤回：它会先列出需要您确认的改动。',
    'Take a merge back with “Un-merge”: it asks first about edits that could belong to either record.',
  ),
  'retention-no-contact': meaning(
    422,
    '这个对象没有往来记录，不能按“最后往来”计算期限。请改用最后确认、修改或建立的时间。',
    'Contacts with this object are not recorded, so its term cannot be counted from the last one. Use the last confirmation, change or creation.',
  ),
  'request-closed': meaning(
    409,
    '这项请求已经办结。如对方再次提出，请登记一项新的。',
    'This request is closed. If the person asks again, note a new one.',
  ),
  'request-extended': meaning(409, '期限只能延长一次。', 'The term can be extended once only.'),
  'undo-erased': meaning(
    409,
    '抹除和匿名化无法撤销：原来的值已不在任何地方。',
    'An erasure cannot be undone: the values are nowhere any more.',
  ),
  'nothing-to-compare': meaning(
    422,
    '这两个对象没有同类的字段可以比较。请在“字段”里为名称、手机等字段选择查重方式。',
    'These two objects have no fields of one kind to compare. In “Fields”, choose how names, phones and others are compared.',
  ),
  'merge-refused': meaning(422, '不能合并：{detail}', 'These records cannot be merged: {detail}'),
  'merge-members': meaning(
    422,
    '请选择同一对象的 2 至 {max} 条记录，且主记录在其中。',
    'Choose 2 to {max} different records of one object, the surviving one among them.',
  ),
  'merge-undone': meaning(409, '这次合并已经取消。', 'This merge has been taken back already.'),
  'merge-order': meaning(
    409,
    '主记录后来又并入了其他记录，请先取消那一次合并。',
    'The surviving record was itself merged into another later. Take that merge back first.',
  ),
  'merge-questions': meaning(
    422,
    '有 {count} 处后来的改动不能确定属于哪一条，请先回答。',
    '{count} later edit(s) could belong to either record. Answer them first.',
  ),

  // ── leavers and ownership ─────────────────────────────────────────────────────────────────────────────────────
  'leaver-self': meaning(
    422,
    '不能给自己办离职交接，请由另一位管理员办理。',
    'Nobody hands himself over: another administrator has to do it.',
  ),
  'leaver-heir': meaning(422, '接手人不能是离职的人自己。', 'The records cannot go to the person who leaves.'),
  'check-limit': meaning(
    429,
    '今天的查询次数已用完（每天 {limit} 次）。如确有需要，请联系管理员。',
    'You have used up today’s checks ({limit} a day). Ask an administrator if you need more.',
  ),
  'check-vague': meaning(
    422,
    '请填写完整的名称、手机号、邮箱或统一社会信用代码，不支持按片段查询。',
    'Give a full name, phone, mail address or registration number; pieces are not looked up.',
  ),
  'claim-own': meaning(409, '这已经是您负责的客户。', 'You own this one already.'),
  'claim-limit': meaning(
    409,
    '您已认领 {limit} 个客户，达到上限。请先跟进或放弃一些。',
    'You hold {limit} claims, the most that one may. Work on some or give them up first.',
  ),

  // ── exports ───────────────────────────────────────────────────────────────────────────────────────────────────
  'export-expired': meaning(
    410,
    '文件已过期并删除，请重新申请导出。',
    'The file has expired and was deleted. Ask for the export again.',
  ),
  'export-taken': meaning(
    410,
    '您已经领取过这个文件，每人只能领取一次。需要时请重新导出。',
    'You have fetched this file; it can be fetched once per person. Export again if you need to.',
  ),
  'export-guest': meaning(
    422,
    '只能转给自己就有权导出这些全部记录和字段的同事。',
    'It can only be passed to colleagues who may export all of these records and fields themselves.',
  ),
  'export-grew': meaning(
    409,
    '批准的是约 {asked} 行，现在符合条件的有 {now} 行，没有导出。请重新申请。',
    'About {asked} rows were approved and {now} match by now, so nothing was exported. Ask again.',
  ),

  // ── approvals ─────────────────────────────────────────────────────────────────────────────────────────────────
  'approval-decided': meaning(
    409,
    '这份申请已经处理过或已撤回，请刷新查看结果。',
    'This request was decided on or withdrawn meanwhile. Reload to see the result.',
  ),
  'approval-word': meaning(422, '拒绝时请写明原因。', 'Say why when you refuse.'),
  'approval-rules-changed': meaning(
    409,
    '审批规则刚被别人改过，请刷新后重新修改。',
    'Somebody else changed the approval rules meanwhile. Reload and change them again.',
  ),
  'approval-tampered': meaning(
    409,
    '申请内容与批准时的指纹不一致，没有执行。请重新申请，并通知管理员查看审计日志。',
    'What was asked for differs from what was approved, so nothing was done. Ask again, and have an administrator look at the audit log.',
  ),
  'approval-overtaken': meaning(
    409,
    '批准之后内容已被他人改动，没有执行。请在最新内容上重新申请。',
    'What it is about was changed by somebody else since, so nothing was done. Ask again on what is there now.',
  ),
  'approval-refused': meaning(409, '已批准，但没能执行：{detail}', 'Approved, but it could not be done: {detail}'),
  'approval-asker-gone': meaning(
    409,
    '申请人的账号已停用，没有执行。',
    'The account of who asked has been disabled; nothing was done.',
  ),
} as const satisfies Record<string, ErrorMeaning>;

export type ErrorCode = keyof typeof errors;

/** The sentence of an error in one language. */
export function errorMessage(code: ErrorCode, lang: Lang, params: Record<string, string | number> = {}): string {
  return fill(errors[code].message[lang], params);
}

/** An issue as it leaves the server: with its sentence in the reader's language. */
export interface WireIssue extends Issue {
  message?: string;
}

/** What a client gets: RFC 9457 problem details, `application/problem+json`. */
export interface Problem {
  /** `urn:xianke:error:CODE`. */
  type: string;
  status: number;
  code: ErrorCode;
  /** Sentence in the reader's language; `title` of RFC 9457 is the same. */
  title: string;
  message: string;
  params?: Record<string, string | number>;
  /** What is wrong where, for invalid-input. */
  issues?: WireIssue[];
  requestId?: string;
}

/** The one error class. `message` is the English sentence, for logs; the reader's sentence is made where it leaves the server. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly params: Record<string, string | number>;
  readonly issues: WireIssue[] | undefined;

  constructor(
    code: ErrorCode,
    params: Record<string, string | number> = {},
    options: { issues?: WireIssue[]; cause?: unknown } = {},
  ) {
    super(errorMessage(code, 'en', params), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.params = params;
    this.issues = options.issues;
  }

  get status(): number {
    return errors[this.code].status;
  }

  toProblem(lang: Lang, requestId?: string): Problem {
    const message = errorMessage(this.code, lang, this.params);
    return {
      type: `urn:xianke:error:${this.code}`,
      status: this.status,
      code: this.code,
      title: message,
      message,
      ...(Object.keys(this.params).length > 0 && { params: this.params }),
      ...(this.issues && { issues: this.issues }),
      ...(requestId !== undefined && { requestId }),
    };
  }
}
