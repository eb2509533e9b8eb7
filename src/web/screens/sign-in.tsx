import { useNavigate, useSearch } from '@tanstack/react-router';
import { SignInForm } from '../features/start/sign-in-form.tsx';
import { StartFrame } from '../features/start/start-frame.tsx';
import { useStartText } from '../features/start/texts.ts';
import { LanguageButton, ThemeButton } from '../shell/account-menu.tsx';

/** Leads back to where one wanted to go. */
export function SignInScreen() {
  const t = useStartText();
  const navigate = useNavigate();
  const { to } = useSearch({ from: '/sign-in' });
  return (
    <StartFrame
      tools={
        <>
          <LanguageButton />
          <ThemeButton />
        </>
      }
    >
      <div className="xk-start-one">
        <h1>{t('sign-in-title')}</h1>
        <p>{t('sign-in-hint')}</p>
        <SignInForm onDone={() => void navigate({ to: to ?? '/today' })} />
      </div>
    </StartFrame>
  );
}
