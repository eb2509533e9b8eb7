import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { Client } from './load.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The product as people run it: a process of its own, from dist, with its embedded PostgreSQL. */
export interface Product {
  pid: number;
  url: string;
  dataDir: string;
  /** Milliseconds from the start of the process until a page was answered. */
  startedInMs: number;
  stop(): Promise<void>;
}

export async function startProduct(dataDir: string, profile?: string): Promise<Product> {
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]), join(root, 'scripts', 'start.mjs')],
    {
      cwd: root,
      env: {
        ...process.env,
        DATA_DIR: dataDir,
        PORT: '0',
        // The limit stays on, for it costs time; it only must not stop a bench.
        RATE_LIMIT: '100000000',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (piece: Buffer) => {
      said += piece.toString();
      const [found] = /http:\/\/\S+/.exec(said) ?? [];
      if (found) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`the product ended with ${code}: ${said}`)));
    child.once('error', reject);
  });
  const client = new Client(url);
  await client.send({ path: '/' });
  client.close();
  return { pid: child.pid ?? 0, url, dataDir, startedInMs: performance.now() - began, stop: () => stop(child) };
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

/** How to reach the product's PostgreSQL: line 5 of postmaster.pid is the socket's directory. */
export function databaseOf(dataDir: string): pg.ClientConfig {
  const lines = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
  return { host: lines[4] ?? '', port: Number(lines[3]), user: 'xianke', database: 'xianke' };
}

export async function openDatabase(dataDir: string): Promise<pg.Client> {
  const client = new pg.Client({ ...databaseOf(dataDir), application_name: 'bench' });
  await client.connect();
  return client;
}

/** Names of the sales team; every fifteenth customer is one's own. */
export const TEAM = '王芳 李强 张敏 刘伟 陈静 杨磊 赵娜 黄勇 周艳 吴杰 徐涛 孙丽 胡超 朱霞 高明'.split(' ');
const PASSWORD = 'bench-Quelle-77';

/** How the administrator signs in, for a browser. */
export const ADMIN = { email: 'admin@example.com', password: PASSWORD };

export interface People {
  /** Headers of an administrator and of one of the sales team. */
  admin: Record<string, string>;
  member: Record<string, string>;
  memberId: string;
}

/** First account, sales team, keys: all over HTTP, as people would. On a data directory of an earlier run it signs in. */
export async function setUpPeople(url: string): Promise<People> {
  const client = new Client(url);
  const { needed } = await client.json<{ needed: boolean }>({ path: '/api/v1/setup' });
  const email = (i: number) => `sales${i}@example.com`;
  if (needed)
    await client.json({
      path: '/api/v1/setup',
      body: { name: '管理员', email: 'admin@example.com', password: PASSWORD, company: '基准测试公司' },
    });
  const admin = await keyOf(client, 'admin@example.com');
  const { accounts } = await client.json<{ accounts: { id: string; email: string }[] }>({
    path: '/api/v1/accounts',
    headers: admin,
  });
  for (const [i, name] of TEAM.entries())
    if (!accounts.some((account) => account.email === email(i)))
      accounts.push(
        await client.json({
          path: '/api/v1/accounts',
          headers: admin,
          body: { name, email: email(i), password: PASSWORD, role: 'member' },
        }),
      );
  const member = await keyOf(client, email(0));
  client.close();
  return { admin, member, memberId: accounts.find((account) => account.email === email(0))?.id ?? '' };
}

async function keyOf(client: Client, email: string): Promise<Record<string, string>> {
  const reply = await fetchCookies(client, email);
  const { key } = await client.json<{ key: string }>({
    path: '/api/v1/api-keys',
    headers: { cookie: reply },
    body: { name: 'bench' },
  });
  return { authorization: `Bearer ${key}` };
}

async function fetchCookies(client: Client, email: string): Promise<string> {
  const reply = await fetch(`${client.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  if (!reply.ok) throw new Error(`sign-in of ${email}: ${reply.status} ${await reply.text()}`);
  return reply.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}
