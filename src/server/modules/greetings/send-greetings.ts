import { AppError } from '../../../contract/errors.ts';
import type { Ctx } from '../../records/types.ts';
import { createAsk, draftAsk, readAskingSettings } from '../asking/index.ts';
import { askingOf, type GreetingDeps } from './deps.ts';
import { type GreetingRow, noteFailed, noteSent, takeDue } from './greeting-store.ts';
import { stopUrl } from './stop-link.ts';

/** Letters at a time: the outbox sends them at its own pace. */
const PORTION = 100;

const STOP = {
  zh: '如不想再收到节日和生日问候，请打开：{url}',
  en: 'If you want no greetings like this one, open: {url}',
};

/** Sends what was confirmed for today (or for a day that quiet hours swallowed), each as the one who confirmed it. */
export async function sendGreetings(deps: GreetingDeps, workspace: string, today: string): Promise<number> {
  let sent = 0;
  for (;;) {
    const due = await takeDue(deps.db, workspace, today, PORTION);
    for (const greeting of due) sent += await send(deps, workspace, greeting);
    if (due.length < PORTION) return sent;
  }
}

async function send(deps: GreetingDeps, workspace: string, greeting: GreetingRow): Promise<number> {
  try {
    const ctx = await ctxOf(deps, workspace, greeting);
    const made = await createAsk(
      askingOf(deps),
      ctx,
      await requestOf(deps, ctx, greeting),
      greeting.origin ?? '',
      'dialog',
    );
    await noteSent(deps.db, workspace, greeting.id, made.ask.id);
    return 1;
  } catch (error) {
    // A customer who is gone, an address that is, mail that was switched off: told in the list, and the others go on.
    if (!(error instanceof AppError)) throw error;
    await noteFailed(deps.db, workspace, greeting.id, error.code);
    return 0;
  }
}

/** As the person who confirmed: what he may not see he can not send. */
async function ctxOf(deps: GreetingDeps, workspace: string, greeting: GreetingRow): Promise<Ctx> {
  const actor = greeting.decided_by ?? '';
  const account = (await deps.accounts()).find((one) => `user:${one.id}` === actor);
  if (!account || account.disabled) throw new AppError('forbidden');
  return {
    workspace,
    actor,
    source: 'rule',
    access: await deps.accessOf(workspace, account),
    at: deps.now(),
    lang: greeting.lang ?? 'zh',
  };
}

/** The letter of the occasion, with what is worth confirming; when nothing is, how he is reached. */
async function requestOf(deps: GreetingDeps, ctx: Ctx, greeting: GreetingRow) {
  const settings = await readAskingSettings(deps.db, ctx.workspace);
  const template =
    settings.templates.find((one) => one.occasion === greeting.occasion) ??
    settings.templates.find((one) => one.occasion === 'other') ??
    settings.templates[0];
  const draft = await draftAsk(askingOf(deps), ctx, greeting.object, greeting.record);
  const person = draft.people.find((one) => one.contact === greeting.contact);
  if (!person) throw new AppError('record-unknown');
  const choices = greeting.contact === null ? draft.fields : person.fields;
  const suggested = choices.filter((choice) => choice.suggested);
  const reach = choices.filter(({ field }) => field.type === 'email' || field.type === 'phone');
  const fields = (suggested.length > 0 ? suggested : reach).map((choice) => choice.field.name);
  const url = stopUrl(deps, greeting.origin ?? '', greeting.person, ctx.lang);
  return {
    object: greeting.object,
    id: greeting.record,
    fields: greeting.contact === null ? fields : [],
    people: [
      {
        way: 'mail' as const,
        ...(greeting.contact === null ? { fields: [] } : { contact: greeting.contact, fields }),
      },
    ],
    purpose: 'care' as const,
    // A greeting is said once.
    remindDays: 0,
    lang: ctx.lang,
    template: template?.id,
    message: `${template?.body[ctx.lang] ?? ''}\n\n${STOP[ctx.lang].replace('{url}', url)}`,
  };
}
