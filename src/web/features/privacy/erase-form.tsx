import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Choices } from '../../ui/choices.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { Chosen } from './consent-list.tsx';
import { privacyKeys } from './privacy-api.ts';
import type { Person } from './privacy-page.tsx';
import { usePrivacyText } from './texts/texts.ts';

const MODES = ['erase', 'anonymise'] as const;
type Mode = (typeof MODES)[number];
const GROUNDS = ['subject', 'withdrawn', 'expired', 'purpose', 'unlawful', 'other'] as const;
const LOOK_MS = 500;

/** Says what an erasure would reach, asks once more, and stays until it is done. */
export function EraseForm({
  person,
  name,
  onBusy,
  onGone,
}: {
  person: Person;
  name: string;
  onBusy(busy: boolean): void;
  onGone(): void;
}) {
  const t = usePrivacyText();
  const label = useLabel();
  const toasts = useToasts();
  const client = useQueryClient();
  const { objects } = useCatalog();
  const [mode, setMode] = useState<Mode>('erase');
  const [below, setBelow] = useState<Mode>('anonymise');
  const [ground, setGround] = useState<(typeof GROUNDS)[number]>('subject');
  const choice = { object: person.object, ids: [person.id], mode, below };
  const preview = useQuery({
    queryKey: [...privacyKeys.all, 'preview', choice],
    queryFn: ({ signal }) => call(api.privacy.preview, { body: choice, signal }),
    staleTime: 0,
  });
  const erase = useMutation({
    mutationFn: async () => {
      onBusy(true);
      const request = person.request === undefined ? {} : { request: person.request };
      let erasure = await call(api.privacy.erase, { body: { ...choice, ground, ...request } });
      while (erasure.state === 'waiting' || (erasure.state === 'working' && erasure.error === null)) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        erasure = await call(api.privacy.erasure, { params: { id: erasure.id } });
      }
      return erasure;
    },
    onSettled: () => onBusy(false),
    onSuccess: ({ state, error, report }) => {
      const sum = (counts: Record<string, number> | undefined) =>
        Object.values(counts ?? {}).reduce((all, n) => all + n, 0);
      if (state === 'done')
        toasts.success(t('erase-done', { records: sum(report.records), copies: sum(report.copies) }));
      else toasts.error(t('erase-failed', { code: error ?? '' }));
      void client.invalidateQueries();
      onGone();
    },
    onError: (problem) => toasts.error(sentence(problem)),
  });
  const objectName = (name: string) => label(objects.find((one) => one.name === name)?.label) || name;
  const hasBelow =
    preview.data?.records.some(({ object }) => object !== person.object && object !== 'interaction') ?? false;
  return (
    <div className="xk-privacy-form">
      <Choices<Mode>
        label={t('mode')}
        value={mode}
        options={MODES.map((value) => ({ value, label: t(`mode-${value}`) }))}
        onChange={setMode}
      />
      <p className="xk-muted">{t(`mode-${mode}-hint`)}</p>
      <div className="xk-privacy-pair">
        <Chosen
          head="ground"
          options={GROUNDS}
          word={(one) => t(`ground-${one}`)}
          value={ground}
          onChange={setGround}
        />
        {mode === 'erase' && hasBelow && (
          <label>
            {t('below')}
            <select
              className="xk-plain-input"
              value={below}
              onChange={(event) => setBelow(event.target.value === 'erase' ? 'erase' : 'anonymise')}
            >
              <option value="anonymise">{t('below-anonymise')}</option>
              <option value="erase">{t('below-erase')}</option>
            </select>
          </label>
        )}
      </div>
      {preview.error && !preview.data && <Failure error={preview.error} onRetry={() => void preview.refetch()} />}
      {!preview.data && !preview.error && <Skeleton lines={3} />}
      {preview.data && (
        <section aria-label={t('reaches')}>
          <p>{t('reaches')}</p>
          <ul className="xk-privacy-reach">
            {preview.data.records.map((one) => (
              <li key={`${one.object} ${one.mode}`}>
                {t('reach-record', {
                  n: one.n,
                  object: objectName(one.object),
                  mode: t(`mode-${one.mode}`).toLowerCase(),
                })}
              </li>
            ))}
            {preview.data.deltas > 0 && <li>{t('reach-past', { n: preview.data.deltas })}</li>}
            {preview.data.files > 0 && <li>{t('reach-files', { n: preview.data.files })}</li>}
            {preview.data.mentions.map(({ object, n }) => (
              <li key={object}>{t('reach-mention', { n, object: objectName(object) })}</li>
            ))}
          </ul>
          {preview.data.alike.length > 0 && (
            <p className="xk-privacy-danger">
              {t('alike')} {preview.data.alike.map(({ title }) => title).join('、')}
            </p>
          )}
        </section>
      )}
      <div>
        <Popconfirm
          title={t(`do-${mode}`)}
          description={<span className="xk-privacy-sure">{t('erase-sure', { name })}</span>}
          okText={t(`mode-${mode}`)}
          cancelText={t('cancel')}
          okButtonProps={{ danger: true }}
          onConfirm={() => erase.mutate()}
        >
          <Button danger type="primary" loading={erase.isPending} disabled={!preview.data}>
            {t(erase.isPending ? 'erasing' : `do-${mode}`)}
          </Button>
        </Popconfirm>
      </div>
    </div>
  );
}
