import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Drawer } from 'antd';
import { useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { EvidenceKindRow } from '../../../contract/evidence.ts';
import type { EvidenceKind } from '../../../domain/freshness/cell.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useLabel, useLang, useText } from '../../i18n/core.ts';
import { formatNumber } from '../../i18n/phrase.ts';
import { Choices } from '../../ui/choices.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useKeep } from './evidence-api.ts';
import { FieldChoice } from './field-choice.tsx';
import { changedRow, definitionOf, draftOf, type KindDraft, NEW_KIND, SPOKEN_TYPES } from './kind-draft.ts';
import { DIRECTIONS, effectOn, freeName, percent, STRENGTHS, shareOf, shareWord, weightOf } from './kind-words.ts';
import { useEvidenceText } from './texts.ts';

/** One kind of evidence: its name, which fields it speaks about, and how strongly, with what that does to a sample. */
export function KindDrawer({
  row,
  taken,
  months,
  onClose,
}: {
  row: EvidenceKindRow | null;
  taken: string[];
  months: number;
  onClose: () => void;
}) {
  const t = useEvidenceText();
  const words = useText();
  const label = useLabel();
  const lang = useLang();
  const toasts = useToasts();
  const keep = useKeep();
  const id = useId();
  const kind = row?.kind ?? freeName(taken);
  const [draft, setDraft] = useState<KindDraft>(() => (row ? draftOf(row, weightOf(row as EvidenceKind)) : NEW_KIND));
  const [tried, setTried] = useState(false);
  const set = (change: Partial<KindDraft>) => setDraft((now) => ({ ...now, ...change }));
  const next = changedRow(row, kind, draft);
  const { before, after } = effectOn(months, next as EvidenceKind);
  const name = draft[lang].trim() || (row ? label(row.label) : '');
  const nameless = draft.zh.trim() === '' || draft.en.trim() === '';
  const own = kind.startsWith('own-');
  const save = useMutation({
    mutationFn: () =>
      call(api.evidence.saveKind, {
        params: { kind },
        body: { ...definitionOf(next), ...(row?.off && { off: true }) },
      }),
    onSuccess: (reply) => {
      keep.kinds(reply);
      toasts.success(t('saved', { name }));
      onClose();
    },
  });
  const reset = useMutation({
    mutationFn: () => call(api.evidence.resetKind, { params: { kind } }),
    onSuccess: (reply) => {
      keep.kinds(reply);
      toasts.success(t(own ? 'removed' : 'restored', { name }));
      onClose();
    },
  });
  const submit = () => {
    setTried(true);
    if (!nameless) save.mutate();
  };
  const ratio = (next.ifRight ?? 1) / (next.ifWrong ?? 1);
  const error = save.error ?? reset.error;
  return (
    <Drawer
      open
      size={480}
      title={row ? t('edit-title', { name: label(row.label) }) : t('new-title')}
      onClose={onClose}
      footer={
        <div className="xk-evidence-foot">
          {row?.edited && (
            <Button danger={own} loading={reset.isPending} onClick={() => reset.mutate()}>
              {t(own ? 'remove' : 'default')}
            </Button>
          )}
          <span />
          <Button onClick={onClose}>{words('cancel')}</Button>
          <Button type="primary" loading={save.isPending} onClick={submit}>
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
        {(['zh', 'en'] as const).map((one) => (
          <label key={one} htmlFor={`${id}-${one}`} className="xk-form-row">
            <span>{t(`name-${one}`)}</span>
            <input
              id={`${id}-${one}`}
              className="xk-plain-input"
              lang={one === 'zh' ? 'zh-CN' : 'en'}
              maxLength={80}
              value={draft[one]}
              aria-invalid={tried && draft[one].trim() === ''}
              onChange={({ target }) => set({ [one]: target.value })}
            />
          </label>
        ))}
        {tried && nameless && (
          <p className="xk-evidence-problem" role="alert">
            {t('name-missing')}
          </p>
        )}
        {draft.changes === null ? (
          <>
            <fieldset className="xk-form-row">
              <legend>{t('about-legend')}</legend>
              {SPOKEN_TYPES.map((type) => (
                <label key={type} className="xk-check">
                  <input
                    type="checkbox"
                    checked={draft.types.includes(type)}
                    onChange={({ target }) =>
                      set({
                        types: target.checked ? [...draft.types, type] : draft.types.filter((other) => other !== type),
                      })
                    }
                  />
                  <span>{t(`type-${type}`)}</span>
                </label>
              ))}
              <details open={draft.fields.length > 0}>
                <summary>{t('single-fields')}</summary>
                <FieldChoice chosen={draft.fields} without={draft.types} onChange={(fields) => set({ fields })} />
              </details>
            </fieldset>
            <div className="xk-form-row">
              <span>{t('direction')}</span>
              <Choices
                label={t('direction')}
                value={draft.weight?.direction ?? 'none'}
                options={DIRECTIONS.map((value) => ({ value, label: t(`direction-${value}`) }))}
                onChange={(value) =>
                  value !== 'none' && set({ weight: { strength: draft.weight?.strength ?? 'weak', direction: value } })
                }
              />
            </div>
            <div className="xk-form-row">
              <span>{t('strength')}</span>
              <Choices
                label={t('strength')}
                value={draft.weight?.strength ?? 'none'}
                options={STRENGTHS.map((value) => ({ value, label: t(`strength-${value}`) }))}
                onChange={(value) =>
                  value !== 'none' && set({ weight: { direction: draft.weight?.direction ?? 'for', strength: value } })
                }
              />
              <p className="xk-muted">
                {t('ratio', {
                  side: t(ratio >= 1 ? 'side-for' : 'side-against'),
                  n: formatNumber(Math.round(10 * Math.max(ratio, 1 / ratio)) / 10, lang),
                })}
              </p>
            </div>
          </>
        ) : (
          <div className="xk-form-row">
            <span>{t('changes')}</span>
            <Choices
              label={t('changes')}
              value={shareWord(draft.changes)}
              options={STRENGTHS.map((value) => ({ value, label: t(`share-${value}`) }))}
              onChange={(value) => set({ changes: shareOf(value, draft.changes ?? 0) })}
            />
          </div>
        )}
        <label htmlFor={`${id}-repeat`} className="xk-form-row">
          <span>{t('repeat')}</span>
          <span>
            <input
              id={`${id}-repeat`}
              type="number"
              className="xk-plain-input xk-small-input"
              min={0}
              max={365}
              value={draft.repeatDays}
              onChange={({ target }) => set({ repeatDays: Math.min(365, Math.max(0, target.valueAsNumber || 0)) })}
            />{' '}
            {t('days')}
          </span>
        </label>
        <p className="xk-evidence-effect" role="status">
          <span>{t('sample', { n: months })}</span>
          <strong className="xk-num">{t('effect-of', { before: percent(before), after: percent(after) })}</strong>
        </p>
        <p className="xk-muted">{t('code-hint', { code: kind })}</p>
        {error && <Alert type="error" showIcon title={sentence(error)} />}
        <button type="submit" hidden />
      </form>
    </Drawer>
  );
}
