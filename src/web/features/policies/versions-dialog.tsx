import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys } from '../../api/query.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useAdviceText } from './advice-texts.ts';
import { stated } from './policy-words.ts';
import { VersionEffect } from './version-effect.tsx';

/** Who changed the policy when and why; any version can come back as a new one. */
export function VersionsDialog({
  editable,
  inForce,
  onClose,
}: {
  editable: boolean;
  inForce: number;
  onClose: () => void;
}) {
  const t = useAdviceText();
  const lang = useLang();
  const label = useLabel();
  const toasts = useToasts();
  const queryClient = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: [...keys.policies, 'versions'],
    queryFn: ({ signal }) => call(api.advice.versions, { signal }),
  });
  const { data: presets } = useQuery({
    queryKey: [...keys.policies, 'presets'],
    queryFn: ({ signal }) => call(api.freshness.presets, { signal }),
  });
  const back = useMutation({
    mutationFn: async (version: number) => {
      const { policies } = await call(api.advice.version, { params: { version } });
      return call(api.freshness.savePolicies, {
        body: { policies: policies.map(stated), reason: t('back-reason', { n: version }) },
      });
    },
    onSuccess: async ({ version }) => {
      toasts.success(t('back-done', { n: version }));
      await queryClient.invalidateQueries({ queryKey: keys.policies });
      onClose();
    },
    onError: (failure) => toasts.error(sentence(failure)),
  });
  const time = new Intl.DateTimeFormat(lang === 'zh' ? 'zh-CN' : 'en-GB', { dateStyle: 'medium', timeStyle: 'short' });
  const scenario = (id: string | null) => label(presets?.presets.find((one) => one.id === id)?.label);
  return (
    <Modal open onCancel={onClose} footer={null} width={680} title={t('versions-title')}>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={5} />}
      {data?.versions.length === 0 && <p className="xk-muted">{t('versions-none')}</p>}
      <ol className="xk-versions">
        {data?.versions.map((version) => (
          <li key={version.version}>
            <div>
              <strong>{t('version-n', { n: version.version })}</strong>{' '}
              {version.version === inForce && <span className="xk-versions-now">{t('version-now')}</span>}
              <div className="xk-muted">
                {version.authorName} · <time dateTime={version.at}>{time.format(new Date(version.at))}</time> ·{' '}
                {t('version-changed', { n: version.changed })}
                {scenario(version.scenario) && ` · ${scenario(version.scenario)}`}
              </div>
              {version.reason && <p>{version.reason}</p>}
              {editable && <EffectPart version={version.version} />}
            </div>
            {editable && version.version !== inForce && (
              <Button
                size="small"
                loading={back.isPending && back.variables === version.version}
                onClick={() => back.mutate(version.version)}
                aria-label={`${t('back')}: ${t('version-n', { n: version.version })}`}
              >
                {t('back')}
              </Button>
            )}
          </li>
        ))}
      </ol>
    </Modal>
  );
}

/** Asked for only when it is opened. */
function EffectPart({ version }: { version: number }) {
  const t = useAdviceText();
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {t('effect')}
        <span className="xk-visually-hidden">: {t('version-n', { n: version })}</span>
      </summary>
      {open && <VersionEffect version={version} />}
    </details>
  );
}
