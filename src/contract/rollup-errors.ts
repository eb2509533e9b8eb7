import { meaning } from './error-meaning.ts';

/** Why a field can't be kept from the records that point to it. */
export const rollupErrors = {
  'rollup-relation': meaning(
    422,
    '汇总要沿着一个指向这里的关联字段来数。请先选一个关联到本对象的对象。',
    'A roll-up follows a relation that points here. Choose an object that is related to this one.',
  ),
  'rollup-field': meaning(
    422,
    '这个字段不能这样汇总。合计用数字或金额，最大最小用数字、金额或日期。',
    'This field can’t be rolled up like that: sums need numbers or amounts, least and most need numbers, amounts or dates.',
  ),
  'rollup-by': meaning(
    422,
    '要取“最近一条”，请选择按哪个日期算最近。',
    'To take the latest one, say which date tells what is latest.',
  ),
  'rollup-encrypted': meaning(
    422,
    '加密字段不能汇总，也不能作为汇总的条件。',
    'Encrypted fields can’t be rolled up, nor be a condition of it.',
  ),
  'rollup-filter': meaning(
    422,
    '汇总的条件只能用那条记录自己的字段和固定的值；“最近多少天”“我”这样的条件会随时间和查看的人变化。',
    'Conditions of a roll-up look at the record’s own fields and fixed values; “within days” or “me” would change with time and reader.',
  ),
  'rollup-circle': meaning(
    422,
    '这个汇总绕了一圈又用到它自己，请换一个字段。',
    'This roll-up would be made of itself. Choose another field.',
  ),
  'rollup-fixed': meaning(
    422,
    '汇总字段的结果类型不能再改；请新建一个汇总字段，把这个停用。',
    'What kind of value a roll-up has can’t be changed. Make a new one and retire this.',
  ),
  'rollup-uses': meaning(
    409,
    '“{object}”的汇总字段“{field}”正在用它，请先停用那个汇总字段。',
    'The roll-up “{field}” of “{object}” uses it. Retire that first.',
  ),
} as const;
