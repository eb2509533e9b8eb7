import type { ReactNode } from 'react';
import { useText } from '../../i18n/core.ts';
import { LanguageButton, ThemeButton } from '../../shell/account-menu.tsx';
import { LeafMark } from '../../ui/leaf.tsx';
import { useStartText } from './texts.ts';
import './start.css';

const LOOKS = (
  <>
    <LanguageButton />
    <ThemeButton />
  </>
);

/** Frame of the screens before the shell: the product's name, language and theme, and the content in the middle. */
export function StartFrame({
  tools = LOOKS,
  wide,
  children,
}: {
  /** Instead of language and theme. */
  tools?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) {
  const words = useText();
  return (
    <div className="xk-start">
      <header>
        <span className="xk-start-brand">
          <LeafMark state="fresh" size={26} />
          <strong>{words('product')}</strong>
          <span className="xk-muted">{words('tagline')}</span>
        </span>
        <span className="xk-start-tools">{tools}</span>
      </header>
      <main className={wide ? 'xk-start-wide' : undefined}>{children}</main>
    </div>
  );
}

/** What the product does, in three lines, beside the first form. */
export function Promises() {
  const t = useStartText();
  return (
    <ol className="xk-promises">
      {([1, 2, 3] as const).map((n) => (
        <li key={n}>
          <strong>{t(`point-${n}`)}</strong>
          <span className="xk-muted">{t(`point-${n}-hint`)}</span>
        </li>
      ))}
    </ol>
  );
}

const steps = ['account', 'scenario', 'file'] as const;
export type StartStep = (typeof steps)[number];

/** Where one is in the start: three dots with words. */
export function StartSteps({ current }: { current: StartStep }) {
  const t = useStartText();
  const at = steps.indexOf(current);
  return (
    <nav aria-label={t('steps')}>
      <ol className="xk-start-steps">
        {steps.map((step, index) => (
          <li
            key={step}
            aria-current={step === current ? 'step' : undefined}
            className={index < at ? 'xk-past-step' : undefined}
          >
            <span aria-hidden="true">{index < at ? '✓' : index + 1}</span>
            {t(`step-${step}`)}
          </li>
        ))}
      </ol>
    </nav>
  );
}
