import { Modal } from 'antd';
import { defineTexts } from '../i18n/core.ts';

const useHelpText = defineTexts(
  'keyboard-help',
  {
    title: '键盘操作',
    everywhere: '任何地方',
    table: '表格',
    today: '今日',
    duplicates: '疑似重复',
    review: '待审',
    'all-search': '搜索客户、页面、命令',
    'all-help': '打开这个说明',
    'all-close': '关闭面板或放弃输入',
    'table-move': '移动；按住 Shift 选择一片',
    'table-edge': '跳到边缘；首格、末格',
    'table-edit': '直接输入即覆盖；F2 在原内容上修改',
    'table-enter': '保存并向下、向右',
    'table-copy': '与 Excel 互相复制、粘贴',
    'table-undo': '撤销、重做',
    'table-fill': '向下、向右填充',
    'table-clear': '清空',
    'table-open': '打开这一条',
    'today-move': '下一项、上一项',
    'today-right': '仍然正确',
    'today-edit': '更正',
    'today-later': '稍后',
    'today-open': '打开这位客户',
    'duplicates-move': '下一组、上一组',
    'duplicates-merge': '合并',
    'duplicates-different': '不是重复',
    'duplicates-later': '稍后',
    'duplicates-undo': '撤销上一步',
    'review-move': '下一项、上一项',
    'review-accept': '采纳',
    'review-meant': '改用应有的值',
    'review-reject': '驳回；按住 Shift 写原因',
    'review-select': '选择；按住 Shift 选一片',
    'review-open': '打开记录',
    'review-undo': '撤销上一步',
  },
  {
    title: 'Keyboard',
    everywhere: 'Everywhere',
    table: 'Table',
    today: 'Today',
    duplicates: 'Possible duplicates',
    review: 'Review',
    'all-search': 'search customers, pages, commands',
    'all-help': 'open this help',
    'all-close': 'close a panel or give up typing',
    'table-move': 'move; with Shift select a range',
    'table-edge': 'to the edge; first and last cell',
    'table-edit': 'type to replace; F2 edits what is there',
    'table-enter': 'save and go down or right',
    'table-copy': 'copy and paste, from and to Excel',
    'table-undo': 'undo, redo',
    'table-fill': 'fill down, fill right',
    'table-clear': 'clear',
    'table-open': 'open the record',
    'today-move': 'next, previous',
    'today-right': 'still right',
    'today-edit': 'correct',
    'today-later': 'later',
    'today-open': 'open the customer',
    'duplicates-move': 'next, previous group',
    'duplicates-merge': 'merge',
    'duplicates-different': 'not a duplicate',
    'duplicates-later': 'later',
    'duplicates-undo': 'undo the last one',
    'review-move': 'next, previous',
    'review-accept': 'accept',
    'review-meant': 'use what was meant',
    'review-reject': 'reject; with Shift give a reason',
    'review-select': 'select; with Shift a range',
    'review-open': 'open the record',
    'review-undo': 'undo the last one',
  },
);

const mac = /mac|iphone|ipad/i.test(navigator.userAgent);
const ctrl = mac ? '⌘' : 'Ctrl';

const GROUPS = [
  {
    title: 'everywhere',
    keys: [
      [[`${ctrl} K`], 'all-search'],
      [['?', `${ctrl} /`], 'all-help'],
      [['Esc'], 'all-close'],
    ],
  },
  {
    title: 'table',
    keys: [
      [['↑ ↓ ← →', 'PgUp', 'PgDn'], 'table-move'],
      [[`${ctrl} ↑`, `${ctrl} Home`, `${ctrl} End`], 'table-edge'],
      [['F2'], 'table-edit'],
      [['Enter', 'Tab'], 'table-enter'],
      [[`${ctrl} C`, `${ctrl} V`], 'table-copy'],
      [[`${ctrl} Z`, `${ctrl} Y`], 'table-undo'],
      [[`${ctrl} D`, `${ctrl} R`], 'table-fill'],
      [['Delete'], 'table-clear'],
      [['Space', `${ctrl} Enter`], 'table-open'],
    ],
  },
  {
    title: 'today',
    keys: [
      [['J', 'K'], 'today-move'],
      [['Y'], 'today-right'],
      [['E'], 'today-edit'],
      [['S'], 'today-later'],
      [['O'], 'today-open'],
    ],
  },
  {
    title: 'duplicates',
    keys: [
      [['J', 'K'], 'duplicates-move'],
      [['M'], 'duplicates-merge'],
      [['N'], 'duplicates-different'],
      [['S'], 'duplicates-later'],
      [['Z'], 'duplicates-undo'],
    ],
  },
  {
    title: 'review',
    keys: [
      [['J', 'K'], 'review-move'],
      [['A'], 'review-accept'],
      [['M'], 'review-meant'],
      [['R'], 'review-reject'],
      [['X'], 'review-select'],
      [['O'], 'review-open'],
      [['Z'], 'review-undo'],
    ],
  },
] as const;

/** What the keys do, on one page. */
export function KeyboardHelp({ onClose }: { onClose: () => void }) {
  const t = useHelpText();
  return (
    <Modal open title={t('title')} footer={null} width={640} onCancel={onClose}>
      <div className="xk-keys">
        {GROUPS.map((group) => (
          <section key={group.title}>
            <h2>{t(group.title)}</h2>
            <dl>
              {group.keys.map(([keys, what]) => (
                <div key={what}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{t(what)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
