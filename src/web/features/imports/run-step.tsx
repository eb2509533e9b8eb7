import { App, Button } from 'antd';
import { useLang, useText } from '../../i18n/core.ts';
import { formatNumber } from '../../i18n/phrase.ts';
import { Card } from '../../ui/page.tsx';
import type { Import } from './mapping.ts';
import { useImportText } from './texts.ts';
import { percentDone, roughly } from './wizard-step.ts';

/** Fourth step: how far it is. The work is the server's, so the page may be closed. */
export function RunStep({ data, stopping, onStop }: { data: Import; stopping: boolean; onStop: () => void }) {
  const t = useImportText();
  const words = useText();
  const lang = useLang();
  const { modal } = App.useApp();
  const progress = data.progress ?? { rows: 0, total: null, rate: 0, secondsLeft: null };
  const percent = percentDone(progress);
  const left = progress.secondsLeft === null ? null : roughly(progress.secondsLeft);
  const ask = () =>
    modal.confirm({
      title: t('stop-ask'),
      content: t('stop-hint'),
      okText: t('stop'),
      okButtonProps: { danger: true },
      cancelText: t('keep-going'),
      onOk: onStop,
    });
  return (
    <Card className="xk-run">
      <h2>{t('running-title')}</h2>
      <p className="xk-muted">{data.fileName}</p>
      <div className="xk-run-bar">
        <progress {...(percent !== null && { max: 100, value: percent })} aria-label={t('running-title')} />
        {percent !== null && <span className="xk-num">{percent}%</span>}
      </div>
      <dl className="xk-run-facts" aria-live="off">
        <div>
          <dd className="xk-num">
            {progress.total === null
              ? t('rows-done', { n: progress.rows })
              : t('rows-of', { n: progress.rows, total: formatNumber(progress.total, lang) })}
          </dd>
        </div>
        {progress.rate > 0 && <div>{t('rate', { n: Math.round(progress.rate) })}</div>}
        {left && <div>{t('left', { time: t(left.unit, { n: left.n }) })}</div>}
      </dl>
      <p className="xk-muted">{t('running-hint')}</p>
      <Button onClick={ask} loading={stopping} aria-label={`${words('cancel')}: ${t('stop')}`}>
        {t('stop')}
      </Button>
    </Card>
  );
}
