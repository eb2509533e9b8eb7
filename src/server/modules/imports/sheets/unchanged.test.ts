import { readFileSync } from 'node:fs';
import * as xlsx from '@e965/xlsx';
import iconv from 'iconv-lite';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../../../domain/change/types.ts';
import { openWorld, type World } from './testing.ts';

// Export → import without an edit = zero changes, for every field type of the template and for values that spreadsheets like to break.

let world: World;

const NASTY = [
  '=1+1',
  '+86 138',
  '@SUM(A1)',
  '-1+2',
  "'引号开头",
  '0012',
  '007',
  '12345678901234567890',
  '1.38E+10',
  '2024-01-02',
  '1/2',
  'TRUE',
  '#N/A',
  '第一行\n第二行\n\n第四行',
  '😀 👨‍👩‍👧 𠮷野家 㐂',
  'a "quoted", value; and\ttab',
  '<b>&amp;</b>',
  '_x000D_',
  '合计',
  '备注：无',
  '是',
  'x'.repeat(50),
];

const customer = uuidv7();
const twin = uuidv7();
const contact = uuidv7();
const product = uuidv7();
const contract = uuidv7();

beforeAll(async () => {
  world = await openWorld('all');
  const create = (object: string, set: Record<string, unknown>, id = uuidv7()): Change => ({
    op: 'create',
    object,
    id,
    set,
  });
  const changes = [
    create(
      'customer',
      {
        name: '全字段（上海）有限公司',
        short_name: '=1+1',
        uscc: '91110108551385082Q',
        customer_type: 'enterprise',
        level: 'A',
        industry: 'C36',
        source: 'exhibition',
        owner: world.me,
        legal_representative: '李𠮷',
        registered_capital: '123456789012.34',
        contact_name: '张三',
        mobile: '13800138000',
        phone: '021-62345678-801',
        email: 'ZHANG@x.cn',
        wechat: '0012345678901234567',
        website: 'https://例子.cn/a?b=c&d=e',
        region: '310115',
        address: '上海市浦东新区世纪大道 1 号\n3 楼',
        products: ['阀门', '泵, 大', '=HYPERLINK("x")'],
        amount: '0.1',
        contract_number: '007',
        signed_on: '2024-02-29',
        expires_on: '1899-12-31',
        last_followup_at: '2024-03-05T16:30:15.250Z',
        followup_note: NASTY.join('\n'),
        next_followup_on: '2026-12-31',
        need_tags: ['custom'],
        remark: `开头\n${'长'.repeat(1900)}`,
      },
      customer,
    ),
    create('customer', { name: '重名公司' }, twin),
    create('customer', { name: '重名公司' }),
    ...NASTY.map((text, i) =>
      create('customer', {
        name: `N${i}${text}`.slice(0, 200),
        short_name: text,
        contract_number: text,
        remark: text,
        wechat: text,
      }),
    ),
    ...NASTY.filter((text) => !text.includes('\n') && text !== '#N/A').map((text) =>
      create('customer', { name: text }),
    ),
    create(
      'contact',
      {
        name: '李四',
        customer,
        mobile: '+1 415 555 2671',
        is_primary: true,
        decision_role: ['decision', 'user'],
        birthday: '1980-01-01',
      },
      contact,
    ),
    create('contact', { name: '王五', customer: twin, is_primary: false, phone: '400-810-8888', owner: world.me }),
    create('product', { name: '泵', code: '000123', price: '12345678901234.56', active: true }, product),
    create('product', { name: '阀', code: '1E5', price: '0.01', active: false }),
    create(
      'contract',
      { name: '合同', number: '2024/01', customer, amount: '1000000', signed_on: '2024-01-31' },
      contract,
    ),
    create('opportunity', { name: '商机', customer, stage: 'qualify', amount: '99999.99', probability: 12.5 }),
    create('opportunity', { name: '商机二', customer: twin, stage: 'qualify', probability: 33.333333 }),
    create('opportunity', { name: '商机三', customer, stage: 'qualify', probability: 7 }),
    create('sales_order', {
      customer,
      contract,
      product,
      quantity: 0.1 + 0.2,
      price: '19.9',
      amount: '59.7',
      ordered_on: '2024-01-01',
    }),
    create('sales_order', { customer, quantity: 123456789012345 }),
    create('sales_order', { customer, quantity: 1234567.891 }),
    create('interaction', {
      content: NASTY.slice(0, -1).join('；'),
      customer,
      contact,
      at: '2024-01-01T00:00:00.000Z',
    }),
    create('interaction', { content: '电话', customer: twin, at: '2024-01-01T08:15:00.000Z', kind: 'phone' }),
  ];
  const catalog = await world.engine.catalog.get('main');
  // Whatever choices the template has: take the first ones where a name above is not among them.
  for (const change of changes) {
    const object = catalog.objects.find(({ name }) => name === change.object);
    for (const field of object?.fields ?? []) {
      const value = change.set?.[field.name];
      const options = (field.options ?? []).map((option) => option.value);
      if (typeof value === 'string' && field.type === 'select' && !options.includes(value))
        (change.set ?? {})[field.name] = options[0];
      if (Array.isArray(value) && field.type === 'multiselect') (change.set ?? {})[field.name] = options.slice(0, 2);
    }
  }
  const { outcomes } = await world.write(changes);
  expect(outcomes.flatMap(({ issues = [] }) => issues.filter(({ level }) => level !== 'warning'))).toEqual([]);
});

const OBJECTS = ['customer', 'contact', 'interaction', 'opportunity', 'product', 'contract', 'sales_order'];

describe.each(OBJECTS)('%s', (object) => {
  it('comes back as it went', async () => {
    const run = await world.receive(await world.send({ object }));
    expect(run.error).toBeNull();
    expect(run.round_trip).not.toBeNull();
    expect(await world.found(run)).toEqual([]);
    expect(run.preview?.counts).toMatchObject({ create: 0, update: 0, reject: 0 });
    expect(run.preview?.counts.unchanged).toBeGreaterThan(0);
  });

  it('comes back as it went when another program saved it, as .xlsx and as .csv', async () => {
    const path = await world.send({ object });
    const book = xlsx.read(readFileSync(path), { cellNF: true, cellDates: false });
    const saved = world.file('saved.xlsx', xlsx.write(book, { type: 'buffer', bookType: 'xlsx', compression: true }));
    expect(await world.found(await world.receive(saved))).toEqual([]);
    const sheet = book.Sheets[book.SheetNames[0] ?? ''];
    const csv = world.file('saved.csv', `\ufeff${xlsx.utils.sheet_to_csv(sheet ?? {})}`);
    const run = await world.receive(csv);
    expect(run.round_trip).not.toBeNull();
    expect(await world.found(run)).toEqual([]);
  });
});

it('counts what a GBK file has lost as unchanged', async () => {
  const path = await world.send({ object: 'customer' });
  const book = xlsx.read(readFileSync(path));
  const csv = xlsx.utils.sheet_to_csv(book.Sheets[book.SheetNames[0] ?? ''] ?? {});
  // As Windows converts: one question mark per UTF-16 unit that the code page lacks.
  const bytes = iconv.encode(csv.replace(/[\ud800-\udfff\u200d]/g, '?'), 'gbk');
  const run = await world.receive(world.file('gbk.csv', bytes));
  expect(await world.found(run)).toEqual([]);
  expect(run.round_trip?.spoilt).toBeGreaterThan(0);
});
