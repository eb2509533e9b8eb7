import { AppError } from '../../../contract/errors.ts';
import { maskValue } from '../../../domain/fields/mask.ts';
import type { Lang } from '../../../domain/issue.ts';
import type { Tx } from '../../platform/postgres/db.ts';
import type { Ctx } from '../../records/types.ts';
import { hasObjected } from '../consent/index.ts';
import { type AskRow, findRecipient, insertAsk, isOpen, type NewRecipient, type RecipientRow } from './ask-store.ts';
import type { AskCell } from './cells.ts';
import type { AskingDeps } from './deps.ts';
import { type AskDraft, draftAsk, type FieldChoice } from './draft-ask.ts';
import { writeLetter } from './letter.ts';
import { readAskingSettings } from './settings.ts';

const DAY_MS = 86_400_000;

export interface AskRequest {
  object: string;
  id: string;
  fields?: string[] | undefined;
  people: {
    contact?: string | undefined;
    name?: string | undefined;
    email?: string | undefined;
    way: 'mail' | 'link';
    fields?: string[] | undefined;
  }[];
  lang?: Lang | undefined;
  template?: string | undefined;
  subject?: string | undefined;
  message?: string | undefined;
  expireDays?: number | undefined;
  remindDays?: number | undefined;
  /** Why it is written; nothing goes to who said no to it. `confirm` by default. */
  purpose?: 'confirm' | 'care' | undefined;
  /** The round it is part of: one request for each customer in it. */
  census?: string | undefined;
}

export interface Made {
  ask: AskRow;
  recipients: RecipientRow[];
  /** In the order of the recipients. The tokens are nowhere else. */
  urls: string[];
}

/** Stores a request, one link per person, and queues the letters; all or nothing. @param origin `https://crm.example.com` */
export async function createAsk(
  deps: AskingDeps,
  ctx: Ctx,
  request: AskRequest,
  origin: string,
  kind: 'dialog' | 'embed' = 'dialog',
): Promise<Made> {
  const blanks = request.census === undefined ? [] : request.fields;
  const draft = await draftAsk(deps, ctx, request.object, request.id, blanks);
  const settings = await readAskingSettings(deps.db, ctx.workspace);
  const lang = request.lang ?? ctx.lang;
  const template =
    settings.templates.find((one) => one.id === (request.template ?? 'confirm')) ?? settings.templates[0];
  const people = request.people.map((person) => recipientOf(draft, request, person));
  const written = people.filter((person) => person.way === 'mail');
  if (written.length > 0) await requireMail(deps, ctx.workspace);
  for (const { contact, name } of written)
    if (await hasObjected(deps.db, ctx.workspace, contact ?? request.id, request.purpose ?? 'confirm', 'mail'))
      throw new AppError('consent-withdrawn', { name });
  const days = request.expireDays ?? settings.expireDays;
  const ask: Omit<AskRow, 'id'> = {
    object: request.object,
    record: request.id,
    made_at: ctx.at,
    made_by: ctx.actor,
    kind,
    lang,
    origin,
    template: template?.id ?? null,
    subject: request.subject ?? template?.subject[lang] ?? '',
    message: request.message ?? template?.body[lang] ?? '',
    expires_at: new Date(ctx.at.getTime() + days * DAY_MS),
    remind_after_days: (request.remindDays ?? settings.remindDays) || null,
    census: request.census ?? null,
  };
  return deps.db.tx(async (tx) => {
    const made = await insertAsk(tx, ctx.workspace, ask, people);
    const urls: string[] = [];
    for (const person of made.recipients) {
      const url = await issueUrl(deps, tx, ctx.workspace, made.ask, person, ctx.at);
      urls.push(url);
      if (person.way === 'mail')
        await queueLetter(deps, tx, ctx.workspace, {
          ...{ ask: made.ask, person, url, title: draft.title, cause: 'first' },
          purpose: request.purpose ?? 'confirm',
        });
    }
    return { ...made, urls };
  });
}

export async function issueUrl(
  deps: AskingDeps,
  tx: Tx,
  workspace: string,
  ask: Pick<AskRow, 'origin'>,
  person: Pick<RecipientRow, 'id'>,
  now: Date,
): Promise<string> {
  return `${ask.origin}/c/${await deps.links.issue(tx, workspace, person.id, now)}`;
}

/** Puts the letter into the outbox. `cause` is part of what makes it unique: each person gets each letter once. */
export async function queueLetter(
  deps: AskingDeps,
  tx: Tx,
  workspace: string,
  letter: { ask: AskRow; person: RecipientRow; url: string; title: string; cause: string; purpose?: string },
): Promise<void> {
  const { ask, person, url, title, cause, purpose = 'confirm' } = letter;
  if (!person.email) throw new AppError('ask-needs-email', { name: person.name });
  const sender = (await deps.names(workspace, [ask.made_by]))[ask.made_by] ?? '';
  const firm = await deps.firm(workspace);
  const days = Math.max(1, Math.round((ask.expires_at.getTime() - deps.now().getTime()) / DAY_MS));
  const facts = { name: person.name, company: title, sender: [sender, firm].filter(Boolean).join(' · '), days, url };
  const written = writeLetter({ subject: ask.subject, body: ask.message }, facts, ask.lang);
  await deps.outbox.put(tx, workspace, {
    channel: 'mail',
    cause: `ask:${person.id}:${cause}`,
    recipient: maskValue(person.email, { type: 'email' }) ?? '',
    content: { to: person.email, toName: person.name, ...written },
    about: { person: person.contact ?? ask.record, purpose },
  });
}

export async function requireMail(deps: Pick<AskingDeps, 'channels'>, workspace: string): Promise<void> {
  const channel = await deps.channels.find(workspace, 'mail');
  if (!channel?.enabled) throw new AppError('mail-not-set-up');
}

/** A person who can still answer, for one more letter or link; an expired term is for the caller to renew. */
export async function openRecipient(tx: Tx, workspace: string, ask: string, id: string, now: Date) {
  const found = await findRecipient(tx, workspace, id, true);
  if (!found || found.ask.id !== ask) throw new AppError('not-found');
  const pending = found.person.state === 'sent' || found.person.state === 'opened';
  if (!pending) throw new AppError('ask-closed', { name: found.person.name });
  return { ...found, open: isOpen(found.person, found.ask, now) };
}

function recipientOf(draft: AskDraft, request: AskRequest, wanted: AskRequest['people'][number]): NewRecipient {
  const known = draft.people.find((person) => person.contact === (wanted.contact ?? null));
  if (wanted.contact !== undefined && !known) throw new AppError('record-unknown');
  const name = wanted.name ?? known?.name ?? draft.title;
  const email = wanted.email ?? known?.email ?? null;
  if (wanted.way === 'mail' && email === null) throw new AppError('ask-needs-email', { name });
  const cells: AskCell[] = [
    ...chosen(draft.fields, request.fields).map((field) => ({ object: request.object, id: request.id, field })),
    ...(known?.contact
      ? chosen(known.fields, wanted.fields).map((field) => ({
          object: known.object.name,
          id: known.contact ?? '',
          field,
        }))
      : []),
  ];
  if (cells.length === 0) throw new AppError('nothing-to-ask', { name });
  return { contact: known?.contact ?? null, name, email, way: wanted.way, cells };
}

/** What was ticked, or what is suggested; a field that may not be asked is an error, not silently another question. */
function chosen(choices: FieldChoice[], wanted: string[] | undefined): string[] {
  if (wanted === undefined) return choices.filter((choice) => choice.suggested).map((choice) => choice.field.name);
  for (const name of wanted)
    if (!choices.some((choice) => choice.field.name === name)) throw new AppError('nothing-to-ask', { name });
  return wanted;
}
