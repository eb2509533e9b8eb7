import { v7 as uuidv7 } from 'uuid';
import type { CampaignInput } from '../../../contract/campaigns.ts';
import { AppError } from '../../../contract/errors.ts';
import { maskValue } from '../../../domain/fields/mask.ts';
import { fieldOf } from '../../records/catalog/lookup.ts';
import type { Ctx, Page } from '../../records/types.ts';
import { readCampaign } from './campaign-store.ts';
import type { CampaignDeps } from './deps.ts';
import { addressOf } from './reach.ts';
import { namesIn, sayOf } from './say.ts';
import { type WrittenLetter, writeLetter, writeText } from './write-letter.ts';

/** A letter as its first recipient would get it, with what whoever looks may see of that record. */
export async function previewLetter(
  deps: CampaignDeps,
  ctx: Ctx,
  { kind, audience, variants, lang }: CampaignInput,
  variant: 'a' | 'b',
): Promise<WrittenLetter & { title: string | null; values: Record<string, string>; unknown: string[] }> {
  const letter = variants[variant === 'b' ? 1 : 0];
  if (!letter) throw new AppError('not-found');
  const { object } = addressOf(await deps.catalog.get(ctx.workspace), { kind, audience });
  const { fields, unknown } = namesIn(object, [letter]);
  const wanted = [...new Set([object.title, ...fields])].filter((name) => fieldOf(object, name));
  const page: Page = ctx.access.objects[object.name]
    ? await deps.read.list(ctx, {
        object: object.name,
        fields: wanted,
        // Of the segment itself where it can be asked; of all its records where recipients belong to them.
        ...(audience.of === undefined && audience.filter && { filter: audience.filter }),
        page: { limit: 1 },
        count: 'none',
      })
    : { rows: [] };
  const [row = null] = page.rows;
  const firm = await deps.firm(ctx.workspace);
  const sender = (await deps.names(ctx.workspace, [ctx.actor]))[ctx.actor] ?? '';
  const say = sayOf(object, row, null, { firm, sender, titles: page.titles ?? {}, lang, env: deps.env(ctx) });
  const title = row ? String(row.values[object.title] ?? '') : null;
  const written =
    kind === 'mail'
      ? writeLetter(letter, { say, lang, firm, stop: null, link: null, pixel: null })
      : { subject: '', text: writeText(letter, { say, lang, stop: null }), html: '' };
  const values = Object.fromEntries([...fields, 'firm', 'sender'].map((name) => [name, say(name) ?? '']));
  return { ...written, title, values, unknown };
}

/** Sends one to whoever asks. Nothing is counted, and it can't be sent on by its links. @returns where it goes */
export async function sendTestLetter(
  deps: CampaignDeps,
  ctx: Ctx,
  id: string,
  variant: 'a' | 'b',
  email: string,
): Promise<string> {
  const { name, kind, definition } = await readCampaign(deps.db, ctx.workspace, id);
  // A number to which a text could be sent is not part of an account.
  if (kind !== 'mail') throw new AppError('campaign-not-ready');
  if (!(await deps.channels.find(ctx.workspace, kind))?.enabled) throw new AppError('mail-not-set-up');
  const { subject, text, html } = await previewLetter(deps, ctx, { name, kind, ...definition }, variant);
  const mark = definition.lang === 'zh' ? '［测试］' : '[Test] ';
  await deps.db.tx((tx) =>
    deps.outbox.put(tx, ctx.workspace, {
      channel: kind,
      cause: `campaign-test:${id}:${uuidv7()}`,
      recipient: maskValue(email, { type: 'email' }) ?? '',
      content: { to: email, subject: `${mark}${subject}`, text, html },
    }),
  );
  return email;
}
