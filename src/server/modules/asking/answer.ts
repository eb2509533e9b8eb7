import { issueSentence } from '../../../contract/issue-sentence.ts';
import type { Change, Outcome } from '../../../domain/change/types.ts';
import type { Lang } from '../../../domain/issue.ts';
import type { FieldDef, FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import type { Ctx, Row } from '../../records/types.ts';
import { addConsent } from '../consent/index.ts';
import type { NewProposal } from '../proposals/index.ts';
import { type AskRow, type Counts, markAnswered, type RecipientRow } from './ask-store.ts';
import { type AskCell, accessOfCells, alwaysHeld, fieldOfCell, shownValue } from './cells.ts';
import type { AskingDeps } from './deps.ts';
import type { PageCell, Verdict } from './page/confirm-page.ts';
import { say } from './page/page-texts.ts';
import { readAskingSettings } from './settings.ts';

/** One cell as it is now, as the customer's link lets him see it. */
export interface CellView {
  cell: AskCell;
  object: ObjectDef;
  field: FieldDef;
  row: Row;
  value: FieldValue;
  mark: string;
}

/** What came back for one cell. */
export interface Given {
  verdict: Verdict | undefined;
  typed: string[];
  mark: string;
}

/** The door's context of a customer with his link: his own cells, as himself. */
export function customerCtx(workspace: string, person: RecipientRow, lang: Lang, at: Date): Ctx {
  return {
    workspace,
    actor: `customer:${person.id}`,
    source: 'customer',
    access: accessOfCells(person.cells),
    at,
    lang,
    reason: lang === 'zh' ? `${person.name} 通过确认链接填写` : `${person.name}, through a confirmation link`,
  };
}

/** The cells of a link that still exist, in the order they were asked. */
export async function loadCells(deps: AskingDeps, ctx: Ctx, person: RecipientRow): Promise<CellView[]> {
  const catalog = await deps.catalog.get(ctx.workspace);
  const rows = new Map<string, Row>();
  for (const name of Object.keys(ctx.access.objects)) {
    const page = await deps.read.list(ctx, { object: name, page: { limit: 100 }, count: 'none' });
    for (const row of page.rows) rows.set(row.id, row);
  }
  return person.cells.flatMap((cell) => {
    const known = fieldOfCell(catalog, cell);
    const row = rows.get(cell.id);
    if (!known || !row) return [];
    const value = row.values[cell.field] ?? null;
    return [{ cell, ...known, row, value, mark: deps.links.mark(person.id, cell.id, cell.field, value) }];
  });
}

export type Answered = { done: true } | { done: false; used: boolean; cells: PageCell[]; problem?: string };

/**
 * Takes one answer. All of it is written, held, and the link used up in one transaction; or nothing, and the page says what to look at again.
 * @param given per cell of `views`, in order @param consent null: not agreed, so everything is looked at and nothing written
 */
export async function takeAnswer(
  deps: AskingDeps,
  ctx: Ctx,
  { ask, person }: { ask: AskRow; person: RecipientRow },
  views: CellView[],
  given: Given[],
  consent: { at: Date; lang: Lang; words: string } | null,
): Promise<Answered> {
  const { lang } = ctx;
  const problems = views.map((view, i) => checkGiven(deps, view, given[i], lang));
  const back = (problem?: string, used = false): Answered => ({
    done: false,
    used,
    cells: pageCells(deps, ctx, views, given, problems),
    ...(problem !== undefined && { problem }),
  });
  if (problems.some((problem) => problem !== undefined)) return back();
  const answered = views.flatMap((view, i) => {
    const verdict = given[i]?.verdict;
    return verdict === undefined ? [] : [{ view, verdict, typed: given[i]?.typed ?? [] }];
  });
  if (answered.length === 0) return back(say('need-answer', lang));
  const settings = await readAskingSettings(deps.db, ctx.workspace);
  const isHeld = ({ view, verdict }: Part) =>
    verdict !== 'right' && (settings.answers === 'hold' || alwaysHeld(view.field));
  const held = answered.filter(isHeld);
  const written = answered.filter((part) => !isHeld(part));
  if (!consent) {
    const looked = await deps.write.write(ctx, changesOf(answered), { dryRun: true });
    placeProblems(looked.outcomes, views, problems, lang);
    return back();
  }
  const heldChanges = changesOf(held);
  // What is held must be good as well: nobody can ask him again.
  const checked =
    heldChanges.length > 0 ? await deps.write.write(ctx, heldChanges, { dryRun: true }) : { outcomes: [] };
  const place = (outcomes: Outcome[]): boolean => placeProblems(outcomes, views, problems, lang);
  if (place(checked.outcomes)) return back();
  const counts: Counts = {
    right: answered.filter(({ verdict }) => verdict === 'right').length,
    changed: answered.filter(({ verdict }) => verdict === 'change').length,
    gone: answered.filter(({ verdict }) => verdict === 'gone').length,
    held: held.length,
  };
  const finish = async (tx: Tx, changeSet: string | null): Promise<void> => {
    const answer = { at: ctx.at, counts, consent, changeSet };
    if (!(await markAnswered(tx, ctx.workspace, person.id, answer))) throw new LinkUsed();
    const subject = person.contact ?? ask.record;
    await addConsent(tx, ctx.workspace, {
      ...{
        person: subject,
        object: person.cells.find(({ id }) => id === subject)?.object ?? ask.object,
        purpose: 'confirm',
      },
      ...{ channel: 'any', separate: false, state: 'given', at: ctx.at, source: 'customer', note: null, by: null },
    });
    await deps.propose(tx, ctx.workspace, proposalsOf(ctx, held, checked.outcomes));
    await deps.notify(tx, ctx.workspace, {
      account: ask.made_by,
      cause: `ask-answered:${person.id}`,
      kind: counts.held > 0 ? 'ask-held' : 'ask-answered',
      params: { name: person.name, ...counts },
      object: ask.object,
      record: ask.record,
    });
  };
  const changes = changesOf(written);
  try {
    if (changes.length === 0) await deps.db.tx((tx) => finish(tx, null));
    else {
      const result = await deps.write.write(ctx, changes, {
        kind: 'answer',
        alongside: (tx, done) => finish(tx, done.changeSet),
      });
      if (place(result.outcomes)) return back();
      // Someone wrote the same field in this very moment.
      if (result.changeSet === null) return back(say('try-again', lang));
    }
  } catch (error) {
    if (error instanceof LinkUsed) return back(undefined, true);
    throw error;
  }
  return { done: true };
}

/** Two answers by one link at the same moment: the second finds it used and leaves no trace. */
class LinkUsed extends Error {}

interface Part {
  view: CellView;
  verdict: Verdict;
  typed: string[];
}

function checkGiven(deps: AskingDeps, view: CellView, given: Given | undefined, lang: Lang): string | undefined {
  if (!given?.verdict) return undefined;
  const label = view.field.label[lang];
  if (given.verdict === 'change' && given.typed.every((text) => text.trim() === ''))
    return say('need-value', lang, { label });
  // A value that is another by now was neither seen nor confirmed. A correction is right whatever stood there.
  if (given.verdict !== 'change' && !deps.links.sameMark(given.mark, view.mark))
    return say('just-changed', lang, { label });
  return undefined;
}

/** One change per record: corrections are set and count as verified by him, the rest is verified, what is not used any more is cleared. */
function changesOf(parts: Part[]): Change[] {
  const changes = new Map<
    string,
    Change & { set: Record<string, unknown>; verify: { fields: string[]; method: 'customer' } }
  >();
  for (const { view, verdict, typed } of parts) {
    const change = changes.get(view.cell.id) ?? {
      op: 'update' as const,
      object: view.cell.object,
      id: view.cell.id,
      version: view.row.version,
      set: {},
      verify: { fields: [], method: 'customer' as const },
    };
    changes.set(view.cell.id, change);
    const { field } = view.cell;
    if (verdict === 'gone') change.set[field] = null;
    else {
      if (verdict === 'change') change.set[field] = view.field.type === 'multiselect' ? typed : typed[0];
      change.verify.fields.push(field);
    }
  }
  return [...changes.values()].map(({ set, verify, ...change }) => ({
    ...change,
    ...(Object.keys(set).length > 0 && { set }),
    ...(verify.fields.length > 0 && { verify }),
  }));
}

function proposalsOf(ctx: Ctx, held: Part[], outcomes: Outcome[]): NewProposal[] {
  return outcomes.map((outcome) => {
    const parts = held.filter(({ view }) => view.cell.id === outcome.id);
    const version = parts[0]?.view.row.version ?? 1;
    return {
      at: ctx.at,
      object: outcome.object,
      record: outcome.id,
      actor: ctx.actor,
      source: ctx.source,
      reason: ctx.reason ?? null,
      wanted: Object.fromEntries(parts.map(({ view }) => [view.cell.field, outcome.values?.[view.cell.field] ?? null])),
      before: Object.fromEntries(parts.map(({ view }) => [view.cell.field, view.value])),
      version,
    };
  });
}

/** Puts the door's sentences beside the fields they are about. @returns whether there are any */
function placeProblems(outcomes: Outcome[], views: CellView[], problems: (string | undefined)[], lang: Lang): boolean {
  let any = false;
  for (const outcome of outcomes) {
    const issues = (outcome.issues ?? []).filter((issue) => issue.level !== 'warning');
    const conflicts = (outcome.conflicts ?? []).map(({ field }) => ({ code: 'just-changed', field }));
    for (const issue of [...issues, ...conflicts]) {
      const at = views.findIndex((view) => view.cell.id === outcome.id && view.cell.field === issue.field);
      const view = views[at] ?? views[0];
      if (!view) continue;
      any = true;
      problems[Math.max(0, at)] =
        issue.code === 'just-changed'
          ? say('just-changed', lang, { label: view.field.label[lang] })
          : issueSentence(issue, view.object, lang);
    }
  }
  return any;
}

/** The cells as the page shows them, with what he had chosen where he has to look again. */
export function pageCells(
  deps: AskingDeps,
  ctx: Ctx,
  views: CellView[],
  given: Given[] = [],
  problems: (string | undefined)[] = [],
): PageCell[] {
  const env = deps.env(ctx);
  return views.map((view, i) => ({
    field: view.field,
    shown: shownValue(view.value, view.field, ctx.lang, env),
    mark: view.mark,
    verdict: given[i]?.verdict,
    typed: given[i]?.typed,
    problem: problems[i],
  }));
}
