/** Something one can go to or do from ⌘K. */
export interface Command {
  id: string;
  kind: 'page' | 'action';
  title: string;
  /** Other words for it: the other language, pinyin, initials. */
  words: string[];
}

export interface Hit {
  object: string;
  id: string;
  title: string;
  detail?: string | undefined;
}

export type Entry = { key: string } & ({ kind: 'command'; command: Command } | { kind: 'record'; hit: Hit });

const plain = (text: string): string => text.toLowerCase().replace(/\s+/g, '');

/** How well a command answers what is typed: 3 its title begins so, 2 a word begins so, 1 contains it, 0 not at all. */
export function commandScore(command: Command, typed: string): number {
  const wanted = plain(typed);
  if (wanted === '') return 1;
  if (plain(command.title).startsWith(wanted)) return 3;
  if (command.words.some((word) => plain(word).startsWith(wanted))) return 2;
  return [command.title, ...command.words].some((word) => plain(word).includes(wanted)) ? 1 : 0;
}

/**
 * What is offered: with nothing typed the pages and actions; else what is clearly a command first, then records, then
 * commands that only contain the words. A digit or two are somebody's phone, never a command.
 */
export function entriesOf(commands: Command[], hits: Hit[], typed: string): Entry[] {
  const entry = (command: Command): Entry => ({ key: `c:${command.id}`, kind: 'command', command });
  if (typed.trim() === '') return commands.map(entry);
  const scored = commands.map((command) => ({ command, score: commandScore(command, typed) }));
  const by = (score: number) => scored.filter((one) => one.score === score).map((one) => entry(one.command));
  const records = hits.map((hit): Entry => ({ key: `r:${hit.object}/${hit.id}`, kind: 'record', hit }));
  return [...by(3), ...by(2), ...records, ...by(1)];
}

/** Moves the choice, round at the ends. */
export function stepChoice(at: number, by: number, length: number): number {
  return length === 0 ? 0 : (at + by + length) % length;
}

/** Cuts a text into pieces that match what was typed and pieces that don't, for highlighting. */
export function highlighted(text: string, typed: string): { text: string; hit: boolean }[] {
  const wanted = typed.trim();
  if (wanted === '') return [{ text, hit: false }];
  const at = text.toLowerCase().indexOf(wanted.toLowerCase());
  if (at < 0) return [{ text, hit: false }];
  return [
    { text: text.slice(0, at), hit: false },
    { text: text.slice(at, at + wanted.length), hit: true },
    { text: text.slice(at + wanted.length), hit: false },
  ].filter((piece) => piece.text !== '');
}

/** Pinyin and initials of the places and actions, so that they are found without switching the input method. */
export const spellings: Record<string, string[]> = {
  today: ['今日', 'today', 'jinri', 'jr'],
  customers: ['客户', 'customers', 'kehu', 'kh'],
  health: ['健康', 'health report', 'jiankang', 'jk'],
  sales: ['销售', '漏斗', '预测', '商机', 'sales funnel forecast pipeline', 'xiaoshou', 'xs', 'loudou', 'yuce'],
  campaigns: ['群发', '邮件', '短信', '分群', 'mail campaign segment newsletter', 'yingxiao', 'yx', 'qunfa', 'fenqun'],
  insight: [
    '分析',
    '报表',
    '看板',
    '图表',
    'insight reports dashboard charts',
    'fenxi',
    'fx',
    'baobiao',
    'bb',
    'kanban',
  ],
  review: ['待审', '审核', 'review inbox proposals', 'daishen', 'ds', 'shenhe'],
  asks: ['客户确认', 'customer confirmation asks', 'kehuqueren', 'khqr'],
  forms: ['表单', '登记', 'forms census qr', 'biaodan', 'bd', 'dengji'],
  evidence: ['旁证', '来源', 'evidence sources', 'pangzheng', 'pz', 'laiyuan'],
  notify: ['通知', '提醒', 'notifications reminders webhooks', 'tongzhi', 'tz', 'tixing'],
  'my-account': [
    '我的账号',
    '密码',
    '两步验证',
    '通行密钥',
    'account security password passkey',
    'wodezhanghao',
    'wdzh',
    'mima',
  ],
  access: ['角色', '权限', 'roles access permissions', 'juese', 'quanxian', 'qx'],
  departments: ['部门', '小组', '区域', 'departments teams territories', 'bumen', 'bm', 'xiaozu'],
  apps: ['应用', '密钥', 'apps oauth api keys', 'yingyong', 'yy', 'miyao'],
  privacy: ['个人信息', '隐私', '删除', 'privacy erasure consent', 'gerenxinxi', 'grxx', 'yinsi'],
  encryption: ['加密', '主密钥', 'encryption master key', 'jiami', 'jm', 'zhumiyao'],
  audit: ['审计', '日志', 'audit log', 'shenji', 'sj', 'rizhi'],
  approvals: ['审批', '批准', 'approvals', 'shenpi', 'sp'],
  exports: ['导出', '追踪', '水印', 'exports', 'trace leak', 'daochu', 'dc'],
  rules: ['自动化', '规则', '自动', '触发', 'workflow', 'automation rules', 'zidong', 'zdgz'],
  value: ['客户价值', '八类', '钻石', 'customer value rfm octants', 'kehujiazhi', 'khjz'],
  tags: ['自动标签', '标签', '词典', 'automatic tags dictionary', 'zidongbiaoqian', 'zdbq', 'biaoqian'],
  trades: ['行业模板', '模板', '行业', 'trade template industry', 'hangyemoban', 'hymb'],
  pool: ['公海', '客户池', 'pool unowned customers', 'gonghai', 'gh'],
  service: ['服务时限', '时限', '超时', 'service times sla', 'fuwushixian', 'fwsx'],
  duplicates: ['疑似重复', '查重', '合并', 'possible duplicates merge', 'yisichongfu', 'yscf', 'chachong', 'hebing'],
  import: ['导入', 'import excel', 'daoru', 'dr'],
  fields: ['字段', '对象', 'fields objects designer', 'ziduan', 'zd'],
  policies: ['核实策略', '策略', 'check policy', 'heshicelue', 'hscl', 'celue'],
  evaluation: ['评估', '季度报告', '预测', 'evaluation', 'report', 'forecast', 'pinggu', 'pg', 'jidubaogao'],
  checks: ['盘点', '抽查', '普查', '复核', 'checks', 'census', 'stock-take', 'pandian', 'pd', 'choucha', 'pucha'],
  people: ['成员', 'people accounts', 'chengyuan', 'cy'],
  bin: ['回收站', '操作记录', 'recycle bin undo history', 'huishouzhan', 'hsz'],
  'new-customer': ['新建客户', 'new customer', 'xinjiankehu', 'xjkh'],
  'theme-light': ['浅色', 'light theme', 'qianse'],
  'theme-dark': ['深色', 'dark theme', 'shense', 'ss'],
  language: ['切换语言', 'language 中文 english', 'yuyan'],
};

export const spellingsOf = (id: string): string[] => spellings[id] ?? [];
