import type { Label } from '../issue.ts';
import type { FieldDef, ObjectDef } from '../schema/types.ts';
import { isPlain } from './reach.ts';
import { modeIn, type Role, type RowRule, roleObject } from './role.ts';
import { type Act, type Action, type FieldMode, MODES } from './types.ts';

export interface Question {
  object: ObjectDef;
  field?: FieldDef;
  action: Action;
  /** Roles (by id) whose rows hold the record in question, with the rule that does; absent: no record is meant. */
  reaching?: ReadonlyMap<string, RowRule['rule']>;
  /** A share or a granted request gives the field in this record. */
  given?: { by: 'share' | 'asked'; mode: FieldMode } | null;
}

export interface Reason {
  role: string | null;
  code: string;
  sentence: Label;
}

export interface Explanation {
  can: boolean;
  /** How the field is seen; null where none was asked about. */
  mode: FieldMode | null;
  reasons: Reason[];
}

const RULES: Record<RowRule['rule'], Label> = {
  all: { zh: '全部记录', en: 'all records' },
  own: { zh: '本人负责', en: 'records he owns' },
  team: { zh: '本小组负责', en: 'records of his team' },
  department: { zh: '本部门及下级', en: 'his department and below' },
  territory: { zh: '负责的区域', en: 'his territory' },
  parent: { zh: '可见上级记录的下属', en: 'what belongs to records he reaches' },
  filter: { zh: '符合条件的记录', en: 'records that match a condition' },
  shared: { zh: '共享给他的', en: 'records shared with him' },
};
export const ruleName = (rule: RowRule['rule']): Label => RULES[rule];

const MODE_WORDS: Record<FieldMode, Label> = {
  hidden: { zh: '隐藏', en: 'hidden' },
  masked: { zh: '脱敏', en: 'masked' },
  ranged: { zh: '区间', en: 'shown as a band' },
  read: { zh: '可见', en: 'readable' },
  edit: { zh: '可编辑', en: 'editable' },
};
export const modeName = (mode: FieldMode): Label => MODE_WORDS[mode];

/** Why a person can or can't: one reason per role that he has, those that give most first. Pure; the same rules as `compose`. */
export function explain(roles: readonly Role[], question: Question): Explanation {
  const { field, action } = question;
  if (roles.length === 0)
    return {
      can: false,
      mode: field ? 'hidden' : null,
      reasons: [reason(null, 'no-role', '没有任何角色，因此什么都看不到。', 'Has no role, so sees nothing.')],
    };
  const judged = roles.map((role) => judge(role, question));
  if (question.given && field)
    judged.push({ mode: question.given.mode, can: action === 'read', reason: givenReason(question.given.by) });
  const rank = (mode: FieldMode | null): number => (mode === null ? -1 : MODES.indexOf(mode));
  judged.sort((a, b) => Number(b.can) - Number(a.can) || rank(b.mode) - rank(a.mode));
  const mode = field ? (MODES[Math.max(0, ...judged.map((one) => rank(one.mode)))] ?? 'hidden') : null;
  const allowed = judged.some((one) => one.can);
  const can =
    allowed && (mode === null || (action === 'read' ? isPlain(mode) : action !== 'update' || mode === 'edit'));
  const reasons = judged.map((one) => one.reason);
  return { can, mode, reasons };
}

interface Judged {
  can: boolean;
  mode: FieldMode | null;
  reason: Reason;
}

function judge(role: Role, { object, field, action, reaching }: Question): Judged {
  const { zh, en } = role.label;
  const none = (code: string, inZh: string, inEn: string): Judged => ({
    can: false,
    mode: field ? 'hidden' : null,
    reason: reason(role.id, code, inZh, inEn),
  });
  if (role.admin)
    return {
      can: true,
      mode: field ? 'edit' : null,
      reason: reason(role.id, 'admin', `角色“${zh}”拥有全部权限。`, `The role “${en}” has all rights.`),
    };
  const said = roleObject(role, object.name);
  if (!said?.actions.includes('read'))
    return none(
      'object',
      `角色“${zh}”没有给出“${object.label.zh}”的权限。`,
      `The role “${en}” gives nothing of ${object.label.en}.`,
    );
  const rule = reaching?.get(role.id);
  if (reaching && rule === undefined) {
    const rules = said.rows.map((one) => ruleName(one.rule));
    const listZh = rules.map((one) => one.zh).join('、') || '无';
    const listEn = rules.map((one) => one.en).join(', ') || 'none';
    return none(
      'row',
      `角色“${zh}”只涉及：${listZh}；这条记录不在其中。`,
      `The role “${en}” reaches: ${listEn}. This record is not among them.`,
    );
  }
  const whereZh = rule ? `（${ruleName(rule).zh}）` : '';
  const whereEn = rule ? ` (${ruleName(rule).en})` : '';
  const can = said.actions.includes(action);
  if (!field)
    return {
      can,
      mode: null,
      reason: can
        ? reason(role.id, 'action', `角色“${zh}”${whereZh}允许此操作。`, `The role “${en}”${whereEn} allows this.`)
        : reason(
            role.id,
            'action',
            `角色“${zh}”${whereZh}不允许此操作。`,
            `The role “${en}”${whereEn} does not allow this.`,
          ),
    };
  const { mode, key } = modeIn(said.fields, field);
  const writes = said.actions.includes('create') || said.actions.includes('update');
  const effective: FieldMode = mode === 'edit' && !writes ? 'read' : mode;
  const says = keyWords(key, field);
  return {
    can,
    mode: effective,
    reason: reason(
      role.id,
      'field',
      `角色“${zh}”${whereZh}对${says.zh}：${modeName(effective).zh}。`,
      `The role “${en}”${whereEn} has ${says.en} ${modeName(effective).en}.`,
    ),
  };
}

function keyWords(key: string | null, field: FieldDef): Label {
  if (key === null) return { zh: '该字段没有任何规定', en: 'no word on this field, so it is' };
  if (key === '*') return { zh: '其他字段', en: 'all other fields' };
  if (key === '@personal') return { zh: '个人信息字段', en: 'fields with personal data' };
  if (key === '@sensitive') return { zh: '敏感字段', en: 'sensitive fields' };
  return key.startsWith('@')
    ? { zh: '这一类字段', en: 'fields of this class' }
    : { zh: `“${field.label.zh}”`, en: `“${field.label.en}”` };
}

function givenReason(by: 'share' | 'asked'): Reason {
  return by === 'share'
    ? reason(null, 'share', '这条记录被共享给他。', 'This record is shared with him.')
    : reason(null, 'asked', '他申请查看这个值并获批准。', 'He asked to see this value and it was granted.');
}

const reason = (role: string | null, code: string, zh: string, en: string): Reason => ({
  role,
  code,
  sentence: { zh, en },
});

/** What each act is, for the matrix. */
export const ACT_NAMES: Record<Act, Label> = {
  audit: { zh: '审计日志', en: 'The audit log' },
  campaigns: { zh: '营销活动', en: 'Campaigns' },
  fields: { zh: '对象与字段', en: 'Objects and fields' },
  policies: { zh: '保鲜策略', en: 'Freshness policies' },
  privacy: { zh: '个人信息保护', en: 'Protecting personal data' },
  quality: { zh: '核查、评估与查重', en: 'Checks, evaluation, duplicates' },
  settings: { zh: '提醒、通道与客户确认的设置', en: 'Settings of reminders, channels and asking' },
  team: { zh: '团队安排', en: 'Arranging the team' },
};

export const ACTION_NAMES: Record<Action, Label> = {
  read: { zh: '查看', en: 'See' },
  create: { zh: '新建', en: 'Create' },
  update: { zh: '编辑', en: 'Edit' },
  verify: { zh: '核实', en: 'Verify' },
  delete: { zh: '删除', en: 'Delete' },
  restore: { zh: '恢复', en: 'Restore' },
  merge: { zh: '合并', en: 'Merge' },
  export: { zh: '导出', en: 'Export' },
  import: { zh: '导入', en: 'Import' },
  undo: { zh: '撤销', en: 'Undo' },
  share: { zh: '共享', en: 'Share' },
  approve: { zh: '审批', en: 'Approve' },
};
