import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Drawer } from 'antd';
import { useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { TrustedSource } from '../../../contract/evidence.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useText } from '../../i18n/core.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { useKeep } from './evidence-api.ts';
import { FieldChoice } from './field-choice.tsx';
import { STRENGTHS } from './kind-words.ts';
import { useEvidenceText } from './texts.ts';

const NEW: TrustedSource = { name: '', match: '', fields: [], strength: 'middle' };

/** A trusted source, new or there already: how its files are known, which columns it vouches for, how far it is trusted. */
export function SourceDrawer({
  sources,
  at,
  onClose,
}: {
  sources: TrustedSource[];
  at: number | 'new';
  onClose: () => void;
}) {
  const t = useEvidenceText();
  const words = useText();
  const toasts = useToasts();
  const keep = useKeep();
  const id = useId();
  const stored = at === 'new' ? undefined : sources[at];
  const [draft, setDraft] = useState(stored ?? NEW);
  const [tried, setTried] = useState(false);
  const set = (change: Partial<TrustedSource>) => setDraft((now) => ({ ...now, ...change }));
  const name = draft.name.trim();
  const problems = {
    name: name === '' ? t('source-name-missing') : null,
    match: [...draft.match.trim()].length < 2 ? t('source-match-short') : null,
    fields: draft.fields.length === 0 ? t('source-fields-missing') : null,
  };
  const write = useMutation({
    mutationFn: ({ list }: { list: TrustedSource[]; said: string }) =>
      call(api.evidence.saveSources, { body: { sources: list } }),
    onSuccess: (reply, { said }) => {
      keep.sources(reply.sources);
      toasts.success(said);
      onClose();
    },
  });
  const others = sources.filter((_, index) => index !== at);
  const submit = () => {
    setTried(true);
    if (Object.values(problems).some((problem) => problem !== null)) return;
    const one = { ...draft, name, match: draft.match.trim() };
    const list = stored ? sources.map((source, index) => (index === at ? one : source)) : [...sources, one];
    write.mutate({ list, said: t('source-saved', { name }) });
  };
  const problem = (of: keyof typeof problems) =>
    tried && problems[of] ? (
      <p className="xk-evidence-problem" role="alert">
        {problems[of]}
      </p>
    ) : null;
  return (
    <Drawer
      open
      size={480}
      title={stored ? t('source-edit', { name: stored.name }) : t('source-new')}
      onClose={onClose}
      footer={
        <div className="xk-evidence-foot">
          {stored && (
            <Button
              danger
              onClick={() => write.mutate({ list: others, said: t('source-removed', { name: stored.name }) })}
            >
              {t('remove')}
            </Button>
          )}
          <span />
          <Button onClick={onClose}>{words('cancel')}</Button>
          <Button type="primary" loading={write.isPending} onClick={submit}>
            {words('save')}
          </Button>
        </div>
      }
    >
      <form
        className="xk-evidence-form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <label htmlFor={`${id}-name`} className="xk-form-row">
          <span>{t('source-name')}</span>
          <input
            id={`${id}-name`}
            className="xk-plain-input"
            maxLength={80}
            placeholder={t('source-name-example')}
            value={draft.name}
            onChange={({ target }) => set({ name: target.value })}
          />
        </label>
        {problem('name')}
        <label htmlFor={`${id}-match`} className="xk-form-row">
          <span>{t('source-match')}</span>
          <input
            id={`${id}-match`}
            className="xk-plain-input"
            maxLength={80}
            aria-describedby={`${id}-match-hint`}
            value={draft.match}
            onChange={({ target }) => set({ match: target.value })}
          />
          <small id={`${id}-match-hint`} className="xk-muted">
            {t('source-match-hint')}
          </small>
        </label>
        {problem('match')}
        <label htmlFor={`${id}-strength`} className="xk-form-row">
          <span>{t('source-strength')}</span>
          <select
            id={`${id}-strength`}
            className="xk-plain-input"
            value={draft.strength}
            onChange={({ target }) => set({ strength: STRENGTHS.find((one) => one === target.value) ?? 'middle' })}
          >
            {STRENGTHS.map((one) => (
              <option key={one} value={one}>
                {t(`trust-${one}`)}
              </option>
            ))}
          </select>
        </label>
        <div className="xk-form-row">
          <span>{t('source-fields')}</span>
          {problem('fields')}
          <FieldChoice chosen={draft.fields} onChange={(fields) => set({ fields })} />
        </div>
        {write.error && <Alert type="error" showIcon title={sentence(write.error)} />}
        <button type="submit" hidden />
      </form>
    </Drawer>
  );
}
