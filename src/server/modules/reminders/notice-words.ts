import { fill, type Lang, type Sentences } from '../../../domain/issue.ts';

/** What the page, mail and robots say, per kind of notice. */
const WORDS = {
  'ask-answered': {
    zh: '{name} 已确认资料：{right} 项正确，{changed} 项更正，{gone} 项不再使用',
    en: '{name} has confirmed: {right} right, {changed} corrected, {gone} no longer used',
  },
  'ask-held': {
    zh: '{name} 已回复资料确认，其中 {held} 项等待审核',
    en: '{name} has answered; {held} correction(s) wait for review',
  },
  'ask-wants-link': {
    zh: '{name} 的确认链接已过期，希望收到新链接',
    en: "{name}'s confirmation link has expired and a new one is wanted",
  },
  'form-created': { zh: '“{form}”收到一份填写，已建档', en: '“{form}”: a new record came in' },
  'form-known': { zh: '“{form}”收到已有客户的填写', en: '“{form}”: somebody on record has filled it in' },
  'form-held': { zh: '“{form}”收到一份填写，等你看一看', en: '“{form}”: something came in that has to be looked at' },
  'approval-export': {
    zh: '{name} 申请导出 {count} 行，等你审批',
    en: '{name} asks to export {count} row(s); waits for your decision',
  },
  'approval-merge': {
    zh: '{name} 申请合并 {count} 条记录，等你审批',
    en: '{name} asks to merge {count} records; waits for your decision',
  },
  'approval-mass': {
    zh: '{name} 申请批量改动 {count} 条记录，等你审批',
    en: '{name} asks to change {count} record(s) in bulk; waits for your decision',
  },
  'approval-protected': {
    zh: '{name} 申请修改 {count} 条记录的受保护字段，等你审批',
    en: '{name} asks to change protected fields of {count} record(s); waits for your decision',
  },
  'approval-claim': {
    zh: '{name} 申请认领客户，等你审批',
    en: '{name} claims a customer; waits for your decision',
  },
  'approval-campaign': {
    zh: '{name} 申请向 {count} 人发送营销活动，等你审批',
    en: '{name} asks to send a campaign to {count} people; waits for your decision',
  },
  'approval-overdue': {
    zh: '{name} 的审批申请已超过期限，请代为处理',
    en: "{name}'s request for approval is overdue; please decide on it",
  },
  'approval-done': {
    zh: '你的申请已获批准并执行完毕',
    en: 'Your request was approved and carried out',
  },
  'approval-failed': {
    zh: '你的申请已获批准，但没能执行，请查看原因',
    en: 'Your request was approved but could not be carried out; see why',
  },
  'approval-refused': {
    zh: '你的申请被拒绝：{word}',
    en: 'Your request was refused: {word}',
  },
  'approval-lapsed': {
    zh: '你的申请逾期无人处理，已失效',
    en: 'Nobody decided on your request in time; it has lapsed',
  },
  'pool-soon': {
    zh: '“{title}”将在 {day} 回到公海，请尽快跟进',
    en: '“{title}” goes back to the pool on {day}; get in touch soon',
  },
  'pool-soon-many': {
    zh: '有 {count} 条归你负责的记录将在 {day} 前后回到公海，请尽快跟进',
    en: '{count} records of yours go back to the pool about {day}; get in touch soon',
  },
  'pool-gone': {
    zh: '“{title}”已回到公海（{rule}）',
    en: '“{title}” went back to the pool ({rule})',
  },
  'pool-gone-many': {
    zh: '有 {count} 条归你负责的记录已回到公海（{rule}）',
    en: '{count} records of yours went back to the pool ({rule})',
  },
  'customer-asked': {
    zh: '{name} 想了解你的客户“{title}”：{message}',
    en: '{name} asks about your customer “{title}”: {message}',
  },
  'backup-failed': {
    zh: '昨夜没有备份成功（{reason}），请检查备份目录',
    en: 'Last night’s backup failed ({reason}); look after the backup directory',
  },
  'check-mine': {
    zh: '{name}：有 {count} 条记录等你核实',
    en: '{name}: {count} record(s) wait for you to verify',
  },
  'retention-warned': {
    zh: '按规则“{name}”，您名下有 {count} 条记录将在 {days} 天后匿名化；仍有往来的，请联系一次或申请保留',
    en: 'By the rule “{name}”, {count} record(s) of yours will be made anonymous in {days} days; get in touch with those still active, or have them kept',
  },
  greetings: {
    zh: '明天有 {count} 位客户适合问候：{names}',
    en: '{count} customer(s) to greet tomorrow: {names}',
  },
  digest: {
    zh: '今天有 {due} 位客户的信息待核实，其中 {overdue} 位已超过一周',
    en: '{due} customers have data due for a check, {overdue} of them for over a week',
  },
  'digest-week': {
    zh: '本周有 {due} 位客户的信息待核实，其中 {overdue} 位已超过一周',
    en: 'This week {due} customers have data due for a check, {overdue} of them for over a week',
  },
  quiet: {
    zh: '{count} 位客户已 {days} 天没有跟进：{titles}',
    en: '{count} customer(s) without follow-up for {days} days: {titles}',
  },
  'quiet-team': {
    zh: '{owner} 有 {count} 位客户已 {days} 天没有跟进：{titles}',
    en: '{owner} has {count} customer(s) without follow-up for {days} days: {titles}',
  },
  rule: {
    zh: '{text}（自动规则“{rule}”）',
    en: '{text} (automatic rule “{rule}”)',
  },
  unverified: {
    zh: '{count} 位客户超过 {days} 天没有往来，已标为“待验证”',
    en: '{count} customer(s) without contact for over {days} days are marked “to be verified”',
  },
} as const satisfies Sentences;

export type NoticeKind = keyof typeof WORDS;

export function noticeWords(kind: NoticeKind, params: Record<string, string | number>, lang: Lang): string {
  return fill(WORDS[kind]?.[lang] ?? kind, params);
}
