import { strengthOf } from './password-strength.ts';
import { useStartText } from './texts.ts';

/** Says while one types how hard a password is to guess. */
export function Strength({ password, about }: { password: string; about: string[] }) {
  const t = useStartText();
  const { level, hint } = strengthOf(password, about);
  return (
    <div className={`xk-strength xk-strength-${level}`} role="status" aria-label={t('strength')}>
      <span aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {t(`strength-${hint}`)}
    </div>
  );
}
