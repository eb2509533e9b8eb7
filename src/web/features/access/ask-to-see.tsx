import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { FieldDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useLabel } from '../../i18n/core.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { useRecordAccessText } from './record-texts.ts';

/** Asks for one value of one record; the reason helps whoever decides. */
export function AskToSee({ object, record, field }: { object: string; record: string; field: FieldDef }) {
  const t = useRecordAccessText();
  const label = useLabel();
  const toasts = useToasts();
  const [reason, setReason] = useState<string | null>(null);
  const name = t('ask-field', { field: label(field.label) });
  const ask = useMutation({
    mutationFn: () =>
      call(api.access.ask, { body: { object, record, field: field.name, ...(reason?.trim() && { reason }) } }),
    onSuccess: () => {
      toasts.success(t('asked'));
      setReason(null);
    },
    onError: (error) => toasts.error(sentence(error)),
  });
  if (reason === null)
    return (
      <Button size="small" aria-label={name} onClick={() => setReason('')}>
        {t('ask')}
      </Button>
    );
  return (
    <form
      className="xk-access-do"
      onSubmit={(event) => {
        event.preventDefault();
        ask.mutate();
      }}
    >
      <input
        className="xk-plain-input xk-small-input"
        aria-label={t('reason')}
        placeholder={t('reason')}
        maxLength={300}
        value={reason}
        onChange={({ target }) => setReason(target.value)}
      />
      <Button size="small" type="primary" htmlType="submit" aria-label={name} loading={ask.isPending}>
        {t('ask')}
      </Button>
    </form>
  );
}
