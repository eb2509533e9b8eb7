import { LaptopOutlined, MobileOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { useText } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { deviceName } from './device-name.ts';
import { type Mine, mineQuery } from './security-api.ts';
import { useSecurityText } from './texts.ts';

type Device = Mine['devices'][number];

/** Where one is signed in; each can be ended, or all but this. */
export function DevicesCard({ devices }: { devices: Device[] }) {
  const t = useSecurityText();
  const words = useText();
  const toasts = useToasts();
  const { modal } = App.useApp();
  const queryClient = useQueryClient();
  const when = useDateFormat(DAY_AND_TIME);
  const shared = {
    onError: (error: unknown) => toasts.error(sentence(error)),
    onSettled: () => queryClient.invalidateQueries({ queryKey: mineQuery.queryKey }),
  };
  const nameOf = (device: Device) => deviceName(device.agent) ?? t('device-unknown');
  const end = useMutation({
    mutationFn: ({ id }: Device) => call(api.identity.endDevice, { params: { id } }),
    onSuccess: (_, device) => toasts.success(t('device-ended', { name: nameOf(device) })),
    ...shared,
  });
  const endOthers = useMutation({
    mutationFn: () => call(api.identity.endOtherDevices),
    onSuccess: ({ ended }) => toasts.success(t('devices-ended', { n: ended })),
    ...shared,
  });
  const ask = () =>
    modal.confirm({
      title: t('devices-end-ask'),
      content: t('devices-end-hint'),
      okText: t('devices-end'),
      okButtonProps: { danger: true },
      cancelText: words('cancel'),
      onOk: () => endOthers.mutateAsync().catch(() => undefined),
    });
  return (
    <Card
      title={t('devices')}
      extra={
        devices.some(({ current }) => !current) && (
          <Button danger onClick={ask}>
            {t('devices-end')}
          </Button>
        )
      }
    >
      <p className="xk-muted">{t('devices-hint')}</p>
      <ul className="xk-security-list">
        {devices.map((device) => (
          <li key={device.id}>
            {/iPhone|Android|HarmonyOS|Mobile/.test(device.agent ?? '') ? (
              <MobileOutlined aria-hidden="true" />
            ) : (
              <LaptopOutlined aria-hidden="true" />
            )}
            <span>
              <strong>
                {nameOf(device)} {device.current && <Badge tone="brand">{t('device-here')}</Badge>}
              </strong>
              <span className="xk-muted">
                {t('device-line', {
                  way: t(`way-${device.way ?? 'unknown'}`),
                  address: device.address || t('address-unknown'),
                  time: when.format(new Date(device.seenAt)),
                })}
              </span>
            </span>
            {!device.current && (
              <Button
                size="small"
                type="text"
                danger
                aria-label={t('device-end-for', { name: nameOf(device) })}
                onClick={() => end.mutate(device)}
              >
                {t('device-end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
