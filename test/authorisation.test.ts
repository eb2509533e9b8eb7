import { beforeAll, describe, expect, it } from 'vitest';
import { maskValue, rangeValue } from '../src/domain/fields/mask.ts';
import type { FieldDef, FieldValue, ObjectDef } from '../src/domain/schema/types.ts';
import { isUnique, type Made, openProduct, type Person, PRESETS, type Site } from './support/authorisation.ts';
import { hasAct, isClear, mayDo, modeOf, opens } from './support/oracle.ts';

// Every role preset, and people with several, against every way in: what comes back is what the presets declare, said by an
// oracle of its own (support/oracle.ts). Goal 14 of the reliability goals; issue 4.

const ROLES = [
  ...PRESETS.map(({ id }) => [id]),
  ['sales', 'marketing'],
  ['service', 'sales'],
  ['finance', 'manager'],
  [],
];

let site: Site;
const people: Person[] = [];
const records = new Map<Person, Made[]>();
let elsewhere: Made;
let cases = 0;

const API = '/api/v1';
const live = (object: ObjectDef): FieldDef[] => object.fields.filter((field) => !field.retired);
const mine = (person: Person): Made[] => records.get(person) ?? [];

beforeAll(async () => {
  site = await openProduct();
  const admin = await site.person('boss', ['admin']);
  const stranger = await site.person('stranger', ['sales']);
  const mate = await site.person('mate', ['sales']);
  for (const roles of ROLES) people.push(await site.person(roles.join('+') || 'nobody', roles));
  const put = async (url: string, payload: object): Promise<void> => {
    const reply = await admin.call({ method: 'PUT', url: API + url, payload });
    expect([url, reply.statusCode]).toEqual([url, 200]);
  };
  for (const one of [...people, stranger, mate])
    if (!one.roles.some(({ admin: all }) => all))
      await put(`/people/${one.id}/roles`, { roles: one.roles.map(({ id }) => id) });
  const [top, below] = ['018f0000-0000-7000-8000-000000000001', '018f0000-0000-7000-8000-000000000002'];
  const managers = people.filter(({ name }) => name.includes('manager')).map(({ id }) => id);
  await put(`/departments/${top}`, { name: '华东', parent: null, manager: null, accounts: managers });
  await put(`/departments/${below}`, { name: '上海', parent: top, manager: null, accounts: [mate.id] });

  const objects = site.catalog.objects;
  const customer = objects.find(({ name }) => name === 'customer');
  if (!customer) throw new Error('no customer');
  const children = objects.filter(({ parent }) => parent === 'customer');
  const common: Made[] = [];
  for (const [kind, owner] of [
    ['mate', mate.id],
    ['other', stranger.id],
  ] as const) {
    const head = await site.make(customer, kind, null, owner);
    common.push(head);
    for (const child of children) common.push(await site.make(child, kind, head, owner));
  }
  for (const object of objects.filter(({ name }) => name === 'product'))
    common.push(await site.make(object, 'other', null, stranger.id));
  for (const person of people) {
    const head = await site.make(customer, 'own', null, person.id);
    const made = [head];
    for (const child of children) {
      made.push(await site.make(child, 'own', head, person.id));
      made.push(await site.make(child, 'kin', head, stranger.id));
    }
    const shared = await site.make(customer, 'shared', null, stranger.id);
    const share = { account: person.id, team: null, edit: false, days: 5 };
    const reply = await stranger.call({ method: 'POST', url: `${API}/shares/customer/${shared.id}`, payload: share });
    expect(reply.statusCode).toBe(200);
    records.set(person, [...made, shared, ...common]);
  }
  elsewhere = await site.otherWorkspace(stranger.id);
});

/** What the person should see of a value; undefined: nothing at all. */
function expected(person: Person, made: Made, field: FieldDef): FieldValue | undefined {
  const mode = modeOf(person, made, field);
  const value = made.values[field.name] ?? null;
  if (mode === null || mode === 'hidden') return undefined;
  if (mode === 'masked') return maskValue(value, field);
  return mode === 'ranged' ? rangeValue(value, field, 'zh') : value;
}

const sees = (person: Person, made: Made): boolean =>
  live(made.object).some((field) => modeOf(person, made, field) !== null);

/** Every field of a row as declared, or the row not there. */
function checkRow(
  person: Person,
  made: Made,
  row: { values: Record<string, FieldValue> } | undefined,
  by: string,
  past = false,
): void {
  if (!sees(person, made)) {
    cases += live(made.object).length;
    expect([by, person.name, made.object.name, made.kind, row]).toEqual([
      by,
      person.name,
      made.object.name,
      made.kind,
      undefined,
    ]);
    return;
  }
  const wanted: Record<string, FieldValue> = {};
  for (const field of live(made.object)) {
    cases += 1;
    const value = past && field.rollup ? undefined : expected(person, made, field);
    if (value !== undefined) wanted[field.name] = value;
  }
  expect([by, person.name, made.object.name, made.kind, row?.values]).toEqual([
    by,
    person.name,
    made.object.name,
    made.kind,
    wanted,
  ]);
}

const query = (person: Person, body: object) =>
  person.call({ method: 'POST', url: `${API}/records/query`, payload: body });
const now = () => new Date().toISOString();

describe('reading', () => {
  it('one record: now, as of a moment, in a list', async () => {
    for (const person of people)
      for (const made of mine(person)) {
        const url = `${API}/records/${made.object.name}/${made.id}`;
        for (const [by, asked] of [
          ['get', url],
          ['as of', `${url}?asOf=${encodeURIComponent(now())}`],
        ] as const) {
          const reply = await person.call({ method: 'GET', url: asked });
          const row = reply.statusCode === 200 ? reply.json().rows[0] : undefined;
          // Figures over other records have no past of their own.
          if (by === 'as of')
            for (const field of live(made.object)) if (field.rollup) expect(row?.values?.[field.name]).toBeUndefined();
          checkRow(person, made, row, by, by === 'as of');
        }
        const filter = { field: '$id', op: 'eq', value: made.id };
        const list = await query(person, { object: made.object.name, filter, freshness: true, count: 'exact' });
        const page = list.statusCode === 200 ? list.json() : { rows: [], count: { value: 0 } };
        checkRow(person, made, page.rows[0], 'list');
        expect(page.count.value).toBe(sees(person, made) ? 1 : 0);
        for (const name of Object.keys(page.rows[0]?.freshness?.cells ?? {}))
          expect(Object.keys(page.rows[0].values)).toContain(name);
      }
  });

  it('history and timeline tell what the record does', async () => {
    for (const person of people)
      for (const made of mine(person)) {
        const reply = await person.call({
          method: 'GET',
          url: `${API}/records/${made.object.name}/${made.id}/history`,
        });
        if (!sees(person, made)) expect([403, 404, 422]).toContain(reply.statusCode);
        else {
          const [entry] = reply.json().entries as { fields: { field: string; after: FieldValue }[] }[];
          const told = Object.fromEntries((entry?.fields ?? []).map(({ field, after }) => [field, after]));
          const wanted = live(made.object).flatMap((field): [string, FieldValue][] => {
            const value = expected(person, made, field);
            return field.rollup || value === undefined || value === null || (made.values[field.name] ?? null) === null
              ? []
              : [[field.name, value]];
          });
          expect([person.name, made.object.name, told]).toEqual([
            person.name,
            made.object.name,
            Object.fromEntries(wanted),
          ]);
        }
        cases += live(made.object).length;
        leaks(
          person,
          await person.call({ method: 'GET', url: `${API}/records/${made.object.name}/${made.id}/timeline` }),
          'timeline',
        );
      }
  });

  it('exports hold the rows that may be taken along, with the same values', async () => {
    for (const person of people)
      for (const object of site.catalog.objects) {
        const reply = await person.call({
          method: 'POST',
          url: `${API}/records/export`,
          payload: { query: { object: object.name }, format: 'json' },
        });
        const own = mine(person).filter((made) => made.object.name === object.name);
        const rows = reply.statusCode === 200 ? (reply.json() as (Record<string, FieldValue> & { id: string })[]) : [];
        const byId = new Map(rows.map(({ id, ...values }) => [id, { values }]));
        for (const made of own)
          if (mayDo(person, made, 'export')) checkRow(person, made, byId.get(made.id), 'export');
          else {
            cases += 1;
            expect([person.name, object.name, made.kind, byId.get(made.id)]).toEqual([
              person.name,
              object.name,
              made.kind,
              undefined,
            ]);
          }
        if (rows.length > 0) leaks(person, reply, 'export');
      }
  });

  it('a record of another workspace is not there, for anybody', async () => {
    for (const person of people) {
      const url = `${API}/records/customer/${elsewhere.id}`;
      for (const path of ['', '/history', '/timeline']) {
        const reply = await person.call({ method: 'GET', url: url + path });
        cases += 1;
        expect([403, 404, 422]).toContain(reply.statusCode);
      }
      const change = { op: 'update', object: 'customer', id: elsewhere.id, set: { remark: 'x' } };
      const reply = await person.call({
        method: 'POST',
        url: `${API}/records/changes`,
        payload: { changes: [change] },
      });
      if (reply.statusCode === 200) expect(reply.json().outcomes[0].status).toBe('rejected');
    }
  });
});

describe('what is not plain can’t be guessed', () => {
  it('by filtering: a condition finds only records where the field is plain', async () => {
    for (const person of people)
      for (const object of site.catalog.objects) {
        const own = mine(person).filter((made) => made.object.name === object.name);
        for (const field of live(object).filter(isUnique))
          for (const made of own) {
            const value = made.values[field.name];
            if (value === null || value === undefined) continue;
            const clear = isClear(modeOf(person, made, field) ?? 'hidden');
            const fragment = field.type === 'money' ? 'gte' : 'contains';
            for (const op of made.kind === 'own' ? ['eq'] : [fragment]) {
              const both = [
                { field: '$id', op: 'eq', value: made.id },
                { field: field.name, op, value },
              ];
              const reply = await query(person, { object: object.name, filter: { all: both }, count: 'exact' });
              const found = reply.statusCode === 200 ? reply.json().count.value : 0;
              cases += 1;
              expect([person.name, object.name, made.kind, field.name, op, found]).toEqual([
                person.name,
                object.name,
                made.kind,
                field.name,
                op,
                clear ? 1 : 0,
              ]);
            }
          }
      }
  });

  it('by sorting, grouping or walking the past: refused unless the field is plain in every row', async () => {
    for (const person of people)
      for (const object of site.catalog.objects) {
        const own = mine(person).filter((made) => made.object.name === object.name && sees(person, made));
        for (const field of live(object)) {
          const plain = own.every((made) => isClear(modeOf(person, made, field) ?? 'hidden'));
          const sorted = await query(person, {
            object: object.name,
            sort: [{ field: field.name, dir: 'asc' }],
            page: { limit: 1 },
          });
          const grouped = await person.call({
            method: 'POST',
            url: `${API}/records/group`,
            payload: { query: { object: object.name }, field: field.name },
          });
          const past = await query(person, {
            object: object.name,
            asOf: now(),
            filter: { field: field.name, op: 'notEmpty' },
            page: { limit: 1 },
          });
          for (const reply of [sorted, grouped, past]) {
            cases += 1;
            if (!plain || own.length === 0)
              expect([person.name, object.name, field.name, reply.statusCode < 300 && own.length > 0]).toEqual([
                person.name,
                object.name,
                field.name,
                false,
              ]);
          }
          if (plain && own.length > 0 && person.roles.length === 1 && !['geo', 'file'].includes(field.type))
            expect([person.name, object.name, field.name, sorted.statusCode]).toEqual([
              person.name,
              object.name,
              field.name,
              200,
            ]);
        }
      }
  });

  it('by searching: hits come from what may be read only', async () => {
    for (const person of people)
      for (const made of mine(person))
        for (const field of live(made.object).filter((one) => one.search && one.search !== 'none' && isUnique(one))) {
          const text = String(made.values[field.name]);
          const clear = isClear(modeOf(person, made, field) ?? 'hidden');
          const reply = await person.call({ method: 'GET', url: `${API}/search?q=${encodeURIComponent(text)}` });
          const hits = (reply.json().hits as { id: string }[]).filter(({ id }) => id === made.id).length;
          const listed = await query(person, { object: made.object.name, search: text, page: { limit: 10 } });
          const rows =
            listed.statusCode === 200
              ? (listed.json().rows as { id: string }[]).filter(({ id }) => id === made.id).length
              : 0;
          cases += 2;
          const at = [person.name, made.object.name, made.kind, field.name];
          if (!clear) expect([...at, hits, rows]).toEqual([...at, 0, 0]);
          else if (person.roles.length === 1) expect([...at, hits, rows]).toEqual([...at, 1, 1]);
        }
  });
});

describe('writing', () => {
  it('each field of each record, and each action', async () => {
    for (const person of people)
      for (const made of mine(person)) {
        const { object } = made;
        const fields = live(object).filter((field) => !field.readonly && isUnique(field) && !field.protected);
        const changes = fields.map((field) => ({
          op: 'update',
          object: object.name,
          id: made.id,
          set: { [field.name]: made.values[field.name] },
        }));
        const life = ['delete', 'restore'].map((op) => ({ op, object: object.name, id: made.id }));
        const reply = await person.call({
          method: 'POST',
          url: `${API}/records/changes`,
          payload: { changes: [...changes, ...life], atomic: false, dryRun: true },
        });
        if (!opens(person, object)) {
          expect(reply.statusCode).toBeGreaterThanOrEqual(400);
          continue;
        }
        const outcomes = reply.json().outcomes as { status: string; issues?: { code: string }[] }[];
        for (const [n, field] of fields.entries()) {
          cases += 1;
          const may = modeOf(person, made, field) === 'edit' && mayDo(person, made, 'update') && !object.appendOnly;
          const at = [person.name, object.name, made.kind, field.name];
          expect([...at, outcomes[n]?.status !== 'rejected']).toEqual([...at, may]);
        }
        for (const [n, action] of ['delete', 'restore'].entries()) {
          const outcome = outcomes[fields.length + n];
          const codes = (outcome?.issues ?? []).map(({ code }) => code);
          // Said of the object, whoever asks and of whatever record.
          if (codes.includes('append-only')) continue;
          const allowed = outcome?.status !== 'rejected' || codes.includes('not-deleted');
          const may = mayDo(person, made, action);
          cases += 1;
          const at = [person.name, object.name, made.kind, action];
          expect([...at, allowed && !codes.includes('action-forbidden')]).toEqual([...at, may]);
        }
      }
  });
});

/** No value that the person may not read in plain stands anywhere in a reply. */
function leaks(person: Person, reply: { body: string }, by: string): void {
  for (const made of mine(person))
    for (const field of live(made.object).filter(isUnique)) {
      const value = made.values[field.name];
      if (value === null || value === undefined || isClear(modeOf(person, made, field) ?? 'hidden')) continue;
      // Numbers travel with and without their zeros.
      const text = String(value).replace(/\.?0+$/, '');
      cases += 1;
      if (reply.body.includes(text)) expect([by, person.name, made.object.name, field.name, text]).toEqual('not told');
    }
}

describe('every endpoint', () => {
  it('declares who may call, and refuses everybody else', async () => {
    expect(site.app.endpoints.length).toBeGreaterThan(100);
    for (const endpoint of site.app.endpoints) {
      const { method, path, permission } = endpoint;
      expect([path, permission]).toEqual([path, expect.stringMatching(/^(public|signed-in|record|admin(:[a-z]+)?)$/)]);
      if (path === '/events' || (path === '/session' && method === 'DELETE')) continue;
      const url = API + path.replace(/:\w+/g, '018f0000-0000-7000-8000-00000000dead');
      const body = method === 'GET' || method === 'DELETE' ? {} : { payload: {} };
      const nobody = await site.app.inject({ method, url, ...body });
      if (permission !== 'public') expect([path, nobody.statusCode]).toEqual([path, 401]);
      for (const person of people) {
        cases += 1;
        const reply = await person.call({ method, url, ...body });
        const admin = person.roles.some((preset) => preset.admin);
        const act = permission.startsWith('admin') ? permission.slice('admin:'.length) : null;
        const refused = act !== null && !admin && !(act !== '' && hasAct(person, act));
        const code = reply.headers['content-type']?.toString().includes('json') ? reply.json().code : undefined;
        if (refused) expect([method, path, person.name, code]).toEqual([method, path, person.name, 'forbidden']);
        else if (act !== null)
          expect([method, path, person.name, code]).not.toEqual([method, path, person.name, 'forbidden']);
        expect([method, path, reply.statusCode]).not.toEqual([method, path, 500]);
        if (method === 'GET') leaks(person, reply, path);
      }
    }
  });

  it('of a record tells nothing that is not plain, errors included', async () => {
    const ofRecord = site.app.endpoints.filter(({ method, path }) => method === 'GET' && path.includes(':object/:id'));
    for (const person of people)
      for (const made of mine(person))
        for (const { path } of ofRecord) {
          const url = API + path.replace(':object', made.object.name).replace(':id', made.id);
          leaks(person, await person.call({ method: 'GET', url }), path);
        }
  });

  it('were no handful', () => {
    expect(cases).toBeGreaterThan(5_000);
    console.info(`authorisation: ${cases} cases`);
  });
});
