import { useNavigate, useSearch } from '@tanstack/react-router';
import { Consent } from '../features/apps/consent.tsx';
import { StartFrame } from '../features/start/start-frame.tsx';
import '../features/apps/apps.css';

/** Where another app sends people to be asked: the authorisation endpoint (RFC 6749 §3.1). */
export function AuthorizeScreen() {
  const navigate = useNavigate();
  const asked = new URLSearchParams(useSearch({ from: '/oauth/authorize' })).toString();
  return (
    <StartFrame>
      <div className="xk-consent-frame">
        <Consent asked={asked} onHome={() => void navigate({ to: '/today' })} />
      </div>
    </StartFrame>
  );
}
