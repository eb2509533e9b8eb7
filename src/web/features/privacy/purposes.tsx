import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Drawer } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { Purpose } from '../../../contract/privacy.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { Chosen } from './consent-list.tsx';
import { privacyKeys, usePurposes } from './privacy-api.ts';
import { usePrivacyText } from './texts/texts.ts';

const BASES = ['consent', 'contract', 'law', 'interest', 'public', 'vital'] as const;
type Draft = Pick<Purpose, 'id' | 'label' | 'basis' | 'fields' | 'words' | 'retired'>;
const EMPTY: Draft = {
  ...{ id: '', label: { zh: '', en: '' }, basis: 'consent', fields: [] },
  ...{ words: { zh: '', en: '' }, retired: false },
};

/** Why data is held, with the words people agree to and how many did. */
export function Purposes() {
  const t = usePrivacyText();
  const label = useLabel();
  const { data, error, refetch } = usePurposes();
  const [draft, setDraft] = useState<Draft | null>(null);
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  return (
    <Card
      title={t('purposes')}
      extra={
        <Button size="small" onClick={() => setDraft({ ...EMPTY, id: `own-${Date.now().toString(36)}` })}>
          {t('new-purpose')}
        </Button>
      }
    >
      <p className="xk-muted xk-privacy-hint">{t('purposes-hint')}</p>
      <ul className="xk-privacy-list">
        {data.map((purpose) => (
          <li key={purpose.id}>
            <span className="xk-privacy-what">
              <strong>{label(purpose.label)}</strong> <Badge>{t(`basis-${purpose.basis}`)}</Badge>{' '}
              {purpose.separate && <Badge tone="warn">{t('needs-separate')}</Badge>}
              {purpose.retired && <Badge>{t('retired')}</Badge>}
              <p className="xk-privacy-words">{label(purpose.words)}</p>
              <p className="xk-privacy-words">
                {t('version', { n: purpose.version })} · {t('given-n', { n: purpose.given })} ·{' '}
                {t('withdrawn-n', { n: purpose.withdrawn })}
              </p>
            </span>
            <Button size="small" onClick={() => setDraft(purpose)}>
              {t('edit')}
            </Button>
          </li>
        ))}
      </ul>
      {draft && <PurposeDrawer draft={draft} onChange={setDraft} onClose={() => setDraft(null)} />}
    </Card>
  );
}

function PurposeDrawer({ draft, onChange, onClose }: { draft: Draft; onChange(next: Draft): void; onClose(): void }) {
  const t = usePrivacyText();
  const label = useLabel();
  const toasts = useToasts();
  const client = useQueryClient();
  const { objects } = useCatalog();
  const personal = objects.flatMap((object) =>
    object.fields
      .filter(({ sensitivity, retired }) => !retired && (sensitivity === 'personal' || sensitivity === 'sensitive'))
      .map((field) => ({
        key: `${object.name}.${field.name}`,
        label: `${label(object.label)} · ${label(field.label)}`,
      })),
  );
  const save = useMutation({
    mutationFn: () => {
      const { basis, fields, retired } = draft;
      const both = ({ zh, en }: { zh: string; en: string }) => ({ zh: zh || en, en: en || zh });
      return call(api.privacy.savePurpose, {
        params: { id: draft.id },
        body: { basis, fields, retired, label: both(draft.label), words: both(draft.words) },
      });
    },
    onSuccess: () => {
      toasts.success(t('saved'));
      void client.invalidateQueries({ queryKey: privacyKeys.all });
      onClose();
    },
    onError: (problem) => toasts.error(sentence(problem)),
  });
  const named = draft.label.zh.trim() !== '' || draft.label.en.trim() !== '';
  return (
    <Drawer open size={520} title={label(draft.label) || t('new-purpose')} onClose={onClose}>
      <form
        className="xk-privacy-form"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <div className="xk-privacy-pair">
          {(['zh', 'en'] as const).map((lang) => (
            <label key={lang}>
              {t(lang === 'zh' ? 'purpose-name' : 'purpose-name-en')}
              <input
                className="xk-plain-input"
                maxLength={80}
                value={draft.label[lang]}
                onChange={(event) => onChange({ ...draft, label: { ...draft.label, [lang]: event.target.value } })}
              />
            </label>
          ))}
        </div>
        <Chosen
          head="basis"
          options={BASES}
          word={(one) => t(`basis-${one}`)}
          value={draft.basis}
          onChange={(basis) => onChange({ ...draft, basis })}
        />
        {(['zh', 'en'] as const).map((lang) => (
          <label key={lang}>
            {t(lang === 'zh' ? 'words-zh' : 'words-en')}
            <textarea
              className="xk-plain-input"
              maxLength={2000}
              value={draft.words[lang]}
              onChange={(event) => onChange({ ...draft, words: { ...draft.words, [lang]: event.target.value } })}
            />
          </label>
        ))}
        <fieldset>
          <legend>{t('purpose-fields')}</legend>
          <div className="xk-privacy-fields">
            {personal.map((field) => (
              <label key={field.key} className="xk-check">
                <input
                  type="checkbox"
                  checked={draft.fields.includes(field.key)}
                  onChange={({ target }) =>
                    onChange({
                      ...draft,
                      fields: target.checked
                        ? [...draft.fields, field.key]
                        : draft.fields.filter((one) => one !== field.key),
                    })
                  }
                />
                {field.label}
              </label>
            ))}
          </div>
        </fieldset>
        <label className="xk-check">
          <input
            type="checkbox"
            checked={draft.retired}
            onChange={({ target }) => onChange({ ...draft, retired: target.checked })}
          />
          {t('retired')}
        </label>
        <div>
          <Button htmlType="submit" type="primary" disabled={!named} loading={save.isPending}>
            {t('save')}
          </Button>
        </div>
      </form>
    </Drawer>
  );
}
