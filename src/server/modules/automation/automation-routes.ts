import sql from 'sql-template-tag';
import { automation as api, type RuleInput } from '../../../contract/automation.ts';
import { AppError } from '../../../contract/errors.ts';
import { issueSentence } from '../../../contract/issue-sentence.ts';
import { type Rule, ruleProblems, subjectOf } from '../../../domain/automation/index.ts';
import { findField, findObject } from '../../../domain/filter/subject.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { validateFilter } from '../../../domain/filter/validate.ts';
import type { Lang } from '../../../domain/issue.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { Channels } from '../../platform/outgoing/channels.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { Ctx } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import { listDeliveries, replayDelivery } from './deliveries.ts';
import type { FindDeps, Names } from './deps.ts';
import { listFirings } from './firing-store.ts';
import { presentFirings } from './present-firings.ts';
import { presetRule, usablePresets } from './presets.ts';
import { tryRule } from './try-rule.ts';

export interface AutomationRouteDeps extends FindDeps {
  channels: Channels;
  names: Names;
  wakeOutbox: (tx: Tx) => Promise<void>;
  ctxOf: MakeCtx;
}

const DAYS = 30;
const NEWEST = 50;
/** Rules of a workspace. */
const MOST = 500;

/** The HTTP edge of automatic rules and of deliveries to webhooks. */
export function automationRoutes(app: App, deps: AutomationRouteDeps): void {
  const { db, automation, ctxOf } = deps;

  route(app, api.rules, async (call) => {
    const ctx = await ctxOf(call);
    const { workspace } = ctx;
    await automation.ready(workspace);
    const { version, rules } = automation.of(workspace);
    const catalog = await deps.catalog.get(workspace);
    const counts = await db.query<{ rule: string; fired: number; failed: number }>(sql`
      select rule, count(*) filter (where state <> 'blocked')::int as fired, count(*) filter (where state = 'failed')::int as failed
      from ${tableOf(workspace, 'automation_firing')} where at > ${ctx.at}::timestamptz - make_interval(days => ${DAYS}) group by 1`);
    const figures = new Map(counts.map((row) => [row.rule, row]));
    const stopped = await automation.stopped(db, workspace);
    const names = await deps.names(workspace, [...new Set(rules.map(({ author }) => author))]);
    return {
      version,
      rules: rules.map((rule) => {
        const stop = stopped.get(rule.id);
        return {
          ...rule,
          authorName: names[rule.author] ?? '—',
          fired: figures.get(rule.id)?.fired ?? 0,
          failed: figures.get(rule.id)?.failed ?? 0,
          stopped: stop ? { at: stop.at.toISOString(), ...stop.reason } : null,
          problem: problemOf(ctx, deps, catalog, rule, call.lang),
        };
      }),
    };
  });

  route(app, api.presets, async (call) => {
    const ctx = await ctxOf(call);
    const catalog = await deps.catalog.get(ctx.workspace);
    const usable = usablePresets(catalog, (rule) => ruleProblems(rule, catalog));
    return {
      presets: usable.map((preset) => ({ about: preset.about[call.lang], rule: presetRule(preset, call.lang) })),
    };
  });

  route(app, api.save, async (call) => {
    const { rule: input, version: from, reason } = call.body;
    const ctx = await ctxOf(call);
    const { id } = call.params;
    const rule = await checked(ctx, input, id, call.lang);
    await automation.ready(ctx.workspace);
    const { rules } = automation.of(ctx.workspace);
    const known = rules.some((one) => one.id === id);
    if (!known && rules.length >= MOST) throw new AppError('too-large', { limit: MOST });
    const next = known ? rules.map((one) => (one.id === id ? rule : one)) : [...rules, rule];
    return { version: await keep(ctx, next, from, reason) };
  });

  route(app, api.remove, async (call) => {
    const ctx = await ctxOf(call);
    await automation.ready(ctx.workspace);
    const { rules } = automation.of(ctx.workspace);
    const next = rules.filter(({ id }) => id !== call.params.id);
    if (next.length === rules.length) throw new AppError('not-found');
    return { version: await keep(ctx, next, call.query.version, undefined) };
  });

  route(app, api.versions, async (call) => {
    const { workspace } = await ctxOf(call);
    const rows = await db.query<{ version: number; at: Date; author: string; reason: string | null; rules: Rule[] }>(
      sql`select * from ${tableOf(workspace, 'automation_rule_version')} order by version desc limit ${NEWEST}`,
    );
    const names = await deps.names(workspace, [...new Set(rows.map(({ author }) => author))]);
    return {
      versions: rows.map(({ version, at, author, reason, rules }) => ({
        ...{ version, reason, rules, at: at.toISOString() },
        authorName: names[author] ?? author,
      })),
    };
  });

  route(app, api.try, async (call) => {
    const ctx = await ctxOf(call);
    const rule = await checked(ctx, call.body.rule, '00000000-0000-7000-8000-000000000000', call.lang);
    return tryRule(deps, ctx, rule, call.body.days ?? DAYS);
  });

  route(app, api.firings, async (call) => {
    const ctx = await ctxOf(call);
    const { rule, state, before, limit = NEWEST } = call.query;
    const firings = await listFirings(db, ctx.workspace, { rule, state, before, limit });
    return { firings: await presentFirings(deps, ctx, firings, call.lang) };
  });

  route(app, api.resume, async (call) => {
    const { workspace } = await ctxOf(call);
    await automation.resume(workspace, call.params.id);
    return { ok: true as const };
  });

  route(app, api.deliveries, async (call) => {
    const { workspace } = await ctxOf(call);
    return { deliveries: await listDeliveries(deps, workspace, call.query) };
  });

  route(app, api.replay, async (call) => {
    const { workspace } = await ctxOf(call);
    await replayDelivery(deps, workspace, call.params.id);
    return { ok: true as const };
  });

  const keep = (ctx: Ctx, rules: Rule[], from: number, reason: string | undefined): Promise<number> =>
    automation.save(ctx.workspace, { author: ctx.actor, reason: reason?.trim() || null, rules, from, now: ctx.at });

  async function checked(ctx: Ctx, input: RuleInput, id: string, lang: Lang): Promise<Rule> {
    const rule: Rule = { ...input, id, author: ctx.actor.replace(/^(user|key):/, '') };
    const problem = problemOf(ctx, deps, await deps.catalog.get(ctx.workspace), rule, lang);
    if (problem !== null) throw new AppError('automation-rule-wrong', { name: rule.name, detail: problem });
    return rule;
  }
}

/** What keeps a rule from running, for one who would be its author; null: nothing. */
function problemOf(ctx: Ctx, deps: FindDeps, catalog: Catalog, rule: Rule, lang: Lang): string | null {
  const [problem] = ruleProblems(rule, catalog);
  if (problem) return problem[lang];
  const env = deps.env(ctx);
  const { when } = rule;
  const subject = subjectOf(when, (of, relation) => targetOf(catalog, of, relation));
  const conditions: [string | null, Filter | undefined][] = [
    [subject, rule.if],
    [when.object, when.on === 'changed' ? when.before : undefined],
    [
      when.on === 'silence' ? when.by : when.object,
      when.on === 'count' || when.on === 'silence' ? when.filter : undefined,
    ],
  ];
  for (const [name, filter] of conditions) {
    const object = name === null ? undefined : findObject(catalog, name);
    if (!filter || !object) continue;
    const [issue] = validateFilter(filter, catalog, object, ctx.access, env);
    if (issue) return issueSentence(issue, object, lang).replace(/[。.]$/, '');
  }
  return null;
}

function targetOf(catalog: Catalog, of: string, relation: string): string | undefined {
  const object = findObject(catalog, of);
  return object && findField(object, relation)?.target;
}
