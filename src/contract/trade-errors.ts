import { meaning } from './error-meaning.ts';

/** Trade templates. */
export const tradeErrors = {
  'trade-unknown': meaning(404, '没有名为“{name}”的行业模板。', 'There is no trade template “{name}”.'),
  'trade-object': meaning(
    422,
    '模板要给“{object}”加字段，但这里没有这个对象。请在文件里写全它的名称和标题字段。',
    'The template adds fields to “{object}”, which is not here. State its label and title field in the file.',
  ),
  'trade-type': meaning(
    409,
    '“{object}”里已有字段“{field}”，类型是 {from}，模板要的是 {to}。请先把现有字段停用或在文件里换个名字。',
    '“{object}” already has a field “{field}” of type {from}; the template has {to}. Retire it first, or give another name in the file.',
  ),
  'trade-target': meaning(
    422,
    '字段“{field}”指向“{target}”，系统和模板里都没有这个对象。',
    'Field “{field}” points to “{target}”, which is neither here nor in the template.',
  ),
} as const;
