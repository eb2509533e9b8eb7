import { defineTexts } from '../../i18n/core.ts';

export const useTasksText = defineTexts(
  'tasks',
  {
    title: '我的任务',
    all: '全部任务',
    done: '完成“{title}”',
    'is-done': '已完成',
    overdue: '已逾期',
    today: '今天',
    more: '还有 {n} 项',
  },
  {
    title: 'My tasks',
    all: 'All tasks',
    done: 'Done: “{title}”',
    'is-done': 'Done',
    overdue: 'overdue',
    today: 'today',
    more: '{n} more',
  },
);
