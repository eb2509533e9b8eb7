import { defineTexts } from '../../i18n/core.ts';

const zh = {
  title: '行业模板',
  hint: '一个行业需要的字段、对象和视图，一次装好；已有的内容不会改动，不用了可以停用，数据都留着。',
  install: '安装',
  again: '补装',
  export: '导出文件',
  remove: '停用',
  'from-file': '从文件安装',
  'not-a-file': '这不是行业模板文件：它应是从这里导出的 .json。',
  installed: '已安装',
  'installed-at': '{at} 安装',
  'new-object': '新对象“{object}”：{fields}',
  'to-object': '“{object}”加：{fields}',
  'has-object': '“{object}”：{fields}',
  kept: '“{object}”里已有，保持原样：{fields}',
  views: '视图：{views}',
  'install-ask': '安装“{name}”？',
  'install-hint': '字段会马上出现在表格、表单、导入、导出和报表里，各角色按“默认”权限可见，可在“角色与权限”里调整。',
  done: '已安装“{name}”',
  'remove-ask': '停用“{name}”？',
  'remove-hint': '它带来的字段和对象不再显示，已填的数据都留着，重新安装就会回来。它的视图会删除。',
  removed: '已停用“{name}”',
  cancel: '取消',
  list: '、',
};

const en: Record<keyof typeof zh, string> = {
  title: 'Trade templates',
  hint: 'Fields, objects and views that a line of business needs, in one go. What is there stays as it is; taken out of use, its data stay.',
  install: 'Install',
  again: 'Complete',
  export: 'Export file',
  remove: 'Take out of use',
  'from-file': 'Install from file',
  'not-a-file': 'This is no trade template: it should be a .json that was exported here.',
  installed: 'Installed',
  'installed-at': 'Installed {at}',
  'new-object': 'New object “{object}”: {fields}',
  'to-object': '“{object}” gains: {fields}',
  'has-object': '“{object}”: {fields}',
  kept: 'In “{object}” already, stays: {fields}',
  views: 'Views: {views}',
  'install-ask': 'Install “{name}”?',
  'install-hint':
    'Its fields appear at once in tables, forms, imports, exports and reports. Roles see them as their rule for other fields says; change that in roles and permissions.',
  done: '“{name}” is installed',
  'remove-ask': 'Take “{name}” out of use?',
  'remove-hint':
    'Fields and objects that it brought are shown no more; what was filled in stays, and comes back when it is installed again. Its views are deleted.',
  removed: '“{name}” is out of use',
  cancel: 'Cancel',
  list: ', ',
};

export const useTradeText = defineTexts('trades', zh, en);
