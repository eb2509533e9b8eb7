import type { Sentences } from '../issue.ts';

/** Sentences of what can be wrong with a query. */
export const FILTER_ISSUES = {
  'aggregate-past': {
    zh: '统计只能按现在的数据计算，请去掉历史时点。',
    en: 'Figures are of the present only. Take the moment of the past away.',
  },
  'aggregate-size': {
    zh: '最多按两个维度分组、统计六个指标，且至少要有一个指标。',
    en: 'At most two dimensions and six measures, and at least one measure.',
  },
  'aggregate-bucket': {
    zh: '{label}是时间，请选择按日、周、月、季还是年分组。',
    en: '{label} is a time. Choose day, week, month, quarter or year to group by.',
  },
  'aggregate-number': {
    zh: '{label}不是数字，不能求和或求平均。',
    en: '{label} is not a number, so it can’t be added up or averaged.',
  },
  'filter-field': {
    zh: '筛选或排序用到了不存在的字段“{field}”，请重新选择字段。',
    en: 'The filter or sort uses “{field}”, which does not exist. Choose another field.',
  },
  'filter-access': {
    zh: '字段“{field}”对您是部分隐藏的，不能用来筛选、排序、搜索或分组。',
    en: '“{field}” is shown to you only in part, so it cannot be used to filter, sort, search or group.',
  },
  'filter-partly': {
    zh: '字段“{field}”在部分记录上对您不是明文，不能用来排序、搜索或分组，也不能用来筛选过去的数据。',
    en: 'In some records “{field}” is not shown to you in plain, so it cannot be used to sort, search or group, nor to filter the past.',
  },
  'filter-op': {
    zh: '字段“{field}”不支持条件“{op}”，请换一个条件。',
    en: '“{field}” does not support the condition “{op}”. Choose another one.',
  },
  'filter-value': {
    zh: '字段“{field}”的筛选值不正确，请修改。',
    en: 'The value to filter “{field}” by is not valid. Correct it.',
  },
  'filter-size': {
    zh: '筛选条件过多或嵌套过深，请简化。',
    en: 'The filter has too many conditions or is nested too deeply. Simplify it.',
  },
  'filter-encrypted': {
    zh: '“{field}”是加密字段，只能按“等于”“属于其中”“为空”筛选，不能按部分内容或范围筛选。',
    en: '“{field}” is encrypted: it can be filtered by a whole value or by being empty, not by part of a value or a range.',
  },
  'sort-encrypted': {
    zh: '“{field}”是加密字段，不能用来排序，请换一个字段。',
    en: '“{field}” is encrypted, so nothing can be sorted by it. Choose another field.',
  },
  'group-encrypted': {
    zh: '“{field}”是加密字段，不能用来分组，请换一个字段。',
    en: '“{field}” is encrypted, so nothing can be grouped by it. Choose another field.',
  },
  'sort-field': {
    zh: '不能按“{field}”排序，请换一个字段。',
    en: 'It is not possible to sort by “{field}”. Choose another field.',
  },
  'group-field': {
    zh: '不能按“{field}”分组，请换一个字段。',
    en: 'It is not possible to group by “{field}”. Choose another field.',
  },
  cursor: {
    zh: '翻页位置已失效，请从第一页重新开始。',
    en: 'The page position is no longer valid. Start again from the first page.',
  },
  'as-of': {
    zh: '历史时点不正确：请给出一个过去的时间。',
    en: 'The moment to look back to is not valid. Give a time in the past.',
  },
} as const satisfies Sentences;
