import { beforeAll, describe, expect, it } from 'vitest';
import { type Made, openProduct, type Person, type Site } from '../../../../test/support/authorisation.ts';

// What the matrix (test/authorisation.test.ts) doesn't walk through: how soon a change works, looking as somebody else, asking to see.

const API = '/api/v1';
let site: Site;
let boss: Person;
let owner: Person;
let marketer: Person;
let customer: Made;

beforeAll(async () => {
  site = await openProduct();
  boss = await site.person('boss', ['admin']);
  owner = await site.person('owner', ['sales']);
  marketer = await site.person('marketer', ['marketing']);
  for (const one of [owner, marketer])
    await give(
      one,
      one.roles.map(({ id }) => id),
    );
  const object = site.catalog.objects.find(({ name }) => name === 'customer');
  if (!object) throw new Error('no customer');
  customer = await site.make(object, 'own', null, owner.id);
});

async function give(person: Person, roles: string[]): Promise<void> {
  const reply = await boss.call({ method: 'PUT', url: `${API}/people/${person.id}/roles`, payload: { roles } });
  expect(reply.statusCode).toBe(200);
}

const mobileOf = async (person: Person, headers: Record<string, string> = {}): Promise<unknown> => {
  const reply = await person.call({ method: 'GET', url: `${API}/records/customer/${customer.id}`, headers });
  return reply.statusCode === 200 ? reply.json().rows[0].values.mobile : reply.json().code;
};

describe('a change of roles', () => {
  it('works with the next request', async () => {
    expect(await mobileOf(marketer)).toMatch(/^138\*{4}/);
    await give(marketer, ['marketing', 'auditor']);
    expect(await mobileOf(marketer)).toBe(customer.values.mobile);
    await give(marketer, []);
    expect(await mobileOf(marketer)).toBe('object-unknown');
    await give(marketer, ['marketing']);
    expect(await mobileOf(marketer)).toMatch(/^138\*{4}/);
  });

  it('that leaves no administrator is refused, and so is a role that names what is not there', async () => {
    const reply = await boss.call({
      method: 'PUT',
      url: `${API}/people/${boss.id}/roles`,
      payload: { roles: ['sales'] },
    });
    expect(reply.json().code).toBe('last-admin');
    const said = { rows: [{ rule: 'all' }], actions: ['read'], fields: { no_such_field: 'read' } };
    const payload = { label: { zh: '错', en: 'Wrong' }, objects: { customer: said }, acts: [] };
    const wrong = await boss.call({ method: 'PUT', url: `${API}/roles/wrong`, payload });
    expect(wrong.json().code).toBe('role-invalid');
    const fixed = await boss.call({ method: 'PUT', url: `${API}/roles/admin`, payload: { ...payload, objects: {} } });
    expect(fixed.json().code).toBe('role-fixed');
  });
});

describe('looking as somebody else', () => {
  const as = (person: Person) => ({ 'x-xianke-view-as': person.id });

  it('shows what he sees, changes nothing, and is the administrator’s', async () => {
    expect(await mobileOf(boss, as(marketer))).toMatch(/^138\*{4}/);
    expect(await mobileOf(owner, as(marketer))).toBe('forbidden');
    const change = { op: 'update', object: 'customer', id: customer.id, set: { remark: 'x' } };
    for (const [method, url, payload] of [
      ['POST', '/records/changes', { changes: [change] }],
      ['PUT', `/people/${owner.id}/roles`, { roles: [] }],
      ['DELETE', `/teams/${customer.id}`, undefined],
    ] as const) {
      const reply = await boss.call({ method, url: API + url, headers: as(owner), ...(payload && { payload }) });
      expect([url, reply.json().code]).toEqual([url, 'view-as-reads']);
    }
    const roles = await boss.call({ method: 'GET', url: `${API}/roles`, headers: as(owner) });
    expect(roles.json().code).toBe('forbidden');
  });
});

describe('asking to see a value', () => {
  it('goes to the owner, is granted for a time, and tells where secrecy is needless', async () => {
    const ask = { object: 'customer', record: customer.id, field: 'mobile', reason: '寄邀请函' };
    const post = (person: Person, url: string, payload: object) =>
      person.call({ method: 'POST', url: API + url, payload });
    expect((await post(owner, '/access/requests', ask)).json().code).toBe('value-visible');
    expect((await post(marketer, '/access/requests', { ...ask, field: 'no_such' })).json().code).toBe('not-found');
    expect((await post(marketer, '/access/requests', ask)).statusCode).toBe(200);
    const list = async (person: Person) =>
      (await person.call({ method: 'GET', url: `${API}/access/requests` })).json().requests as {
        id: string;
        mine: boolean;
      }[];
    const [request] = await list(owner);
    expect(request).toMatchObject({ mine: false, name: 'marketer', field: 'mobile', reason: '寄邀请函' });
    // Nobody grants himself.
    expect((await post(marketer, `/access/requests/${request?.id}`, { grant: true })).json().code).toBe('not-found');
    expect((await post(owner, `/access/requests/${request?.id}`, { grant: true, days: 3 })).statusCode).toBe(200);
    expect(await mobileOf(marketer)).toBe(customer.values.mobile);
    expect((await post(owner, `/access/requests/${request?.id}`, { grant: false })).json().code).toBe('not-found');
    const secrecy = await boss.call({ method: 'GET', url: `${API}/access/secrecy` });
    expect(secrecy.json().fields).toMatchObject([{ field: 'mobile', asked: 1, granted: 1, needless: false }]);
  });

  it('is explained: which role, which rule, which grant', async () => {
    const why = async (person: Person, query: string) =>
      (
        await person.call({
          method: 'GET',
          url: `${API}/access/explain?object=customer&record=${customer.id}&${query}`,
        })
      ).json();
    const granted = await why(marketer, 'field=mobile');
    expect(granted).toMatchObject({ can: true, mode: 'read' });
    expect(granted.reasons.map(({ code }: { code: string }) => code)).toEqual(['asked', 'field']);
    expect(await why(marketer, 'field=email')).toMatchObject({ can: false, mode: 'masked' });
    expect(await why(owner, 'field=mobile')).toMatchObject({
      can: true,
      mode: 'edit',
      reasons: [{ role: 'sales', message: '角色“销售”（本人负责）对其他字段：可编辑。' }],
    });
    expect(await why(owner, `field=mobile&account=${marketer.id}`)).toMatchObject({ code: 'forbidden' });
    expect(await why(boss, `action=delete&account=${owner.id}`)).toMatchObject({ can: false });
  });
});

describe('rows', () => {
  it('of a department follow its tree and its owners as they are now', async () => {
    const manager = await site.person('manager', ['manager']);
    await give(manager, ['manager']);
    expect(await mobileOf(manager)).toBe('record-unknown');
    const [top, below] = ['018f0000-0000-7000-8000-00000000000a', '018f0000-0000-7000-8000-00000000000b'];
    const put = (id: string, payload: object) => boss.call({ method: 'PUT', url: `${API}/departments/${id}`, payload });
    await put(top, { name: '华东', parent: null, manager: manager.id, accounts: [] });
    await put(below, { name: '上海', parent: top, manager: null, accounts: [owner.id] });
    expect(await mobileOf(manager)).toBe(customer.values.mobile);
    const turned = await put(top, { name: '华东', parent: below, manager: manager.id, accounts: [] });
    expect(turned.json().code).toBe('department-below');
    await put(below, { name: '上海', parent: null, manager: null, accounts: [owner.id] });
    expect(await mobileOf(manager)).toBe('record-unknown');
  });
});
