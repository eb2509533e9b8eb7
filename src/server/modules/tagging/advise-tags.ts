import sql from 'sql-template-tag';
import type { Filter } from '../../../domain/filter/types.ts';
import { parseCompany, tradeOf } from '../../../domain/matching/standardise/company.ts';
import type { FieldValue } from '../../../domain/schema/types.ts';
import { redact } from '../../../domain/tagging/index.ts';
import { OutgoingError } from '../../platform/outgoing/post.ts';
import type { Seal } from '../../platform/outgoing/seal.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx, Row } from '../../records/types.ts';
import type { NewProposal, Propose } from '../proposals/index.ts';
import {
  type Adviser,
  AskedMeanwhile,
  askedToday,
  closeQuestion,
  openAdviser,
  putOffQuestion,
  type Question,
  waitingQuestions,
} from './adviser-store.ts';
import { type Advice, askModel } from './ask-model.ts';
import { CUSTOMER, ctxOfTagger, customerOf, listOf, type TagDeps, tagFields } from './deps.ts';
import type { Words } from './dictionary-store.ts';
import { type Source, sourcesOf } from './texts.ts';

export interface AdviseDeps extends TagDeps {
  propose: Propose;
  seal: Seal;
  /** Models at addresses of the own network. */
  allowPrivate: boolean;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
}

/** Asked about in one go. */
const PORTION = 20;
/** Characters: less says nothing. */
const SHORTEST = 6;
const LONGEST = 4000;
/** A word of the model's is worth less than anybody's. */
const CONFIDENCE = 0.5;
/** Begins the reason of a proposal. */
const REASON = '语言模型建议：';

/**
 * Asks the language model about texts that wait, each without what tells who somebody is, and proposes the tags it sees; it sets none. The proposal and the note
 * that the text was asked about are one transaction. @returns how many were asked about; 0: nothing waits, it is off, or the day's number is reached
 */
export async function adviseTags(deps: AdviseDeps, workspace: string, signal?: AbortSignal): Promise<number> {
  const adviser = await openAdviser(deps.db, deps.seal, workspace);
  if (!adviser.on || adviser.address === '') return 0;
  const left = adviser.daily - (await askedToday(deps.db, workspace, deps.now()));
  const waiting = left > 0 ? await waitingQuestions(deps.db, workspace, deps.now(), Math.min(PORTION, left)) : [];
  for (const question of waiting) {
    if (signal?.aborted) break;
    await adviseOne(deps, workspace, adviser, question);
  }
  return waiting.length;
}

async function adviseOne(deps: AdviseDeps, workspace: string, adviser: Adviser, question: Question): Promise<void> {
  const now = deps.now();
  try {
    const catalog = await deps.catalog.get(workspace);
    const words = await deps.tags.latest(deps.db, workspace);
    const ctx = ctxOfTagger(catalog, workspace, now);
    const heard = await readText(deps, ctx, words, question);
    const advice = heard
      ? await askModel(adviser, entriesOf(words), heard.sent, { allowPrivate: deps.allowPrivate })
      : [];
    const customer = customerOf(catalog);
    const proposals =
      heard && customer
        ? await proposalsOf(deps, ctx, heard.customer, advice, new Set(tagFields(customer).map(({ name }) => name)))
        : [];
    await deps.db.tx(async (tx) => {
      await closeQuestion(tx, workspace, question.id, { now, proposed: proposals.length });
      await deps.propose(tx, workspace, proposals);
    });
  } catch (error) {
    if (error instanceof AskedMeanwhile) return;
    const known = error instanceof OutgoingError ? error : null;
    if (!known) deps.log.warn({ err: error, question: question.id }, 'language model not asked');
    const failed = { now, error: known?.message ?? 'internal', forGood: known?.refused ?? false };
    await putOffQuestion(deps.db, workspace, question, failed);
  }
}

/** Tags that are on, in the order in which the model is told them. */
export const entriesOf = (words: Words) => words.dictionary.entries.filter(({ off }) => !off);

/** What would be sent of a record, and whose it is; null: it says too little, belongs to nobody, or is gone. */
async function readText(
  deps: AdviseDeps,
  ctx: Ctx,
  words: Words,
  { source_object: object, source_record: record }: Question,
): Promise<{ sent: string; customer: Row } | null> {
  const catalog = await deps.catalog.get(ctx.workspace);
  const source = sourcesOf(catalog, words.dictionary).find((one) => one.object.name === object);
  const row = source && (await one(deps, ctx, object, record));
  const id = row && (source.of === null ? row.id : row.values[source.of.name]);
  const customer = typeof id === 'string' ? await one(deps, ctx, CUSTOMER, id) : undefined;
  if (!row || !source || !customer) return null;
  const text = textOf(source, row.values);
  if (text.length < SHORTEST) return null;
  return { sent: redact(text, await namesAround(deps, ctx, customer)).text.slice(0, LONGEST), customer };
}

const textOf = (source: Source, values: Record<string, FieldValue>): string =>
  source.fields
    .flatMap(({ name }) => (typeof values[name] === 'string' ? [values[name]] : []))
    .join('\n')
    .trim();

async function one(deps: TagDeps, ctx: Ctx, object: string, id: string): Promise<Row | undefined> {
  const filter: Filter = { field: '$id', op: 'in', value: [id] };
  return (await deps.read.list(ctx, { object, filter, page: { limit: 1 }, count: 'none' })).rows[0];
}

/** Names that stand in the data: of the customer, his contacts, and everybody with an account. */
async function namesAround(deps: AdviseDeps, ctx: Ctx, customer: Row): Promise<{ name: string; as: string }[]> {
  const catalog = await deps.catalog.get(ctx.workspace);
  const text = (value: FieldValue | undefined, as: string) =>
    typeof value === 'string' && value !== '' ? [{ name: value, as }] : [];
  const names = [
    ...['name', 'short_name'].flatMap((field) =>
      text(customer.values[field], '[客户]').flatMap(({ name, as }) =>
        spokenOf(name).map((one) => ({ name: one, as })),
      ),
    ),
    ...['contact_name', 'legal_representative', 'wechat'].flatMap((field) => text(customer.values[field], '[联系人]')),
  ];
  const contact = catalog.objects.find(({ name, retired }) => name === 'contact' && !retired);
  if (contact?.fields.some(({ name, type, retired }) => name === 'customer' && type === 'relation' && !retired)) {
    const { rows } = await deps.read.list(ctx, {
      ...{ object: 'contact', filter: { field: 'customer', op: 'eq', value: customer.id } },
      ...{ page: { limit: 100 }, count: 'none' },
    });
    for (const { values } of rows) names.push(...text(values.name, '[联系人]'), ...text(values.wechat, '[联系人]'));
  }
  const accounts = await deps.db.query<{ name: string }>(sql`select name from auth."user"`);
  return [...names, ...accounts.map(({ name }) => ({ name, as: '[同事]' }))];
}

/** A firm's name as people say it: in full, without place and legal form, without its trade. */
function spokenOf(name: string): string[] {
  const core = parseCompany(name)?.core ?? '';
  return [name, core, core.slice(0, core.length - tradeOf(core).length)];
}

/** One proposal per field; not what he has, nor what the model proposed before. */
async function proposalsOf(
  deps: AdviseDeps,
  { workspace, at, actor }: Ctx,
  customer: Row,
  advice: readonly Advice[],
  fields: ReadonlySet<string>,
): Promise<NewProposal[]> {
  const proposals: NewProposal[] = [];
  for (const field of new Set(advice.map(({ entry }) => entry.field))) {
    if (!fields.has(field)) continue;
    const now = listOf(customer.values[field]);
    const fresh: Advice[] = [];
    for (const one of advice) {
      if (one.entry.field !== field || now.includes(one.entry.tag)) continue;
      const [before] = await deps.db.query<{ id: string }>(sql`select id from ${tableOf(workspace, 'proposal')}
        where record = ${customer.id} and reason like ${`${REASON}%`} and wanted->${field} ? ${one.entry.tag} limit 1`);
      if (!before) fresh.push(one);
    }
    if (fresh.length === 0) continue;
    proposals.push({
      ...{ at, object: CUSTOMER, record: customer.id, actor, source: 'rule' },
      reason: REASON + fresh.map(({ quote }) => `“${quote}”`).join('、'),
      wanted: { [field]: [...now, ...fresh.map(({ entry }) => entry.tag)] },
      before: { [field]: now.length > 0 ? now : null },
      version: customer.version,
      confidence: { [field]: CONFIDENCE },
    });
  }
  return proposals;
}
