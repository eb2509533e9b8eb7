import { describe, expect, it } from 'vitest';
import { PLACES, SETTINGS } from '../../shell/navigation.tsx';
import { type Command, commandScore, entriesOf, highlighted, spellings, stepChoice } from './palette-model.ts';

const command = (id: string, title: string, ...words: string[]): Command => ({ id, kind: 'page', title, words });
const commands = [
  command('today', '今日', 'jinri', 'jr', 'today'),
  command('import', '导入', 'daoru', 'dr', 'import excel'),
];
const hit = { object: 'customer', id: '1', title: '今日食品有限公司' };

describe('commandScore', () => {
  it('finds by title, the other language, pinyin and initials', () => {
    expect(
      ['导', 'dao', 'dr', 'Import', 'excel', 'zzz'].map((typed) => commandScore(commands[1] as Command, typed)),
    ).toEqual([3, 2, 2, 2, 1, 0]);
  });
});

describe('entriesOf', () => {
  it('shows all commands before anything is typed', () => {
    expect(entriesOf(commands, [], ' ').map((entry) => entry.key)).toEqual(['c:today', 'c:import']);
  });
  it('puts what was plainly meant first, then records', () => {
    expect(entriesOf(commands, [hit], '今日').map((entry) => entry.key)).toEqual(['c:today', 'r:customer/1']);
    expect(entriesOf(commands, [hit], 'excel').map((entry) => entry.key)).toEqual(['r:customer/1', 'c:import']);
    expect(entriesOf(commands, [hit], '138').map((entry) => entry.key)).toEqual(['r:customer/1']);
  });
});

describe('stepChoice', () => {
  it('goes round', () => {
    expect([stepChoice(0, -1, 3), stepChoice(2, 1, 3), stepChoice(0, 1, 0)]).toEqual([2, 0, 0]);
  });
});

describe('highlighted', () => {
  it('marks the match and loses nothing', () => {
    expect(highlighted('青禾科技', '禾科')).toEqual([
      { text: '青', hit: false },
      { text: '禾科', hit: true },
      { text: '技', hit: false },
    ]);
    expect(highlighted('青禾科技', 'qhkj').map((piece) => piece.text)).toEqual(['青禾科技']);
  });
});

it('finds every place of the navigation by other words too', () => {
  const texts = [...PLACES, ...SETTINGS].map(({ text }) => text);
  expect(texts.filter((text) => !Object.hasOwn(spellings, text))).toEqual([]);
});
