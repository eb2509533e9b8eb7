import './shortcut-keys.css';

/** What the single keys of a screen do, in one line, and the switch for them (WCAG 2.1.4). */
export function ShortcutKeys<Text extends string>({
  keys,
  t,
  on,
  onSwitch,
}: {
  /** Keys with what they do. */
  keys: readonly (readonly [keys: readonly string[], what: Text])[];
  t(key: Text | 'shortcuts' | 'shortcuts-on'): string;
  on: boolean;
  onSwitch(on: boolean): void;
}) {
  return (
    <section className="xk-keys" aria-label={t('shortcuts')}>
      <label className="xk-check">
        <input type="checkbox" checked={on} onChange={(event) => onSwitch(event.target.checked)} />
        {t('shortcuts-on')}
      </label>
      {on &&
        keys.map(([those, what]) => (
          <span key={what}>
            {those.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}{' '}
            {t(what)}
          </span>
        ))}
    </section>
  );
}
