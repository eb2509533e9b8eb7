import { defineTexts } from '../../../i18n/core.ts';

export const useBoardText = defineTexts(
  'board',
  {
    board: '{object}看板',
    'no-value': '未填',
    moved: '“{title}”已移到“{to}”',
    'move-to': '移到…',
    'move-card': '把“{title}”移到…',
    more: '再显示一些',
    empty: '这里还没有',
    sum: '合计 {sum}',
    cards: '{n} 条',
    keys: '方向键选卡片，Shift+←/→ 移动，回车打开',
    add: '在“{to}”里新建{object}',
    'chance-of': '概率 {p}',
  },
  {
    board: 'Board of {object}',
    'no-value': 'Not set',
    moved: '“{title}” moved to “{to}”',
    'move-to': 'Move to…',
    'move-card': 'Move “{title}” to…',
    more: 'Show more',
    empty: 'Nothing here yet',
    sum: '{sum} in total',
    cards: '{n} {n|card|cards}',
    keys: 'Arrows pick a card, Shift+←/→ moves it, Enter opens it',
    add: 'New {object} in “{to}”',
    'chance-of': '{p} chance',
  },
);
