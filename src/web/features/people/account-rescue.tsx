import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys } from '../../api/query.ts';
import { useText } from '../../i18n/core.ts';
import { useToasts } from '../../ui/toasts.tsx';
import type { Link } from './link-shown.tsx';
import { usePeopleText } from './texts.ts';

/** For somebody who can't get in any more: a link for a new password, and the second factors of a lost phone. */
export function AccountRescue({
  account,
  onLink,
}: {
  account: { id: string; name: string; invited?: boolean | undefined };
  onLink: (link: Link) => void;
}) {
  const t = usePeopleText();
  const words = useText();
  const toasts = useToasts();
  const { modal } = App.useApp();
  const queryClient = useQueryClient();
  const params = { id: account.id };
  const onError = (error: unknown) => toasts.error(sentence(error));
  const makeLink = useMutation({
    mutationFn: () => call(api.identity.makeLink, { params }),
    onSuccess: onLink,
    onError,
  });
  const remove = useMutation({
    mutationFn: () => call(api.identity.removeFactors, { params }),
    onSuccess: () => {
      toasts.success(t('rescue-factors-done', { name: account.name }));
      void queryClient.invalidateQueries({ queryKey: keys.accounts });
    },
    onError,
  });
  const ask = () =>
    modal.confirm({
      title: t('rescue-factors'),
      content: t('rescue-factors-hint'),
      okText: t('rescue-factors'),
      okButtonProps: { danger: true },
      cancelText: words('cancel'),
      onOk: () => remove.mutateAsync().catch(() => undefined),
    });
  return (
    <section className="xk-people-rescue" aria-label={t('rescue')}>
      <h3>{t('rescue')}</h3>
      <Button loading={makeLink.isPending} onClick={() => makeLink.mutate()}>
        {t(account.invited ? 'rescue-invite' : 'rescue-link')}
      </Button>
      {!account.invited && (
        <Button danger type="text" onClick={ask}>
          {t('rescue-factors')}
        </Button>
      )}
    </section>
  );
}
