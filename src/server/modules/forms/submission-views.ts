import type { z } from 'zod';
import type { forms } from '../../../contract/forms.ts';
import { ceilingOf, isPlain } from '../../../domain/access/reach.ts';
import { maskValue } from '../../../domain/fields/mask.ts';
import { parseField } from '../../../domain/fields/parse-field.ts';
import { fieldType } from '../../../domain/fields/registry.ts';
import type { Lang } from '../../../domain/issue.ts';
import { visibleTitles } from '../../records/read/visible-titles.ts';
import type { Ctx } from '../../records/types.ts';
import type { FormDeps } from './deps.ts';
import type { StoredForm } from './form-store.ts';
import { type Asked, askedOf } from './read-answers.ts';
import type { Submission, Why } from './submission-store.ts';

type View = z.input<NonNullable<typeof forms.decide.response>>;

/** Whoever may make such records may see what came in to become some. */
export const maySee = (ctx: Ctx, { design }: StoredForm): boolean =>
  ctx.access.objects[design.object]?.actions.includes('create') ?? false;

/** Submissions as the contract shows them, with as much of each as the reader may see. */
export async function viewSubmissions(
  deps: FormDeps,
  ctx: Ctx,
  forms: ReadonlyMap<string, StoredForm>,
  submissions: readonly Submission[],
): Promise<View[]> {
  const catalog = await deps.catalog.get(ctx.workspace);
  const named = submissions.flatMap(({ object, record, candidates }) => [
    ...(object !== null && record !== null ? [{ object, record }] : []),
    ...candidates.map((one) => ({ object: one.object, record: one.id })),
  ]);
  const titles = named.length > 0 ? await visibleTitles(deps.read, ctx, catalog, named) : new Map<string, string>();
  const names = await deps.names(ctx.workspace, [...new Set(submissions.flatMap(({ done_by }) => done_by ?? []))]);
  return submissions.flatMap((one): View[] => {
    const form = forms.get(one.form);
    if (!form) return [];
    const title = one.record === null ? undefined : titles.get(one.record);
    const seen = one.candidates.filter(({ id }) => titles.has(id));
    return [
      {
        ...{ id: one.id, form: one.form, formName: form.design.name, at: one.at.toISOString(), state: one.state },
        why: one.why && whyWords(one.why, ctx.lang),
        answers: one.answers ? askedOf(form.design, catalog).flatMap((asked) => answerOf(deps, ctx, asked, one)) : [],
        object: one.object ?? form.design.object,
        record: title === undefined ? null : one.record,
        title: title ?? null,
        candidates: seen.map(({ object, id }) => ({ object, id, title: titles.get(id) ?? '' })),
        candidatesHidden: one.candidates.length - seen.length,
        changeSet: one.change_set,
        decidedByName: one.done_by === null ? null : (names[one.done_by] ?? one.done_by),
      },
    ];
  });
}

/** What was answered to one question, as the reader may see its field. */
function answerOf(deps: FormDeps, ctx: Ctx, { question, object, field }: Asked, one: Submission) {
  const typed = one.answers?.[question.id];
  const mode = ceilingOf(ctx.access.objects[object.name], field.name);
  if (!typed || typed.length === 0 || mode === 'hidden') return [];
  const env = deps.env(ctx);
  const parsed = parseField(field.type === 'multiselect' ? typed : typed[0], field, env);
  const value = parsed.ok ? parsed.value : typed.join(' ');
  const text = parsed.ok ? fieldType(field.type).format(value, field, ctx.lang, env) : String(value);
  return [{ label: field.label, value: isPlain(mode) ? text : (maskValue(value, field) ?? '***') }];
}

const WHY: Record<string, Record<Lang, string>> = {
  maybe: { zh: '可能是已有客户，请看看是不是同一个', en: 'May be somebody on record; see whether it is the same one' },
  'new-person': { zh: '客户已在库中，联系人是新的', en: 'The customer is on record, the contact is new' },
  review: { zh: '这张表单设置为先审后建', en: 'This form has everything looked at first' },
  'author-gone': {
    zh: '保存这张表单的人已停用，请由在职的人重新保存表单',
    en: 'Whoever saved the form is gone; have somebody save it again',
  },
  'object-gone': { zh: '这张表单对应的对象已停用', en: 'The object of the form is retired' },
  conflict: { zh: '写入时有冲突', en: 'Something else was written at the same moment' },
  failed: { zh: '多次处理失败', en: 'It failed several times' },
  expired: { zh: '半年没有处理，内容已清除', en: 'Nobody dealt with it for half a year; its content is gone' },
};

const whyWords = ({ code, message }: Why, lang: Lang): string => message?.[lang] ?? WHY[code]?.[lang] ?? code;
