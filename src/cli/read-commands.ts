import { fieldType } from '../domain/fields/registry.ts';
import type { Filter } from '../domain/filter/types.ts';
import type { ObjectDef } from '../domain/schema/types.ts';
import { healthReport, todayList } from '../server/modules/freshness/index.ts';
import { objectOf } from '../server/records/catalog/lookup.ts';
import type { Query, Row } from '../server/records/types.ts';
import { print, table } from './output.ts';
import { type Session, WORKSPACE, withSession } from './session.ts';

interface Common {
  json?: boolean;
}

/** `xianke search TEXT`: all objects, by fragments, pinyin, initials, phone digits. */
export function runSearch(text: string, options: Common & { limit?: string }): Promise<number> {
  return withSession({}, async ({ engine, ctx }) => {
    const hits = await engine.read.search(await ctx(), text, { limit: Number(options.limit ?? 20) });
    print(options.json ?? false, hits, () =>
      table(
        ['', '', ''],
        hits.map((hit) => [hit.object, hit.title, hit.detail ?? '']),
      ),
    );
    return 0;
  });
}

/** `xianke health`: the four figures and what to do first. */
export function runHealth(options: Common & { object?: string }): Promise<number> {
  return withSession({}, async ({ engine, lang, ctx }) => {
    const object = objectOf(await engine.catalog.get(WORKSPACE), options.object ?? 'customer');
    const { db, plans, names } = engine;
    const report = await healthReport({ db, plans, names }, WORKSPACE, object, engine.env(await ctx()));
    const percent = (value: number) => `${Math.round(value * 1000) / 10} %`;
    print(options.json ?? false, report, () =>
      [
        table(
          lang === 'zh'
            ? ['健康度', '完整', '有效', '新鲜', '唯一', '记录']
            : ['Health', 'Complete', 'Valid', 'Fresh', 'Unique', 'Records'],
          [
            [
              percent(report.health),
              percent(report.completeness.value),
              percent(report.validity.value),
              percent(report.freshness.value),
              percent(report.uniqueness.value),
              String(report.records),
            ],
          ],
        ),
        '',
        ...report.actions.map((action) => `· ${action.message[lang]}`),
      ].join('\n'),
    );
    return 0;
  });
}

/** `xianke due`: today's list of one person. */
export function runDue(options: Common & { owner?: string; limit?: string }): Promise<number> {
  return withSession({}, async ({ engine, lang, ctx }) => {
    const context = await ctx();
    const accounts = await engine.accounts();
    const owner = options.owner
      ? accounts.find((account) => [account.id, account.email, account.name].includes(options.owner ?? ''))?.id
      : accounts[0]?.id;
    const list = await todayList(
      engine,
      context,
      await engine.catalog.get(WORKSPACE),
      owner ?? '',
      Number(options.limit ?? 20),
    );
    print(options.json ?? false, list, () =>
      table(
        lang === 'zh' ? ['客户', '联系', '为什么'] : ['Customer', 'Contact', 'Why'],
        list.items.map((item) => [
          item.title,
          [item.contact?.name, item.contact?.phone].filter(Boolean).join(' '),
          item.reasons.map((reason) => reason.message).join('; '),
        ]),
      ),
    );
    return 0;
  });
}

/** `xianke asof WHEN OBJECT`: a table as it was at a moment. */
export function runAsOf(
  when: string,
  object: string,
  options: Common & { limit?: string; filter?: string },
): Promise<number> {
  const query: Query = { object, asOf: new Date(when).toISOString(), page: { limit: Number(options.limit ?? 50) } };
  return withSession({}, (session) => list(session, query, options));
}

async function list(session: Session, query: Query, options: Common & { filter?: string }): Promise<number> {
  const { engine, ctx } = session;
  const filter = options.filter ? (JSON.parse(options.filter) as Filter) : undefined;
  const page = await engine.read.list(await ctx(), { ...query, ...(filter && { filter }) });
  const object = objectOf(await engine.catalog.get(WORKSPACE), query.object);
  print(options.json ?? false, page, () => rowsTable(session, object, page.rows));
  return 0;
}

function rowsTable({ engine, lang }: Session, object: ObjectDef, rows: Row[]): string {
  const fields = object.fields.filter((field) => !field.retired).slice(0, 6);
  const env = engine.env({ at: new Date() });
  return table(
    fields.map((field) => field.label[lang]),
    rows.map((row) =>
      fields.map((field) => fieldType(field.type).format(row.values[field.name] ?? null, field, lang, env)),
    ),
  );
}
