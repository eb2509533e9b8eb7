import sql from 'sql-template-tag';
import { AppError } from '../../../contract/errors.ts';
import { issueSentence } from '../../../contract/issue-sentence.ts';
import { review } from '../../../contract/review.ts';
import type { FilterEnv } from '../../../domain/filter/meaning.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import { validateFilter } from '../../../domain/filter/validate.ts';
import type { Lang } from '../../../domain/issue.ts';
import type { ReviewRules } from '../../../domain/review/index.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import type { Ctx, ReadDoor } from '../../records/types.ts';
import type { MakeCtx } from '../edge.ts';
import { beyondRecord } from './hold-guard.ts';
import type { RuleStore } from './rule-store.ts';
import { tryRules } from './try-rules.ts';

export interface ReviewDeps {
  db: Db;
  read: ReadDoor;
  catalog: CatalogStore;
  rules: RuleStore;
  env: (ctx: Pick<Ctx, 'at'>) => FilterEnv;
  names: (workspace: string, ids: string[]) => Promise<Record<string, string>>;
  ctxOf: MakeCtx;
  /** Lets the rules look at open proposals now. */
  judgeSoon: () => Promise<void>;
}

const DAYS = 30;
const NEWEST = 50;

/** The HTTP edge of the rules. */
export function reviewRoutes(app: App, deps: ReviewDeps): void {
  const { db, rules } = deps;

  route(app, review.rules, async (call) => {
    const { workspace } = await deps.ctxOf(call);
    await rules.ready(workspace);
    const rows = await db.query<{ rule: string; fields: number; undone: number }>(sql`
      select rule, count(*)::int as fields, count(undone_at)::int as undone from ${tableOf(workspace, 'proposal_decision')}
      where rule is not null and at > now() - make_interval(days => ${DAYS}) group by 1`);
    const done = Object.fromEntries(rows.map(({ rule, fields, undone }) => [rule, { fields, undone }]));
    return { ...rules.of(workspace), done };
  });

  route(app, review.saveRules, async (call) => {
    const ctx = await deps.ctxOf(call);
    const { rules: wanted, version: from, reason, open = false } = call.body;
    checkRules(ctx, await deps.catalog.get(ctx.workspace), wanted, deps.env(ctx), call.lang);
    const version = await rules.save(ctx.workspace, {
      author: ctx.actor,
      reason: reason?.trim() || null,
      rules: wanted,
      from,
      open,
    });
    await deps.judgeSoon();
    return { version };
  });

  route(app, review.versions, async (call) => {
    const { workspace } = await deps.ctxOf(call);
    const rows = await db.query<{
      version: number;
      at: Date;
      author: string;
      reason: string | null;
      rules: ReviewRules;
    }>(sql`select * from ${tableOf(workspace, 'review_rule_version')} order by version desc limit ${NEWEST}`);
    const names = await deps.names(workspace, [...new Set(rows.map(({ author }) => author))]);
    return {
      versions: rows.map(({ at, author, ...row }) => ({
        ...row,
        at: at.toISOString(),
        authorName: names[author] ?? author,
      })),
    };
  });

  route(app, review.tryRules, async (call) => {
    const ctx = await deps.ctxOf(call);
    const catalog = await deps.catalog.get(ctx.workspace);
    checkRules(ctx, catalog, { decide: call.body.decide, hold: [] }, deps.env(ctx), call.lang);
    return tryRules(deps, ctx, call.body.decide, call.body.days ?? DAYS);
  });
}

/** Refuses rules about what does not exist, and conditions that can't be read. */
function checkRules(ctx: Ctx, catalog: Catalog, { decide, hold }: ReviewRules, env: FilterEnv, lang: Lang): void {
  for (const { name, object: of, fields, filter } of [...decide, ...hold]) {
    if (of === undefined) {
      if (fields.length > 0 || filter) throw new AppError('review-rule-field', { name, detail: fields[0] ?? '—' });
      continue;
    }
    const object = catalog.objects.find((one) => one.name === of && !one.retired);
    if (!object) throw new AppError('review-rule-field', { name, detail: of });
    const unknown = fields.find((field) => !object.fields.some((one) => one.name === field));
    if (unknown !== undefined) throw new AppError('review-rule-field', { name, detail: unknown });
    if (!filter) continue;
    const [issue] = validateFilter(filter, catalog, object, ctx.access, env);
    if (issue) throw new AppError('review-rule-condition', { name, detail: issueSentence(issue, object, lang) });
  }
  for (const { name, filter } of hold) {
    const [beyond] = filter ? beyondRecord(filter as Filter) : [];
    if (beyond !== undefined)
      throw new AppError('review-rule-condition', {
        name,
        detail:
          lang === 'zh'
            ? `留置规则只能用记录自己的字段（${beyond}）`
            : `holding rules may use the record’s own fields only (${beyond})`,
      });
  }
}
