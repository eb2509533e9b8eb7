import { Button, Modal } from 'antd';
import { useState } from 'react';
import { useText } from '../../i18n/core.ts';
import { useReviewText } from './texts.ts';
import type { Progress, Verdict } from './use-decisions.ts';

const VERDICTS: Verdict[] = ['accept', 'meant', 'reject'];

/** What is selected, and what to do with all of it at once: first how many that is, then the work with its progress. */
export function BatchBar({
  count,
  matching,
  total,
  odd,
  progress,
  onMatching,
  onClear,
  onDecide,
  onStop,
}: {
  count: number;
  /** All that match are selected. */
  matching: boolean;
  total: number;
  /** Some of it says what was probably meant. */
  odd: boolean;
  progress: Progress | null;
  onMatching(): void;
  onClear(): void;
  onDecide(verdict: Verdict, note: string): void;
  onStop(): void;
}) {
  const t = useReviewText();
  const words = useText();
  const [asking, setAsking] = useState<Verdict | null>(null);
  const [note, setNote] = useState('');
  const n = matching ? total : count;
  if (progress)
    return (
      <section className="xk-prop-batch" aria-label={t('batch')}>
        <progress aria-label={t('batch')} value={progress.done} max={progress.of} />
        <span className="xk-num" role="status">
          {t('working', { n: progress.done, of: progress.of })}
        </span>
        <Button size="small" onClick={onStop}>
          {t('stop')}
        </Button>
      </section>
    );
  return (
    <section className="xk-prop-batch" aria-label={t('batch')}>
      <strong role="status">{t(matching ? 'selected-matching' : 'selected', { n })}</strong>
      {!matching && total > count && (
        <Button size="small" type="link" onClick={onMatching}>
          {t('take-matching', { n: total })}
        </Button>
      )}
      <span className="xk-prop-batch-do">
        {VERDICTS.filter((verdict) => verdict !== 'meant' || odd).map((verdict) => (
          <Button
            key={verdict}
            size="small"
            type={verdict === 'accept' ? 'primary' : 'default'}
            onClick={() => setAsking(verdict)}
          >
            {t(`batch-${verdict}`)}
          </Button>
        ))}
        <Button size="small" type="text" onClick={onClear}>
          {t('drop-selection')}
        </Button>
      </span>
      {asking && (
        <Modal
          open
          title={t(`preview-${asking}`, { n })}
          okText={t(`batch-${asking}`)}
          cancelText={words('cancel')}
          onCancel={() => setAsking(null)}
          onOk={() => {
            setAsking(null);
            setNote('');
            onDecide(asking, note.trim());
          }}
        >
          <p className="xk-muted xk-prop-preview">{t(`preview-${asking}-hint`)}</p>
          <label className="xk-form-row">
            <span>
              {t('reason')} · {words('optional')}
            </span>
            <input
              className="xk-plain-input"
              maxLength={500}
              value={note}
              onChange={({ target }) => setNote(target.value)}
            />
          </label>
        </Modal>
      )}
    </section>
  );
}
