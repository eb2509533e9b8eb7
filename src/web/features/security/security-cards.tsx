import { useQuery } from '@tanstack/react-query';
import { Skeleton } from '../../ui/page.tsx';
import { DevicesCard } from './devices-card.tsx';
import { PasskeysCard } from './passkeys-card.tsx';
import { PasswordCard } from './password-card.tsx';
import { mineQuery } from './security-api.ts';
import { TotpCard } from './totp-card.tsx';
import './security.css';

/** How I sign in, and where I am signed in. */
export function SecurityCards() {
  const { data: mine } = useQuery(mineQuery);
  if (!mine) return <Skeleton lines={8} />;
  return (
    <div className="xk-security">
      <PasswordCard has={mine.password} />
      <TotpCard mine={mine} />
      <PasskeysCard mine={mine} />
      <DevicesCard devices={mine.devices} />
    </div>
  );
}

/** For somebody who may do nothing else yet: the two second factors. */
export function NeededFactors({ onReady }: { onReady: () => void }) {
  const { data: mine } = useQuery(mineQuery);
  if (!mine) return <Skeleton lines={6} />;
  return (
    <div className="xk-security">
      <TotpCard mine={mine} onReady={onReady} />
      <PasskeysCard mine={mine} onReady={onReady} />
    </div>
  );
}
