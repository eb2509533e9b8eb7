import { useDuplicatesText } from './texts.ts';

const KEYS = [
  [['J', 'K'], 'key-jk'],
  [['M'], 'key-m'],
  [['N'], 'key-n'],
  [['S'], 'key-s'],
  [['Z'], 'key-z'],
] as const;

/** What the keys do, in one line, and the switch for them (WCAG 2.1.4). */
export function ShortcutKeys({ on, onSwitch }: { on: boolean; onSwitch(on: boolean): void }) {
  const t = useDuplicatesText();
  return (
    <section className="xk-queue-keys" aria-label={t('shortcuts')}>
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
