import type { Sentences } from '../issue.ts';

/** What can be wrong with a change beyond its single values. Sentences of values are in ../fields/issues.ts. */
export const CHANGE_ISSUES = {
  required: { zh: '{label}为必填项，请填写。', en: '{label} is required. Fill it in.' },
  'not-unique': {
    zh: '{label}“{value}”已被其他记录使用，请核对是否重复。',
    en: '{label} “{value}” is already used by another record. Check whether this is a duplicate.',
  },
  'rule-empty': {
    zh: '规则“{rule}”还没有条件，请至少添加一个。',
    en: 'The rule “{rule}” has no condition yet. Add at least one.',
  },
  'rule-field': {
    zh: '规则“{rule}”用到的字段或对象不存在或已停用，请改选。',
    en: 'The rule “{rule}” uses a field or object that is not there any more. Choose another.',
  },
  'rule-kinds': {
    zh: '规则“{rule}”比较的两个字段内容不同类，无法比较，请改选同类字段。',
    en: 'The rule “{rule}” compares two fields of different kinds. Choose fields of one kind.',
  },
  'rule-like': {
    zh: '规则“{rule}”设为“不允许保存”时，条件只能用“相同”。',
    en: 'The rule “{rule}” forbids saving, so its conditions can only be “same”.',
  },
  'duplicate-refused': {
    zh: '按查重规则“{rule}”，已有相同的记录，不能重复保存。请先搜索已有的记录；看不到时请联系管理员。',
    en: 'By the duplicate rule “{rule}” there is such a record already, so this one can’t be saved. Search for it first; if you can’t see it, ask your administrator.',
  },
  'field-unknown': { zh: '没有名为 {name} 的字段。', en: 'There is no field named {name}.' },
  'field-readonly': { zh: '{label}由系统维护，不能修改。', en: '{label} is kept by the system and cannot be changed.' },
  'field-locked': {
    zh: '{label}已加密，而打开它的密钥不在这台服务器上，暂时不能修改。请联系管理员恢复主密钥。',
    en: '{label} is encrypted, and the key that opens it is not on this server, so it can’t be changed for now. Ask an administrator to bring the master key back.',
  },
  'was-erased': {
    zh: '用此{label}的人已于 {date} 应要求抹除，不能直接再录入。确有理由或法律依据的，请写明后再保存（导入不行，请单独新建）。',
    en: 'The person with this {label} was erased on {date} and can’t simply be entered again. With a reason or a legal basis, state it and save (one by one, not by an import).',
  },
  'was-erased-noted': {
    zh: '用此{label}的人曾于 {date} 被抹除；您写的理由已随这次操作记录。',
    en: 'The person with this {label} was erased on {date}; your reason is kept with this change.',
  },
  'mass-encrypted': {
    zh: '{label}是加密字段，不能批量修改，请逐条修改或导入。',
    en: '{label} is encrypted and can’t be changed in bulk. Change records one by one, or import them.',
  },
  'field-forbidden': { zh: '您没有修改{label}的权限。', en: 'You are not allowed to change {label}.' },
  'action-forbidden': {
    zh: '您没有对{object}执行此操作的权限。',
    en: 'You are not allowed to do this with {object}.',
  },
  'record-unknown': {
    zh: '记录不存在、已删除，或您无权查看。',
    en: 'The record does not exist, is deleted, or is not yours to see.',
  },
  'merge-needs-sight': {
    zh: '合并需要能看到{object}的全部字段，您看不到{label}。请由有权限的人合并。',
    en: 'Merging needs sight of every field of {object}; you do not see {label}. Ask someone who does.',
  },
  'merge-beyond': {
    zh: '合并只能移动指向被合并记录的关联。',
    en: 'A merge may only move relations that point to the merged records.',
  },
  'record-exists': { zh: '该编号的记录已存在。', en: 'A record with this id already exists.' },
  'append-only': {
    zh: '{object}只能新增，不能修改或删除；如有误，请新增一条说明。',
    en: '{object} can only be added to, not edited or deleted. Add a correcting entry instead.',
  },
  'reason-needed': {
    zh: '{label}受保护，修改时请填写原因。',
    en: '{label} is protected. Give a reason to change it.',
  },
  'held-unit': {
    zh: '{label} {value} 与以往（约 {usual}）相差 {times} 倍，可能弄错了单位，应为 {meant}；已送审，通过后生效。',
    en: '{label} {value} is {times} times off what it usually is (about {usual}); the unit may be wrong and {meant} meant. Sent for review; it takes effect once approved.',
  },
  'held-digit': {
    zh: '{label} {value} 与以往（约 {usual}）相差 {times} 倍，可能多写或少写了一位，应为 {meant}；已送审，通过后生效。',
    en: '{label} {value} is {times} times off what it usually is (about {usual}); a digit may be too many or missing and {meant} meant. Sent for review; it takes effect once approved.',
  },
  'held-far': {
    zh: '{label} {value} 与以往（约 {usual}）相差 {times} 倍；已送审，通过后生效。',
    en: '{label} {value} is {times} times off what it usually is (about {usual}). Sent for review; it takes effect once approved.',
  },
  'record-protected': {
    zh: '已被同事认领，保护期内不能改{label}。可以申请认领，由负责人的上级决定。',
    en: 'A colleague has claimed it: {label} stays while that is protected. Claim it yourself, and a manager decides.',
  },
  'held-approval': {
    zh: '“{label}”受保护，已提交审批，同意后生效。',
    en: '“{label}” is protected: sent for approval, takes effect once it is given.',
  },
  'held-rule': {
    zh: '{label} 的修改按规则“{rule}”须审核；已送审，通过后生效。',
    en: 'Rule “{rule}” wants changes of {label} looked at. Sent for review; it takes effect once approved.',
  },
  'relation-unknown': {
    zh: '{label}指向的记录不存在或已删除。',
    en: 'The record that {label} points to does not exist or is deleted.',
  },
  'relation-ambiguous': {
    zh: '有多条名为“{value}”的记录，无法确定{label}指哪一条；请改用编号。',
    en: 'Several records are named “{value}”, so it is not clear which one {label} means. Use its number instead.',
  },
  'evidence-unknown': {
    zh: '没有“{kind}”这种证据。请使用证据种类表中的代码，核实请用 verify。',
    en: 'There is no kind of evidence “{kind}”. Use a code of the table of evidence kinds; for verifications use verify.',
  },
  'evidence-of-nothing': {
    zh: '“{kind}”不说明{object}的任何字段。请在 fields 中写明字段。',
    en: '“{kind}” says nothing about any field of {object}. Name the fields.',
  },
  'verify-empty': {
    zh: '{label}为空，无法确认；请先填写。',
    en: '{label} is empty and cannot be confirmed. Fill it in first.',
  },
  conflict: {
    zh: '预览之后被他人改过，保持不动。',
    en: 'Changed by someone else since it was looked at; left as it is.',
  },
  'mass-held': { zh: '按审核规则送审，通过后生效。', en: 'Held for review by a rule; takes effect once approved.' },
  'mass-touched': { zh: '之后又被他人改过，保持不动。', en: 'Changed by others since; left as it is.' },
  'mass-invalid': {
    zh: '改后的{label}不符合该字段的规则，保持不动。',
    en: 'What {label} would become breaks its rules; left as it is.',
  },
  'mass-unique': {
    zh: '{label}的值不能重复，无法给多条记录填同一个值。',
    en: '{label} must be unique, so it cannot get one value in many records.',
  },
  'mass-not-text': { zh: '{label}不是文本，无法替换其中的文字。', en: '{label} holds no text to replace.' },
  'mass-not-list': {
    zh: '{label}不是多选或标签，无法追加或去掉选项。',
    en: '{label} is no list of choices or tags to add to or take from.',
  },
  'mass-no-fields': { zh: '没有可以统一格式的字段。', en: 'There is no field to bring to one form.' },
  'not-deleted': { zh: '记录未被删除，无需恢复。', en: 'The record is not deleted.' },
  'account-unknown': {
    zh: '没有名为“{value}”的账号，{label}无法填写；请先添加该人员，或改写为已有人员的姓名。',
    en: 'There is no account named “{value}” for {label}. Add the person first, or use the name of an existing one.',
  },
} as const satisfies Sentences;
