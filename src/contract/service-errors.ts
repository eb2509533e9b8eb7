import { meaning } from './error-meaning.ts';

/** What can be wrong with working hours and service times. */
export const serviceErrors = {
  'service-hours': meaning(
    422,
    '工作时间有误：每一段的结束要晚于开始，各段不能重叠，请检查后再保存。',
    'Working hours are not right: each stretch must end after it begins, and none may overlap. Correct them and save again.',
  ),
  'service-no-hours': meaning(
    422,
    '一周里至少要有一段工作时间，否则时限永远不会到。',
    'There must be some working time in a week, or no time would ever be up.',
  ),
  'service-twice': meaning(422, '编号“{id}”出现了两次，请改一个。', 'The id “{id}” occurs twice. Change one.'),
  'service-moment': meaning(
    422,
    '“{field}”不能用来记时限：需要一个可以填写的“日期时间”字段。',
    '“{field}” can’t hold a time limit: a “date and time” field that can be filled is needed.',
  ),
  'service-filter': meaning(
    422,
    '时限的条件只能用记录自己的字段和固定的值。',
    'Conditions of service times look at the record’s own fields and fixed values only.',
  ),
  'service-same-due': meaning(
    422,
    '两个时限写进了同一个字段，请为其中一个换个字段。',
    'Two service times are put into the same field. Give one of them another.',
  ),
} as const;
