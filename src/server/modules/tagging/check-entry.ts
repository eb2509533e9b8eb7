import { AppError } from '../../../contract/errors.ts';
import type { TagEntryInput } from '../../../contract/tagging.ts';
import { findOption } from '../../../domain/fields/options.ts';
import type { Label, Lang } from '../../../domain/issue.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import { foldPhrase, type TagEntry } from '../../../domain/tagging/index.ts';
import { customerOf, tagFields } from './deps.ts';

const PROBLEMS = {
  field: { zh: '客户没有这个标签字段', en: 'the customer has no such field for tags' },
  option: { zh: '这个字段只接受已有的选项', en: 'the field takes its own options only' },
  twice: { zh: '词典里已有这个标签', en: 'the dictionary has this tag already' },
  none: { zh: '请至少写一个词语', en: 'give at least one phrase' },
  short: { zh: '“{phrase}”太短，会到处匹配；请写两个字以上', en: '“{phrase}” is too short and would match everywhere' },
  becomes: { zh: '到期后不能换成它自己', en: 'it can’t be followed by itself' },
} satisfies Record<string, Label>;

/** Throws `tag-entry-wrong` where an entry can't work. */
export function checkEntry(catalog: Catalog, others: readonly TagEntry[], entry: TagEntryInput, lang: Lang): void {
  const wrong = (problem: Label, phrase = ''): AppError => {
    const tag = entry.label?.[lang] ?? entry.tag;
    return new AppError('tag-entry-wrong', { tag, detail: problem[lang].replace('{phrase}', phrase) });
  };
  const customer = customerOf(catalog);
  const field = customer && tagFields(customer).find(({ name }) => name === entry.field);
  if (!field) throw wrong(PROBLEMS.field);
  const open = field.open ?? field.type === 'tags';
  for (const tag of [entry.tag, ...(entry.becomes === undefined ? [] : [entry.becomes])])
    if (!open && !entry.label && !findOption(field, tag)) throw wrong(PROBLEMS.option);
  if (entry.becomes === entry.tag) throw wrong(PROBLEMS.becomes);
  if (others.some(({ field: of, tag }) => of === entry.field && tag === entry.tag)) throw wrong(PROBLEMS.twice);
  // A tag without words is one that people and rules set; its life is kept all the same.
  if (entry.phrases.length === 0 && entry.months === null) throw wrong(PROBLEMS.none);
  for (const phrase of entry.phrases) if (foldPhrase(phrase).length < 2) throw wrong(PROBLEMS.short, phrase);
}
