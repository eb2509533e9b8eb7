import { useApprovalText } from './texts.ts';

const KEYS = [
  [['J', 'K'], 'key-move'],
  [['A'], 'key-a'],
  [['R'], 'key-r'],
  [['O'], 'key-o'],
] as const;

/** What the keys do, in one line, and the switch for them (WCAG 2.1.4). */
export function ShortcutKeys({ on, onSwitch }: { on: boolean; onSwitch(on: boolean): void }) {
  const t = useApprovalText();
  return (
    <section className="xk-approval-keys" aria-label={t('shortcuts')}>
      <label className="xk-check">
        <input type="checkbox" checked={on} onChange={(event) => onSwitch(event.target.checked)} />
        {t('shortcuts-on')}
      </label>
      {on &&
        KEYS.map(([keys, what]) => (
          <span key={what}>
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}{' '}
            {t(what)}
          </span>
        ))}
    </section>
  );
}
