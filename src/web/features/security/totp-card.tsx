import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { type Mine, mineQuery } from './security-api.ts';
import { useSecurityText } from './texts.ts';
import { TotpSetup } from './totp-setup.tsx';

/** Below this many one is told to make new ones. */
const FEW = 4;

/** The authenticator app and its recovery codes. `onReady`: a second factor was set up. */
export function TotpCard({ mine, onReady }: { mine: Mine; onReady?: () => void }) {
  const t = useSecurityText();
  const toasts = useToasts();
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState<'begin' | 'remove' | 'codes' | null>(null);
  const [begun, setBegun] = useState<{ uri: string; codes: string[] } | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const refresh = () => queryClient.invalidateQueries({ queryKey: mineQuery.queryKey });
  const body = (password: string | undefined) => ({ body: { ...(password !== undefined && { password }) } });
  const { totp, recovery, password } = mine;
  return (
    <Card
      title={
        <>
          {t('totp')} <Badge tone={totp ? 'brand' : 'plain'}>{t(totp ? 'totp-on' : 'totp-off')}</Badge>
        </>
      }
      extra={
        !begun &&
        (totp ? (
          <Button danger type="text" onClick={() => setAsking('remove')}>
            {t('totp-remove')}
          </Button>
        ) : (
          <Button type="primary" onClick={() => setAsking('begin')}>
            {t('totp-set-up')}
          </Button>
        ))
      }
    >
      <p className="xk-muted">{t('totp-hint')}</p>
      {begun && (
        <TotpSetup
          uri={begun.uri}
          onClose={() => setBegun(null)}
          onDone={() => {
            setCodes(begun.codes);
            setBegun(null);
            toasts.success(t('totp-done'));
            void refresh();
          }}
        />
      )}
      {totp && !codes && (
        <div className="xk-security-row">
          <span className={recovery < FEW ? 'xk-security-few' : undefined}>
            {t(recovery < FEW ? 'recovery-few' : 'recovery-left', { n: recovery })}
          </span>
          <Button size="small" onClick={() => setAsking('codes')}>
            {t('recovery-new')}
          </Button>
        </div>
      )}
      {codes && (
        <RecoveryCodes
          codes={codes}
          onDone={() => {
            setCodes(null);
            onReady?.();
          }}
        />
      )}
      {asking === 'begin' && (
        <ConfirmDialog
          title={t('confirm')}
          hint={password ? t('confirm-hint') : t('totp-hint')}
          ok={t('next')}
          withPassword={password}
          onConfirm={async (given) => setBegun(await call(api.identity.beginTotp, body(given)))}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === 'codes' && (
        <ConfirmDialog
          title={t('recovery-new')}
          hint={t('recovery-new-hint')}
          ok={t('next')}
          withPassword={password}
          onConfirm={async (given) => {
            setCodes((await call(api.identity.newCodes, body(given))).codes);
            void refresh();
          }}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === 'remove' && (
        <ConfirmDialog
          title={t('totp-remove')}
          hint={t('totp-remove-hint')}
          ok={t('totp-remove')}
          danger
          withPassword={password}
          onConfirm={async (given) => {
            await call(api.identity.removeTotp, body(given));
            toasts.success(t('totp-removed'));
            setCodes(null);
            void refresh();
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </Card>
  );
}
