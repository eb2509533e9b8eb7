import { defineTexts } from '../../i18n/core.ts';

const zh = {
  placeholder: '搜索客户名称、拼音、首字母、手机号……',
  pages: '页面',
  actions: '操作',
  records: '记录',
  'new-customer': '新建客户',
  language: '切换语言：English',
  none: '没有找到“{typed}”',
  'none-hint': '可以试试名称中的两个字、拼音首字母或手机号的一段。',
  results: '{n} 个结果',
  'key-choose': '选择',
  'key-open': '打开',
  'key-close': '关闭',
};

const en: Record<keyof typeof zh, string> = {
  placeholder: 'Search by name, pinyin, initials, phone digits…',
  pages: 'Pages',
  actions: 'Actions',
  records: 'Records',
  'new-customer': 'New customer',
  language: 'Switch language: 中文',
  none: 'Nothing found for “{typed}”',
  'none-hint': 'Try two characters of the name, its pinyin initials or a part of the phone number.',
  results: '{n} {n|result|results}',
  'key-choose': 'choose',
  'key-open': 'open',
  'key-close': 'close',
};

export const useCommandText = defineTexts('command', zh, en);
