import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { forgetCopies } from '../api/offline-copy.ts';
import { LinkForm } from '../features/start/link-form.tsx';
import { StartFrame } from '../features/start/start-frame.tsx';

/** An invitation, or a new password: the token is behind the #, where no server and no log sees it. */
export function LinkScreen() {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const token = useRouterState({ select: ({ location }) => location.hash });
  const leave = (to: '/today' | '/sign-in') => {
    forgetCopies();
    queryClient.clear();
    void navigate({ to, replace: true });
  };
  return (
    <StartFrame>
      <div className="xk-start-one">
        <LinkForm key={token} token={token} onDone={() => leave('/today')} onLeave={() => leave('/sign-in')} />
      </div>
    </StartFrame>
  );
}
