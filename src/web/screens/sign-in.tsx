import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { forgetCopies } from '../api/offline-copy.ts';
import { SignInForm } from '../features/start/sign-in-form.tsx';
import { StartFrame } from '../features/start/start-frame.tsx';
import { useStartText } from '../features/start/texts.ts';

/** Leads back to where one wanted to go. `sso` is why the company's own sign-in sent somebody back. */
export function SignInScreen() {
  const t = useStartText();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { to, sso } = useSearch({ from: '/sign-in' });
  const done = () => {
    // Nothing of whoever was here before may show.
    forgetCopies();
    queryClient.clear();
    void navigate({ to: to ?? '/today' });
  };
  return (
    <StartFrame>
      <div className="xk-start-one">
        <SignInForm onDone={done} {...(to && { to })} {...(sso && { problem: t(`sso-${sso}`) })} />
      </div>
    </StartFrame>
  );
}
