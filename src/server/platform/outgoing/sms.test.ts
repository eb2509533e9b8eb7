import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Channel } from './channels.ts';
import { OutgoingError } from './post.ts';
import { smsBody, smsDelivery } from './sms.ts';

const got: { body: unknown; authorization: string | undefined }[] = [];
let answer: { status: number; body: string } | 'none' = { status: 200, body: '{"result":{"code":0}}' };
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    got.push({ body: JSON.parse(body), authorization: request.headers.authorization });
    if (answer === 'none') request.socket.destroy();
    else response.writeHead(answer.status).end(answer.body);
  });
});
let channel: Channel;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  channel = {
    ...{ id: 'sms', kind: 'sms', name: '', enabled: true },
    settings: { host: '127.0.0.1', okPath: 'result.code', okValue: '0' },
    secret: {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`,
      authorization: 'Bearer key',
      body: '{"mobile":"{phone}","content":"{text}","uid":"{id}"}',
    },
  };
});
afterAll(() => server.close());

async function send(text: string, allowPrivate = true) {
  let begun = 0;
  const begin = async () => {
    begun += 1;
  };
  const error = await smsDelivery({ allowPrivate })(channel, { to: '13800138000', text }, { id: 'm1', begin }).catch(
    (e: Error) => e,
  );
  return { error, begun, known: error instanceof OutgoingError ? error : null };
}

describe('text messages over HTTP', () => {
  it('are handed over with what the provider asks for', async () => {
    expect((await send('您好 "朋友"\n退订：https://a.cn/x')).error).toBeUndefined();
    expect(got.at(-1)).toEqual({
      authorization: 'Bearer key',
      body: { mobile: '13800138000', content: '您好 "朋友"\n退订：https://a.cn/x', uid: 'm1' },
    });
  });

  it('can not break out of their place', () => {
    const body = smsBody('{"t":"{text}"}', { to: '1', text: '","admin":"{phone}' }, 'x');
    expect(JSON.parse(body)).toEqual({ t: '","admin":"{phone}' });
  });

  it('that are refused are not tried again, those put off are, and those without an answer are uncertain', async () => {
    answer = { status: 200, body: '{"result":{"code":17}}' };
    expect((await send('x')).known).toMatchObject({ refused: true });
    answer = { status: 403, body: '' };
    expect((await send('x')).known).toMatchObject({ refused: true, message: 'answer 403' });
    answer = { status: 429, body: '' };
    expect((await send('x')).known).toMatchObject({ refused: false });
    answer = 'none';
    const broken = await send('x');
    expect([broken.known, broken.begun]).toEqual([null, 1]);
    expect(broken.error).toBeInstanceOf(Error);
  });

  it('do not reach inside', async () => {
    const before = got.length;
    expect((await send('x', false)).known).toMatchObject({ refused: true });
    expect(got.length).toBe(before);
  });
});
