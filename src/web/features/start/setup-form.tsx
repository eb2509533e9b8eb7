import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { type FormEvent, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { ApiError, sentence } from '../../api/errors.ts';
import { keys } from '../../api/query.ts';
import { useLang, useText } from '../../i18n/core.ts';
import { TextField } from '../../ui/text-field.tsx';
import { Strength } from './strength.tsx';
import { useStartText } from './texts.ts';

const minimum = 8;
const looksLikeMail = (text: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim());

/** The first account. Making it also signs in. */
export function SetupForm({ onDone }: { onDone: () => void }) {
  const t = useStartText();
  const words = useText();
  const lang = useLang();
  const queryClient = useQueryClient();
  const [form, setForm] = useState({ name: '', company: '', email: '', password: '' });
  const [tried, setTried] = useState(false);
  const set = (key: keyof typeof form) => (value: string) => setForm((now) => ({ ...now, [key]: value }));
  const length = [...form.password].length;
  const problems = {
    name: form.name.trim() === '' ? t('name-missing') : null,
    email: looksLikeMail(form.email) ? null : t('email-bad'),
    password: length < minimum ? t('password-short', { n: length }) : null,
  };
  const setup = useMutation({
    mutationFn: () =>
      call(api.session.setup, {
        body: {
          name: form.name.trim(),
          email: form.email.trim(),
          password: form.password,
          lang,
          ...(form.company.trim() && { company: form.company.trim() }),
        },
      }),
    onSuccess: async () => {
      queryClient.setQueryData(keys.setup, { needed: false });
      await queryClient.invalidateQueries({ queryKey: keys.session });
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(problems).every((problem) => problem === null)) setup.mutate();
  };
  const refused = (field: string): string | null =>
    setup.error instanceof ApiError
      ? (setup.error.issues.find((issue) => issue.field === field)?.message ?? null)
      : null;
  const shown = (field: keyof typeof problems): string | null => (tried ? problems[field] : null) ?? refused(field);

  return (
    <form className="xk-start-form" onSubmit={submit} noValidate>
      <TextField
        label={t('name')}
        value={form.name}
        onChange={set('name')}
        problem={shown('name')}
        autoComplete="name"
        autoFocus
      />
      <TextField
        label={t('company')}
        optional={words('optional')}
        value={form.company}
        onChange={set('company')}
        autoComplete="organization"
      />
      <TextField
        label={t('email')}
        type="email"
        value={form.email}
        onChange={set('email')}
        problem={shown('email')}
        autoComplete="username"
      />
      <TextField
        label={t('password')}
        type="password"
        value={form.password}
        onChange={set('password')}
        problem={shown('password')}
        autoComplete="new-password"
        hint={<Strength password={form.password} about={[form.name, form.company, form.email]} />}
      />
      {setup.error && <Alert type="error" showIcon title={sentence(setup.error)} role="alert" />}
      <Button type="primary" htmlType="submit" size="large" block loading={setup.isPending}>
        {t('create')}
      </Button>
    </form>
  );
}
