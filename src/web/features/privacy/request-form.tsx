import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useDateFormat } from '../../api/use-date-format.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { Chosen } from './consent-list.tsx';
import { DAY, privacyKeys } from './privacy-api.ts';
import type { Person } from './privacy-page.tsx';
import { usePrivacyText } from './texts/texts.ts';

const KINDS = ['copy', 'correct', 'delete', 'port'] as const;
const LAWS = ['pipl', 'gdpr'] as const;

/** Notes what the person asks for: the term begins to run. */
export function RequestForm({ person }: { person: Person }) {
  const t = usePrivacyText();
  const toasts = useToasts();
  const client = useQueryClient();
  const day = useDateFormat(DAY);
  const [kind, setKind] = useState<(typeof KINDS)[number]>('copy');
  const [law, setLaw] = useState<(typeof LAWS)[number]>('pipl');
  const [note, setNote] = useState('');
  const add = useMutation({
    mutationFn: () =>
      call(api.subjects.addRequest, {
        body: { object: person.object, record: person.id, kind, law, ...(note.trim() !== '' && { note: note.trim() }) },
      }),
    onSuccess: ({ dueOn }) => {
      setNote('');
      toasts.success(t('request-noted', { day: day.format(new Date(`${dueOn}T00:00:00Z`)) }));
      void client.invalidateQueries({ queryKey: privacyKeys.all });
    },
    onError: (problem) => toasts.error(sentence(problem)),
  });
  return (
    <form
      className="xk-privacy-form"
      aria-label={t('new-request')}
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <Chosen head="request-kind" options={KINDS} word={(one) => t(`req-${one}`)} value={kind} onChange={setKind} />
      <Chosen head="law" options={LAWS} word={(one) => t(`law-${one}`)} value={law} onChange={setLaw} />
      <label>
        {t('note')}
        <input
          className="xk-plain-input"
          value={note}
          maxLength={500}
          onChange={(event) => setNote(event.target.value)}
        />
      </label>
      <div>
        <Button htmlType="submit" loading={add.isPending}>
          {t('new-request')}
        </Button>
      </div>
    </form>
  );
}
