import { ClockCircleOutlined, PhoneOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useText } from '../../i18n/core.ts';
import { Floating, FloatingMenu } from '../../ui/floating.tsx';
import { useTodayText } from './texts.ts';

export const unreached = ['no-answer', 'refused', 'wrong-number', 'off'] as const;
export type Unreached = (typeof unreached)[number];

/** “Tried, nobody there”: what happened decides when the customer comes back. */
export function CannotReach({ onChoose }: { onChoose: (how: Unreached) => void }) {
  const t = useTodayText();
  const [menu, setMenu] = useState<DOMRect | null>(null);
  return (
    <>
      <Button
        type="text"
        className="xk-cannot-reach-button"
        icon={<PhoneOutlined rotate={135} />}
        aria-haspopup="menu"
        aria-expanded={menu !== null}
        onClick={(event) => setMenu(event.currentTarget.getBoundingClientRect())}
      >
        {t('cannot-reach')}
      </Button>
      {menu && (
        <FloatingMenu
          anchor={menu}
          onClose={() => setMenu(null)}
          items={unreached.map((how) => ({ key: how, label: t(how), onPick: () => onChoose(how) }))}
        />
      )}
    </>
  );
}

const spans = [
  { days: 1, text: 'later-tomorrow' },
  { days: 3, text: 'later-3' },
  { days: 7, text: 'later-week' },
  { days: 30, text: 'later-month' },
] as const;
const reasons = ['why-busy', 'why-asked', 'why-visit', 'why-waiting'] as const;

/** “Not now”: when to come back, and one tap for the reason. */
export function Later({
  open,
  onOpenChange,
  onChoose,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onChoose: (days: number, reason: string) => void;
}) {
  const t = useTodayText();
  const words = useText();
  const [days, setDays] = useState(3);
  const [reason, setReason] = useState('');
  const finish = (why: string) => {
    if (why.trim() === '') return;
    onOpenChange(false);
    onChoose(days, why.trim());
  };
  const button = useRef<HTMLButtonElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const [anchor, setAnchor] = useState<DOMRect | null>(null);
  useEffect(() => setAnchor((open && button.current?.getBoundingClientRect()) || null), [open]);
  useEffect(() => {
    if (anchor) form.current?.querySelector<HTMLInputElement>('input:checked')?.focus();
  }, [anchor]);
  return (
    <>
      <Button
        ref={button}
        type="text"
        className="xk-later-button"
        icon={<ClockCircleOutlined />}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => onOpenChange(!open)}
      >
        {t('later')}
      </Button>
      {anchor && (
        <Floating anchor={anchor} onOutside={() => onOpenChange(false)} label={t('later')}>
          <form
            ref={form}
            className="xk-later"
            onSubmit={(event) => {
              event.preventDefault();
              finish(reason);
            }}
          >
            <fieldset className="xk-later-days">
              <legend className="xk-visually-hidden">{t('later')}</legend>
              {spans.map((span) => (
                <label key={span.days} className={days === span.days ? 'xk-chosen' : undefined}>
                  <input type="radio" name="days" checked={days === span.days} onChange={() => setDays(span.days)} />
                  {t(span.text)}
                </label>
              ))}
            </fieldset>
            <p className="xk-muted">{t('later-why')}</p>
            <div className="xk-later-why">
              {reasons.map((why) => (
                <Button key={why} onClick={() => finish(t(why))}>
                  {t(why)}
                </Button>
              ))}
            </div>
            <div className="xk-later-custom">
              <input
                className="xk-plain-input"
                aria-label={t('later-custom')}
                placeholder={t('later-custom')}
                value={reason}
                maxLength={200}
                onChange={(event) => setReason(event.target.value)}
              />
              <Button htmlType="submit" type="primary" disabled={reason.trim() === ''}>
                {words('ok')}
              </Button>
            </div>
          </form>
        </Floating>
      )}
    </>
  );
}
