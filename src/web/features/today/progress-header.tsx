import { QuestionCircleOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { Choices } from '../../ui/choices.tsx';
import { Floating } from '../../ui/floating.tsx';
import { useTodayText } from './texts.ts';

export const methods = ['phone', 'visit', 'other'] as const;
export type Method = (typeof methods)[number];

/** Verifying feels like progress: how much is left, how long it takes, how much is done. */
export function ProgressHeader({
  left,
  capped,
  done,
  shown,
  minutes,
  fit,
  capacity,
  method,
  onMethod,
}: {
  left: number;
  /** There are more than `left`. */
  capped: boolean;
  done: number;
  /** How many of those that are left are on the page, and what these take. */
  shown: number;
  minutes: number;
  /** How many of them fit into the day's capacity. */
  fit: number;
  capacity: number;
  method: Method;
  onMethod: (method: Method) => void;
}) {
  const t = useTodayText();
  const share = left + done === 0 ? 1 : done / (left + done);
  return (
    <section className="xk-today-progress" aria-label={t('progress')}>
      <div className="xk-today-figures">
        <strong className="xk-num">{t(capped ? 'left-many' : 'left-customers', { n: left })}</strong>
        <span className="xk-muted xk-num">
          {shown < left ? t('first-minutes', { k: shown, n: minutes }) : t('left-minutes', { n: minutes })}
        </span>
        <span className="xk-today-done xk-num">{t('done-today', { n: done })}</span>
      </div>
      <div
        className="xk-today-bar"
        role="progressbar"
        aria-label={t('progress')}
        aria-valuenow={Math.round(share * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={`${t('done-today', { n: done })}, ${t('left-customers', { n: left })}`}
      >
        <span style={{ width: `${share * 100}%` }} />
      </div>
      {minutes > capacity + 2 && <p className="xk-muted">{t('over-capacity', { capacity, fit })}</p>}
      <div className="xk-today-how">
        <span className="xk-muted" aria-hidden="true">
          {t('how')}
        </span>
        <Choices
          label={t('how')}
          value={method}
          onChange={onMethod}
          options={methods.map((value) => ({ value, label: t(`how-${value}`) }))}
        />
      </div>
    </section>
  );
}

/** What the keys do, and the switch for them. */
export function ShortcutHelp({ on, onSwitch }: { on: boolean; onSwitch: (on: boolean) => void }) {
  const t = useTodayText();
  const keys = [
    ['j / k', 'key-jk'],
    ['y', 'key-y'],
    ['e', 'key-e'],
    ['s', 'key-s'],
    ['o', 'key-enter'],
  ] as const;
  const [anchor, setAnchor] = useState<DOMRect | null>(null);
  return (
    <>
      <Button
        type="text"
        icon={<QuestionCircleOutlined />}
        className="xk-desktop-only"
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(anchor ? null : event.currentTarget.getBoundingClientRect())}
      >
        {t('shortcuts')}
      </Button>
      {anchor && (
        <Floating anchor={anchor} onOutside={() => setAnchor(null)} label={t('shortcuts')}>
          <div className="xk-shortcuts">
            <dl>
              {keys.map(([key, text]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{t(text)}</dd>
                </div>
              ))}
            </dl>
            <label>
              <input type="checkbox" checked={on} onChange={(event) => onSwitch(event.target.checked)} />{' '}
              {t('shortcuts-on')}
            </label>
          </div>
        </Floating>
      )}
    </>
  );
}
