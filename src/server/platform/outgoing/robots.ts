import { createHmac } from 'node:crypto';
import type { Deliver } from './outbox.ts';
import { OutgoingError, post } from './post.ts';

/** Text for a chat group. Robots know no tables or pictures in common, so plain text is what all three show alike. */
export interface RobotText {
  text: string;
}

/** WeCom cuts text at 2,048 bytes (developer.work.weixin.qq.com/document/path/91770); the others take more, but a group wants no novel. */
const TEXT_BYTES = 2048;

/** Shortens by whole characters to a number of UTF-8 bytes. */
export function fitBytes(text: string, most = TEXT_BYTES): string {
  if (Buffer.byteLength(text) <= most) return text;
  let bytes = Buffer.byteLength('…');
  let kept = '';
  for (const point of text) {
    bytes += Buffer.byteLength(point);
    if (bytes > most) break;
    kept += point;
  }
  return `${kept}…`;
}

/**
 * 钉钉 custom robot, 加签: HMAC-SHA256 with the secret as key over `${milliseconds}\n${secret}`, base64, URL-encoded, in the address.
 * open.dingtalk.com/document/robots/customize-robot-security-settings
 */
export function dingtalkAddress(address: string, secret: string | undefined, now: Date): string {
  if (!secret) return address;
  const timestamp = now.getTime();
  const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
  return `${address}&timestamp=${timestamp}&sign=${encodeURIComponent(sign)}`;
}

/**
 * 飞书 custom bot, 签名校验: HMAC-SHA256 of nothing with `${seconds}\n${secret}` as key, base64, in the body.
 * open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
 */
export function feishuSignature(secret: string | undefined, now: Date): { timestamp?: string; sign?: string } {
  if (!secret) return {};
  const timestamp = String(Math.floor(now.getTime() / 1000));
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).digest('base64') };
}

interface RobotOptions {
  allowPrivate: boolean;
  now: () => Date;
}

/** The three robots. Their address is itself a secret: who has it can write into the group. */
export function robotDelivery({ allowPrivate, now }: RobotOptions): Record<'wecom' | 'dingtalk' | 'feishu', Deliver> {
  const send = async (address: string, body: unknown, begin: () => Promise<void>): Promise<void> => {
    await begin();
    const reply = await post(address, JSON.stringify(body), { allowPrivate });
    judge(reply.status, reply.body);
  };
  return {
    async wecom({ secret }, content, { begin }) {
      await send(secret.url ?? '', { msgtype: 'text', text: { content: fitBytes(textOf(content)) } }, begin);
    },
    async dingtalk({ secret }, content, { begin }) {
      const address = dingtalkAddress(secret.url ?? '', secret.secret, now());
      await send(address, { msgtype: 'text', text: { content: fitBytes(textOf(content)) } }, begin);
    },
    async feishu({ secret }, content, { begin }) {
      const body = {
        ...feishuSignature(secret.secret, now()),
        msg_type: 'text',
        content: { text: fitBytes(textOf(content)) },
      };
      await send(secret.url ?? '', body, begin);
    },
  };
}

const textOf = (content: unknown): string => (content as RobotText).text;

/** All three answer 200 and say in `errcode` or `code` whether they took it. */
function judge(status: number, body: string): void {
  let code: unknown;
  try {
    const reply = JSON.parse(body) as { errcode?: unknown; code?: unknown };
    code = reply.errcode ?? reply.code;
  } catch {
    code = undefined;
  }
  if (status === 200 && code === 0) return;
  // Wrong key, wrong signature, wrong shape: the same message will not fare better. Rate limits will.
  const refused = (status >= 400 && status < 500 && status !== 429) || (typeof code === 'number' && REFUSED.has(code));
  throw new OutgoingError(`answer ${status}${typeof code === 'number' ? `, code ${code}` : ''}`, refused);
}

/** Signature or key wrong: 企业微信 93000, 钉钉 310000 and 300001, 飞书 19021 and 19022. */
const REFUSED = new Set([93000, 310000, 300001, 19021, 19022]);
