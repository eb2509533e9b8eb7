import sql from 'sql-template-tag';
import { priorOfField } from '../../../domain/freshness/priors.ts';
import {
  modeRate,
  type Observation,
  priorAround,
  type RateEstimate,
  rateEvidence,
} from '../../../domain/freshness/rate.ts';
import { shrinkRates } from '../../../domain/freshness/shrink.ts';
import { evidenceOfSums, type RateSums } from '../../../domain/freshness/sums.ts';
import { chooseHazard, WEIBULL_MINIMUM } from '../../../domain/freshness/weibull.ts';
import type { Catalog, FieldDef } from '../../../domain/schema/types.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { RateKey } from './fold-rates.ts';

/** What the prior is worth, in observed changes: two change it soon, and one odd week does not. */
const PRIOR_CHANGES = 2;
/** A rate in force follows the fitted one when it is this far off (ln): a re-plan moves due dates of every record. */
const MOVE = 0.08;
/** Rates in force move at most this often, unless one is far off. */
const ADOPT_HOURS = 20;
const FAR_OFF = 0.4;
/** Latest observations of a field that decide whether its hazard has a memory. */
const MEMORY_SAMPLE = 3000;

interface Fit extends RateKey {
  rate: number;
  low: number;
  high: number;
  observations: number;
  changes: number;
  shape: number;
  /** Rate of the hazard of that shape: the one plans should use. */
  target: number;
}

/**
 * Fits the rates of fields from their sums: the segments of a field shrink to it, the field to its prior. Returns whether rates in force moved,
 * so that plans are other ones now.
 */
export async function fitRates(
  db: Db,
  workspace: string,
  catalog: Catalog,
  fields: ReadonlySet<number>,
  now: Date,
): Promise<boolean> {
  const fits: Fit[] = [];
  const priors = new Map<number, number>();
  for (const field of catalog.objects.flatMap((object) => object.fields)) {
    if (!fields.has(field.id) || !field.tracked || field.retired) continue;
    priors.set(field.id, priorOfField(field).rate);
    fits.push(...(await fitField(db, workspace, field)));
  }
  if (fits.length === 0) return false;
  return db.tx(async (tx) => adopt(tx, workspace, fits, priors, now));
}

async function fitField(db: Db, workspace: string, field: FieldDef): Promise<Fit[]> {
  const sums = await db.query<RateKey & RateSums & Record<string, unknown>>(sql`
    select field, segment, observations, unchanged, intervals from ${tableOf(workspace, 'rate_sum')}
    where field = ${field.id} order by segment`);
  if (sums.length === 0) return [];
  const prior = priorAround(priorOfField(field).rate, PRIOR_CHANGES);
  const evidence = sums.map(evidenceOfSums);
  const { parent, groups } = shrinkRates(evidence, prior);
  const total = evidence.reduce((sum, one) => sum + one.observations, 0);
  const { shape, scale } = total >= WEIBULL_MINIMUM ? await memory(db, workspace, field.id) : MEMORYLESS;
  return sums.map((sum, index) => {
    // One group has nobody to be alike with: it is the field itself.
    const estimate: RateEstimate = groups.length > 1 ? (groups[index] ?? parent) : parent;
    const { mean: rate, low, high, observations, changes } = estimate;
    return {
      field: field.id,
      segment: sum.segment,
      rate,
      low,
      high,
      observations,
      changes,
      shape,
      target: rate * scale,
    };
  });
}

const MEMORYLESS = { shape: 1, scale: 1 };

/** Weibull shape of a field where BIC prefers one (freshness-model §2), and its rate relative to the memoryless one. */
async function memory(db: Db, workspace: string, field: number): Promise<{ shape: number; scale: number }> {
  const rows = await db.query<{ age: number; outcome: string; born: number | null }>(sql`
    select age, outcome, born from ${tableOf(workspace, 'observation')} where field = ${field} and weight = 1
    order by seq desc limit ${MEMORY_SAMPLE}`);
  const known = rows.filter((row) => row.born !== null);
  if (known.length < WEIBULL_MINIMUM) return MEMORYLESS;
  const observations = known.map(
    ({ age, outcome, born }): Observation => ({ interval: age, changed: outcome !== 'r', born: born ?? 0 }),
  );
  const { hazard } = chooseHazard(observations);
  const plain = modeRate(rateEvidence(observations));
  if (hazard.shape === 1 || !(plain > 0)) return MEMORYLESS;
  return { shape: hazard.shape, scale: hazard.rate / plain };
}

async function adopt(
  tx: Tx,
  workspace: string,
  fits: Fit[],
  priors: ReadonlyMap<number, number>,
  now: Date,
): Promise<boolean> {
  const table = tableOf(workspace, 'rate_fit');
  const state = tableOf(workspace, 'rate_state');
  const before = new Map<string, { used: number; shape: number }>();
  for (const row of await tx.query<RateKey & { used: number; shape: number } & Record<string, unknown>>(
    sql`select field, segment, used, shape from ${table}`,
  ))
    before.set(`${row.field} ${row.segment}`, row);
  const inForce = (fit: Fit) =>
    before.get(`${fit.field} ${fit.segment}`) ?? { used: priors.get(fit.field) ?? fit.target, shape: 1 };
  const off = (fit: Fit) => {
    const { used, shape } = inForce(fit);
    return Math.abs(Math.log(fit.target / used)) + Math.abs(Math.log(fit.shape / shape));
  };
  const [last] = await tx.query<{ rested: boolean }>(sql`
    select adopted_at is null or adopted_at < ${now}::timestamptz - make_interval(hours => ${ADOPT_HOURS}::int) as rested
    from ${state} for update`);
  const furthest = Math.max(...fits.map(off));
  const moving = furthest > FAR_OFF || (furthest > MOVE && (last?.rested ?? true));
  const payload = fits.map((fit) => {
    const moved = moving && off(fit) > MOVE;
    const { used, shape } = inForce(fit);
    // Shares of finds add up to parts of one; people are told how many.
    const observations = Math.round(fit.observations);
    return { ...fit, observations, used: moved ? fit.target : used, shape: moved ? fit.shape : shape };
  });
  await tx.query(sql`
    insert into ${table} (field, segment, rate, low, high, observations, changes, at, shape, used)
    select field, segment, rate, low, high, observations, changes, ${now}::timestamptz, shape, used
    from jsonb_to_recordset(${JSON.stringify(payload)}::jsonb)
      as x(field int, segment text, rate float8, low float8, high float8, observations int, changes float8, shape float8, used float8)
    on conflict (field, segment) do update set rate = excluded.rate, low = excluded.low, high = excluded.high,
      observations = excluded.observations, changes = excluded.changes, at = excluded.at, shape = excluded.shape, used = excluded.used`);
  if (moving) await tx.query(sql`update ${state} set adopted_at = ${now}`);
  return moving;
}
