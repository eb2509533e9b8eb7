import { readFileSync } from 'node:fs';
import * as xlsx from '@e965/xlsx';
import type { Page } from 'playwright-core';
import { axeFindings } from './axe.ts';
import { create, type Site } from './browser.ts';

const DEMO = readFileSync(new URL('../../src/web/public/samples/demo.xlsx', import.meta.url));

interface Import {
  id: string;
  state: string;
}

/** What the screens show: imports in each state, a customer with what hangs on him. */
export interface Furnished {
  customer: string;
  imports: { mapped: string; done: string; sheet: string };
  /** A public form that is open. */
  form: string;
}

/** Collects what axe finds, each with where it was. */
export const collector = (page: Page, exclude?: string) => {
  const found: string[] = [];
  return {
    found,
    look: async (where: string) => {
      await page.waitForFunction(() => document.querySelectorAll('.xk-skeleton').length === 0);
      found.push(...(await axeFindings(page, exclude)).map((one) => `${where} ${one}`));
    },
  };
};

/** The first account, and enough that no screen is empty that could have something. */
export async function furnish(site: Site): Promise<Furnished> {
  const imports = { mapped: '', done: '', sheet: '' };
  const upload = async (page: Page, name: string, file: Buffer = DEMO) => {
    const { id } = await page.evaluate(
      async ([base64, fileName]) => {
        const bytes = Uint8Array.from(atob(base64 ?? ''), (letter) => letter.charCodeAt(0));
        const headers = { 'Content-Type': 'application/octet-stream' };
        const reply = await fetch(`/api/v1/imports?name=${fileName}`, { method: 'POST', headers, body: bytes });
        return (await reply.json()) as Import;
      },
      [file.toString('base64'), name],
    );
    return id;
  };
  /** The customers as exported for editing, each cell of one column edited, one of them wrongly. */
  const editedSheet = async (page: Page): Promise<Buffer> => {
    const base64 = await page.evaluate(async () => {
      const body = JSON.stringify({ query: { object: 'customer' }, format: 'xlsx', forEditing: true });
      const headers = { 'Content-Type': 'application/json' };
      const reply = await fetch('/api/v1/records/export', { method: 'POST', headers, body });
      const bytes = new Uint8Array(await reply.arrayBuffer());
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    });
    const book = xlsx.read(base64, { type: 'base64' });
    const rows = xlsx.utils.sheet_to_json<Record<string, string>>(book.Sheets[book.SheetNames[0] ?? ''] ?? {}, {
      raw: false,
      defval: '',
    });
    const sheet = xlsx.utils.json_to_sheet(
      rows.map((row, i) => ({ ...row, 联系人: `改过${i}`, ...(i === 0 && { 手机: '1380013' }) })),
    );
    return Buffer.from(xlsx.write({ SheetNames: ['a'], Sheets: { a: sheet } }, { type: 'buffer', bookType: 'xlsx' }));
  };
  const until = async (id: string, ...states: string[]) => {
    while (!states.includes((await site.call<Import>('GET', `/imports/${id}`)).state))
      await new Promise((resolve) => setTimeout(resolve, 200));
  };

  await site.begin();
  const page = await site.open('/import');
  imports.done = await upload(page, 'old.xlsx');
  await until(imports.done, 'ready');
  const { settings } = await site.call<{ settings: object }>('GET', `/imports/${imports.done}`);
  // Last checked long ago, so that there is something to do today.
  await site.call('PUT', `/imports/${imports.done}/settings`, { ...settings, checkedAt: '2024-03-01' });
  await until(imports.done, 'ready');
  await site.call('POST', `/imports/${imports.done}/start`, {});
  await until(imports.done, 'done');
  imports.mapped = await upload(page, 'new.xlsx');
  await until(imports.mapped, 'ready');
  const ids = await create(site, 'customer', [
    { name: '第一号客户有限公司', contact_name: '王五', mobile: '13800138000', level: 'a', amount: '1000' },
    { name: '第二号客户有限公司', contact_name: '赵六', mobile: '13800138001', level: 'b', need_tags: ['custom'] },
  ]);
  const customer = ids[0] ?? '';
  const idNumber = { name: 'id_number', label: { zh: '身份证号', en: 'ID number' }, type: 'idcard', encrypted: true };
  await site.call('POST', '/objects/contact/fields', idNumber);
  await create(site, 'contact', [
    { name: '张三', customer, mobile: '13900001111', id_number: '11010519491231002X', decision_role: ['user'] },
    { name: '李四', customer, job_title: '财务总监', decision_role: ['budget'], birthday: '1980-05-01' },
  ]);
  await create(site, 'opportunity', [
    { name: '二期扩容', customer, stage: 'contact', amount: '120000' },
    { name: '试点', customer, stage: 'lead', amount: '8000' },
  ]);
  await create(site, 'ticket', [{ subject: '设备掉线', customer, kind: 'repair', priority: 'high' }]);
  await create(site, 'interaction', [{ content: '电话沟通报价', customer, at: new Date().toISOString() }]);
  imports.sheet = await upload(page, 'sheet.xlsx', await editedSheet(page));
  await until(imports.sheet, 'ready');
  const deleted = [{ op: 'delete', object: 'customer', id: ids[1], version: 1 }];
  await site.call('POST', '/records/changes', { changes: deleted });
  const form = crypto.randomUUID();
  const words = (zh: string, en: string) => ({ zh, en });
  const questions = ['name', 'mobile', 'level'].map((field, n) => ({ id: `q${n}`, object: 'customer', field }));
  const when = { match: 'all', of: [{ question: 'q2', is: 'one-of', values: ['a'] }] };
  const design = {
    ...{ name: '官网留言', title: words('请留下信息', 'Your details'), intro: words('', ''), thanks: words('', '') },
    ...{
      object: 'customer',
      questions: [...questions, { id: 'q3', object: 'customer', field: 'remark', when }],
      fixed: [],
    },
    ...{ outcome: 'create', tell: [], sites: ['https://www.example.com'], perAddress: 60, perMinute: 600 },
  };
  await site.call('PUT', `/forms/${form}`, { design, version: 0 });
  await site.call('POST', `/forms/${form}/state`, { state: 'open' });
  return { customer, imports, form };
}
