import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Channel } from './channels.ts';
import { guardedLookup, OutgoingError, post, type Resolve } from './post.ts';
import { isPublicAddress } from './public-address.ts';
import { fitBytes, robotDelivery } from './robots.ts';
import { verifyWebhook, webhookDelivery } from './webhook.ts';

interface Seen {
  url: URL;
  headers: IncomingMessage['headers'];
  text: string;
  body: Record<string, unknown>;
}

let server: Server;
let base: string;
let seen: Seen[] = [];
let answer: { status: number; body: string; headers?: Record<string, string> };
const SECRET = 'SEC-of-the-group';

/** What the three services check, written from their documentation and not from our code. */
const checks: Record<string, (call: Seen) => boolean> = {
  '/cgi-bin/webhook/send': ({ url, body }) =>
    url.searchParams.get('key') === 'k1' &&
    body.msgtype === 'text' &&
    Buffer.byteLength((body.text as { content: string }).content) <= 2048,
  '/robot/send': ({ url, body }) => {
    const timestamp = url.searchParams.get('timestamp') ?? '';
    const wanted = createHmac('sha256', SECRET).update(`${timestamp}\n${SECRET}`, 'utf8').digest('base64');
    return (
      url.searchParams.get('access_token') === 't1' &&
      /^\d{13}$/.test(timestamp) &&
      Math.abs(Date.now() - Number(timestamp)) < 3_600_000 &&
      url.searchParams.get('sign') === wanted &&
      body.msgtype === 'text' &&
      typeof (body.text as { content: string }).content === 'string'
    );
  },
  '/open-apis/bot/v2/hook/h1': ({ body }) => {
    const wanted = createHmac('sha256', `${String(body.timestamp)}\n${SECRET}`).digest('base64');
    return (
      /^\d{10}$/.test(String(body.timestamp)) &&
      body.sign === wanted &&
      body.msg_type === 'text' &&
      typeof (body.content as { text: string }).text === 'string'
    );
  },
};

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const url = new URL(request.url ?? '/', 'http://x');
      const call = { url, headers: request.headers, text, body: JSON.parse(text) as Record<string, unknown> };
      seen.push(call);
      const check = checks[url.pathname];
      const reply = check && !check(call) ? { status: 200, body: '{"errcode":310000,"code":19021}' } : answer;
      response.writeHead(reply.status, reply.headers).end(reply.body);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  seen = [];
  answer = { status: 200, body: '{"errcode":0,"code":0}' };
});

const options = { allowPrivate: true, now: () => new Date() };
const channel = (kind: Channel['kind'], path: string, secret = SECRET): Channel => ({
  id: 'r',
  kind,
  name: '',
  enabled: true,
  settings: {},
  secret: { url: base + path, secret },
});
const delivery = { id: '0199', begin: async () => {} };

describe('group robots', () => {
  const robots = robotDelivery(options);
  it.each([
    ['wecom', '/cgi-bin/webhook/send?key=k1'],
    ['dingtalk', '/robot/send?access_token=t1'],
    ['feishu', '/open-apis/bot/v2/hook/h1'],
  ] as const)('%s accepts signature and shape', async (kind, path) => {
    await robots[kind](channel(kind, path), { text: '今天有 3 位客户待核实' }, delivery);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.text).toContain('今天有 3 位客户待核实');
    expect(seen[0]?.headers['content-type']).toContain('application/json');
  });

  it.each([
    ['dingtalk', '/robot/send?access_token=t1'],
    ['feishu', '/open-apis/bot/v2/hook/h1'],
  ] as const)('%s with a wrong secret is refused for good', async (kind, path) => {
    const error = await robots[kind](channel(kind, path, 'wrong'), { text: 'x' }, delivery).catch((e: unknown) => e);
    expect(error).toMatchObject({ refused: true });
    expect(String(error)).not.toContain('wrong');
  });

  it('a rate limit is no refusal', async () => {
    answer = { status: 200, body: '{"errcode":45009}' };
    const error = await robots
      .wecom(channel('wecom', '/cgi-bin/webhook/send?key=k1'), { text: 'x' }, delivery)
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ refused: false, message: 'answer 200, code 45009' });
  });

  it('long text is cut by whole characters at the limit of 企业微信', async () => {
    expect(fitBytes('短')).toBe('短');
    const cut = fitBytes('客'.repeat(1000));
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(2048);
    expect(cut).toMatch(/^客+…$/);
    await robots.wecom(channel('wecom', '/cgi-bin/webhook/send?key=k1'), { text: '🌱'.repeat(900) }, delivery);
    expect(seen).toHaveLength(1);
  });
});

describe('webhook', () => {
  const webhook = webhookDelivery(options);
  const event = { type: 'reminder.digest', timestamp: '2026-11-22T01:00:00Z', data: { due: 3 } };

  it('is signed as Standard Webhooks says, and repeats carry the same id', async () => {
    await webhook(channel('webhook', '/hook'), event, delivery);
    await webhook(channel('webhook', '/hook'), event, delivery);
    expect(seen.map((call) => call.headers['webhook-id'])).toEqual(['0199', '0199']);
    const [call] = seen;
    const seconds = Number(call?.headers['webhook-timestamp']);
    expect(Math.abs(Date.now() / 1000 - seconds)).toBeLessThan(60);
    // By the specification's own words: base64(HMAC-SHA256(secret, id.timestamp.body)).
    const wanted = createHmac('sha256', SECRET).update(`0199.${seconds}.${call?.text}`).digest('base64');
    expect(call?.headers['webhook-signature']).toBe(`v1,${wanted}`);
    expect(verifyWebhook(SECRET, '0199', seconds, call?.text ?? '', `v1,${wanted}`)).toBe(true);
    expect(verifyWebhook(SECRET, '0199', seconds + 1, call?.text ?? '', `v1,${wanted}`)).toBe(false);
  });

  it('does not follow redirects, tries again after 5xx and 4xx, stops at 410', async () => {
    answer = { status: 302, body: '', headers: { location: `${base}/elsewhere` } };
    await expect(webhook(channel('webhook', '/hook'), event, delivery)).rejects.toMatchObject({ refused: false });
    expect(seen).toHaveLength(1);
    answer = { status: 503, body: '' };
    await expect(webhook(channel('webhook', '/hook'), event, delivery)).rejects.toMatchObject({ refused: false });
    answer = { status: 410, body: '' };
    await expect(webhook(channel('webhook', '/hook'), event, delivery)).rejects.toMatchObject({ refused: true });
  });
});

describe('addresses of the inside', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.100.100.200',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
  ])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));
  it.each(['8.8.8.8', '114.114.114.114', '172.32.0.1', '2400:3200::1', '::ffff:8.8.8.8'])('%s is', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );

  it('are not called unless allowed: not by number, name, odd spelling or other protocol', async () => {
    const { port } = server.address() as AddressInfo;
    for (const address of [
      `http://127.0.0.1:${port}/`,
      `http://localhost:${port}/`,
      `http://2130706433:${port}/`,
      `http://0x7f.1:${port}/`,
      `http://[::1]:${port}/`,
      `http://[::ffff:127.0.0.1]:${port}/`,
      'file:///etc/passwd',
      'gopher://127.0.0.1/',
      'nonsense',
      `http://user:pass@127.0.0.1:${port}/`,
    ])
      await expect(post(address, '{}', { allowPrivate: false })).rejects.toMatchObject({
        name: 'OutgoingError',
        refused: true,
      });
    expect(seen).toHaveLength(0);
    expect((await post(`${base}/x`, '{}', { allowPrivate: true })).status).toBe(200);
  });

  it('are not reached by a redirect either: none is followed', async () => {
    const before = seen.length;
    answer = { status: 302, body: '', headers: { location: `${base}/inside` } };
    expect((await post(`${base}/outside`, '{}', { allowPrivate: true })).status).toBe(302);
    expect(seen).toHaveLength(before + 1);
  });

  it('are not connected to when a public name has them too, or later: what is connected to is what was looked at', async () => {
    const found = [
      { address: '10.0.0.7', family: 4 },
      { address: '8.8.8.8', family: 4 },
      { address: '::1', family: 6 },
    ];
    const answers = [found, found.slice(0, 1)];
    let asked = 0;
    const resolve: Resolve = (_name, _options, done) => done(null, answers[asked++] ?? []);
    const look = (allowPrivate: boolean, all: boolean) =>
      new Promise((done) =>
        guardedLookup(allowPrivate, resolve)('rebind.example', { all }, (error, address) => done(error ?? address)),
      );
    expect(await look(false, true)).toEqual([{ address: '8.8.8.8', family: 4 }]);
    // The name answers otherwise the second time.
    expect(await look(false, false)).toMatchObject({ name: 'OutgoingError', refused: true });
    asked = 0;
    expect(await look(true, true)).toEqual(found);
  });

  it('an answer without end is cut', async () => {
    answer = { status: 200, body: 'x'.repeat(1_000_000) };
    expect((await post(`${base}/x`, '{}', { allowPrivate: true })).body.length).toBeLessThanOrEqual(64 * 1024);
    expect(new OutgoingError('x', true).refused).toBe(true);
  });
});
