import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { NeededFactors } from '../features/security/security-cards.tsx';
import { StartFrame } from '../features/start/start-frame.tsx';
import { useStartText } from '../features/start/texts.ts';
import { AccountMenu } from '../shell/account-menu.tsx';

/** One's role asks for two factors and there is one: nothing else opens before. */
export function SecondFactorScreen() {
  const t = useStartText();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { to } = useSearch({ from: '/second-factor' });
  const ready = () => {
    queryClient.clear();
    void navigate({ to: to ?? '/today' });
  };
  return (
    <StartFrame wide tools={<AccountMenu />}>
      <h1>{t('factor-title')}</h1>
      <p>{t('factor-hint')}</p>
      <NeededFactors onReady={ready} />
    </StartFrame>
  );
}
