import { Link } from '@tanstack/react-router';
import { Alert, App, Button, Spin } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { download } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useText } from '../../i18n/core.ts';
import { LeafMark } from '../../ui/leaf.tsx';
import { Card } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { CountTiles } from './count-tiles.tsx';
import type { Import } from './mapping.ts';
import { useImportText } from './texts.ts';

/** Last step: what came of it, the refused rows to take home, the way back, and where to go next. */
export function ResultStep({ data, undoing, onUndo }: { data: Import; undoing: boolean; onUndo: () => void }) {
  const t = useImportText();
  const words = useText();
  const toasts = useToasts();
  const { modal } = App.useApp();
  const [fetching, setFetching] = useState(false);
  const counts = data.result;
  const written = counts ? counts.create + counts.update : 0;
  // Of a compared sheet, what was left out is known before anything is written.
  const left = (counts?.reject ?? 0) + (data.roundTrip ? (data.preview?.counts.warn ?? 0) : 0);
  const finished = data.state === 'done' || data.state === 'cancelled' || data.state === 'failed';

  const errors = async () => {
    setFetching(true);
    try {
      await download(api.imports.errors, { params: { id: data.id }, query: { format: 'xlsx' } }, 'errors.xlsx');
    } catch (error) {
      toasts.error(sentence(error));
    }
    setFetching(false);
  };
  const askUndo = () =>
    modal.confirm({
      title: t('undo-ask'),
      content: t('undo-hint'),
      okText: t('undo-import'),
      okButtonProps: { danger: true },
      cancelText: words('cancel'),
      onOk: onUndo,
    });

  return (
    <div className="xk-import-step">
      <Card className="xk-result">
        <div className="xk-result-head" role="status">
          {data.state === 'undoing' ? (
            <Spin />
          ) : (
            <LeafMark state={data.state === 'done' ? 'fresh' : 'missing'} size={40} />
          )}
          <h2>{t(data.state === 'undoing' ? 'undoing-title' : `${outcome(data.state)}-title`)}</h2>
          {data.state === 'done' && <p className="xk-muted">{t('done-hint', { n: written })}</p>}
          {(data.state === 'cancelled' || data.state === 'undone') && (
            <p className="xk-muted">{t(`${data.state}-hint`)}</p>
          )}
        </div>
        {data.error && <Alert type="error" showIcon title={data.error.message} />}
        {counts && (data.state !== 'failed' || counts.rows > 0) && <CountTiles counts={counts} />}
        {counts && left > 0 && (
          <div className="xk-result-errors">
            <Button onClick={() => void errors()} loading={fetching}>
              {t('download-errors', { n: left })}
            </Button>
            <p className="xk-muted">{t('errors-hint')}</p>
          </div>
        )}
        <footer className="xk-import-actions">
          {finished && written > 0 && (
            <Button danger type="text" onClick={askUndo} loading={undoing}>
              {t('undo-import')}
            </Button>
          )}
          <span className="xk-grow" />
          {written > 0 && finished ? (
            <>
              <Link to="/duplicates" className="xk-link-button">
                {t('see-duplicates')}
              </Link>
              {data.settings && data.settings.object !== 'customer' ? (
                <Link to="/o/$object" params={{ object: data.settings.object }} className="xk-link-button">
                  {t('see-other-rows')}
                </Link>
              ) : (
                <Link to="/customers" className="xk-link-button">
                  {t('see-rows')}
                </Link>
              )}
              <Link to="/health" search={{ import: data.id }} className="xk-link-button xk-link-primary">
                {t('see-health')}
              </Link>
            </>
          ) : (
            <Link to="/import" className="xk-link-button xk-link-primary">
              {t(data.state === 'failed' ? 'try-again' : 'import-more')}
            </Link>
          )}
        </footer>
      </Card>
    </div>
  );
}

function outcome(state: Import['state']): 'done' | 'cancelled' | 'failed' | 'undone' {
  return state === 'cancelled' || state === 'failed' || state === 'undone' ? state : 'done';
}
