import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Modal } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useLang, useText } from '../../i18n/core.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { type AskForm, type Draft, firstForm, isComplete, requestOf } from './ask-draft.ts';
import { AskFields } from './ask-fields.tsx';
import { AskLetter } from './ask-letter.tsx';
import { AskList } from './ask-list.tsx';
import { AskPeople } from './ask-people.tsx';
import { askKeys, refreshAsks } from './asking-api.ts';
import { type MadeLink, MadeLinks } from './made-links.tsx';
import { useAskingText } from './texts.ts';
import './asking.css';

/** Whom to ask about what, and then the links. */
export function AskDialog({ object, id, onClose }: { object: string; id: string; onClose(): void }) {
  const t = useAskingText();
  const [made, setMade] = useState<{ links: MadeLink[]; words: string } | null>(null);
  const draft = useQuery({
    queryKey: askKeys.draft(object, id),
    queryFn: ({ signal }) => call(api.asking.draft, { params: { object, id }, signal }),
    staleTime: 0,
    gcTime: 0,
  });
  if (made)
    return (
      <Modal open title={t('made-title', { n: made.links.length })} footer={null} onCancel={onClose} width={560}>
        <MadeLinks links={made.links} words={made.words} onDone={onClose} />
      </Modal>
    );
  if (!draft.data)
    return (
      <Modal open title={t('ask')} footer={null} onCancel={onClose} width={620}>
        {draft.error ? <Failure error={draft.error} onRetry={() => void draft.refetch()} /> : <Skeleton lines={8} />}
      </Modal>
    );
  return <AskFormDialog object={object} id={id} draft={draft.data} onClose={onClose} onMade={setMade} />;
}

function AskFormDialog({
  object,
  id,
  draft,
  onClose,
  onMade,
}: {
  object: string;
  id: string;
  draft: Draft;
  onClose(): void;
  onMade(made: { links: MadeLink[]; words: string }): void;
}) {
  const t = useAskingText();
  const words = useText();
  const lang = useLang();
  const toasts = useToasts();
  const client = useQueryClient();
  const [form, setForm] = useState<AskForm>(() => firstForm(draft, lang));
  const send = useMutation({
    mutationFn: () => call(api.asking.create, { body: requestOf(form, draft, object, id) }),
    onSuccess: ({ links }) => {
      void refreshAsks(client);
      onMade({ links, words: form.body });
    },
    onError: (error) => toasts.error(sentence(error)),
  });
  const change = (patch: Partial<AskForm>) => setForm((old) => ({ ...old, ...patch }));
  return (
    <Modal
      open
      title={t('dialog-title', { title: draft.title })}
      width={620}
      okText={t('send')}
      cancelText={words('cancel')}
      okButtonProps={{ disabled: !isComplete(form) }}
      confirmLoading={send.isPending}
      onOk={() => send.mutate()}
      onCancel={onClose}
    >
      <div className="xk-ask">
        <p className="xk-muted">{t('dialog-hint')}</p>
        <AskPeople draft={draft} form={form} onChange={(people) => change({ people })} />
        <section>
          <h3>{t('fields')}</h3>
          <p className="xk-muted">{draft.fields.length === 0 ? t('fields-none') : t('fields-suggested')}</p>
          <AskFields choices={draft.fields} chosen={form.fields} onChange={(fields) => change({ fields })} />
        </section>
        <AskLetter draft={draft} form={form} onChange={setForm} />
        <AskList record={{ object, id }} />
      </div>
    </Modal>
  );
}
