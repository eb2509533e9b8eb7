import { randomBytes } from 'node:crypto';
import { accessFor } from '../server/modules/access/index.ts';
import { createAccount } from '../server/modules/identity/index.ts';
import { setUpWorkspace, WORKSPACE, writeDemo } from '../server/modules/setup/index.ts';
import { print, progressBar } from './output.ts';
import { withSession } from './session.ts';

export interface DemoOptions {
  customers: string;
  seed: string;
  json?: boolean;
}

const PEOPLE = ['王芳', '李强', '陈静'];

/** `xianke demo`: a believable firm to look at: three sales people, their customers, and what happened with them. */
export function runDemo(options: DemoOptions): Promise<number> {
  return withSession({ needsWorkspace: false }, async ({ engine, lang }) => {
    const password = randomBytes(9).toString('base64url');
    let accounts = await engine.accounts();
    const fresh = accounts.length === 0;
    if (fresh)
      await setUpWorkspace(engine, {
        name: PEOPLE[0] ?? '',
        email: 'demo1@example.com',
        password,
        company: '鲜果科技',
        lang,
      });
    for (const [index, name] of PEOPLE.entries()) {
      const email = `demo${index + 1}@example.com`;
      if ((await engine.accounts()).some((account) => account.email === email)) continue;
      await engine.db.tx((tx) => createAccount(tx, { name, email, password, role: 'member' }));
    }
    accounts = await engine.accounts();
    const owners = accounts
      .filter((account) => PEOPLE.includes(account.name) || account.role === 'admin')
      .map((account) => account.id);
    const bar = progressBar(lang);
    const result = await writeDemo(
      {
        write: engine.write,
        access: accessFor('admin', await engine.catalog.get(WORKSPACE)),
        owners: owners.slice(0, 3),
        now: new Date(),
        progress: bar.update,
      },
      { customers: Number(options.customers), seed: Number(options.seed) },
    );
    bar.stop();
    const signIn = fresh ? { email: 'demo1@example.com', password } : null;
    print(options.json ?? false, { ...result, signIn }, () =>
      [
        lang === 'zh'
          ? `已装入 ${result.customers} 位客户、${result.interactions} 条跟进记录。`
          : `Loaded ${result.customers} customers and ${result.interactions} interactions.`,
        signIn
          ? lang === 'zh'
            ? `登录：${signIn.email} / ${signIn.password}`
            : `Sign in: ${signIn.email} / ${signIn.password}`
          : '',
      ]
        .filter(Boolean)
        .join('\n'),
    );
    return 0;
  });
}
