import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import type { z } from 'zod';
import { api } from '../../../contract/api.ts';
import type { ownership } from '../../../contract/ownership.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useObject } from '../../api/query.ts';
import { DAY, useDateFormat } from '../../api/use-date-format.ts';
import { useLabel } from '../../i18n/core.ts';
import { Floating } from '../../ui/floating.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useOwnershipText } from './texts.ts';
import './ownership.css';

type Reply = z.output<NonNullable<typeof ownership.check.response>>;
const KNOWN_BY: readonly string[] = ['phone', 'email', 'uscc'];

/** Do we have them? Whether and whose, of customers one does not see; then to ask the owner, or to claim. */
export function PrivateCheck() {
  const t = useOwnershipText();
  const label = useLabel();
  const id = useId();
  const object = useObject('customer');
  const [values, setValues] = useState<Record<string, string>>({});
  const check = useMutation({
    mutationFn: (wanted: Record<string, string>) =>
      call(api.ownership.check, { body: { object: 'customer', values: wanted } }),
  });
  if (!object) return null;
  const fields = object.fields.filter(
    ({ name, type, retired }) => !retired && (name === object.title || KNOWN_BY.includes(type)),
  );
  const filled = Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    check.mutate(filled);
  };
  return (
    <section className="xk-card xk-own" aria-label={t('check')}>
      <p className="xk-muted">{t('check-hint')}</p>
      <form className="xk-own-form" onSubmit={submit}>
        {fields.map((field) => (
          <div key={field.name} className="xk-form-row">
            <label htmlFor={`${id}${field.name}`}>{label(field.label)}</label>
            <input
              id={`${id}${field.name}`}
              className="xk-plain-input"
              autoComplete="off"
              maxLength={200}
              value={values[field.name] ?? ''}
              onChange={({ target }) => {
                check.reset();
                setValues({ ...values, [field.name]: target.value });
              }}
            />
          </div>
        ))}
        <Button type="primary" htmlType="submit" loading={check.isPending} disabled={Object.keys(filled).length === 0}>
          {t('check-go')}
        </Button>
      </form>
      {check.error && <Alert type="warning" showIcon title={sentence(check.error)} />}
      {check.data && <Found reply={check.data} />}
    </section>
  );
}

function Found({ reply }: { reply: Reply }) {
  const t = useOwnershipText();
  const day = useDateFormat(DAY);
  return (
    <div role="status">
      <p className="xk-muted">{t('check-left', { n: reply.left })}</p>
      {reply.found.length === 0 && <p>{t('check-none')}</p>}
      {reply.found.map((one, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what is found has no name to tell it by, and never moves
        <div key={place} className="xk-own-found">
          <span>
            {one.owner === null ? t('check-free') : t('check-owner', { name: one.ownerName ?? '' })}{' '}
            {one.protectedUntil && t('check-until', { day: day.format(new Date(one.protectedUntil)) })}
          </span>
          {one.record && (
            <Link
              to="/o/$object/$id"
              params={{ object: one.record.object, id: one.record.id }}
              className="xk-link-button xk-link-small"
            >
              {t('check-open', { title: one.record.title })}
            </Link>
          )}
          {place === 0 && reply.check && <Actions check={reply.check} owned={one.owner !== null} />}
        </div>
      ))}
    </div>
  );
}

/** Writing to the owner, and claiming: one line of words each. */
function Actions({ check, owned }: { check: string; owned: boolean }) {
  const t = useOwnershipText();
  const toasts = useToasts();
  const day = useDateFormat(DAY);
  const [open, setOpen] = useState<{ what: 'ask' | 'claim'; anchor: DOMRect } | null>(null);
  const [words, setWords] = useState('');
  const send = useMutation({
    mutationFn: async (what: 'ask' | 'claim') => {
      if (what === 'ask') {
        await call(api.ownership.ask, { params: { id: check }, body: { message: words.trim() } });
        return t('ask-sent');
      }
      const done = await call(api.ownership.claim, { body: { check, reason: words.trim() } });
      return 'claim' in done ? t('claim-done', { day: day.format(new Date(done.claim.until)) }) : t('claim-asked');
    },
    onSuccess: (said) => {
      toasts.success(said);
      setOpen(null);
      setWords('');
    },
    onError: (error) => toasts.error(sentence(error)),
  });
  return (
    <>
      {(owned ? (['ask', 'claim'] as const) : (['claim'] as const)).map((what) => (
        <Button
          key={what}
          size="small"
          onClick={(event) => setOpen({ what, anchor: event.currentTarget.getBoundingClientRect() })}
        >
          {t(what)}
        </Button>
      ))}
      {open && (
        <Floating anchor={open.anchor} onOutside={() => setOpen(null)} label={t(open.what)}>
          <form
            style={{ padding: '12px 14px', width: 320, maxWidth: '90vw' }}
            onSubmit={(event) => {
              event.preventDefault();
              if (words.trim() !== '') send.mutate(open.what);
            }}
          >
            <label className="xk-form-row">
              <span>{t(open.what === 'ask' ? 'ask-message' : 'claim-why')}</span>
              <input
                className="xk-plain-input"
                // biome-ignore lint/a11y/noAutofocus: it was opened to be typed into
                autoFocus
                maxLength={300}
                placeholder={t(open.what === 'ask' ? 'ask-hint' : 'claim-hint')}
                value={words}
                onChange={({ target }) => setWords(target.value)}
              />
            </label>
            <Button type="primary" htmlType="submit" loading={send.isPending} disabled={words.trim() === ''}>
              {t(open.what === 'ask' ? 'ask-send' : 'claim-send')}
            </Button>
          </form>
        </Floating>
      )}
    </>
  );
}
