import { GlobalOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { api } from '../../../contract/api.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, useSession } from '../../api/query.ts';
import { useText } from '../../i18n/core.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { poolKeys, usePools } from './pool-api.ts';
import { usePoolText } from './texts.ts';

/** Puts a record of one’s own into the pool, where the object has one. */
export function GiveUpAction({ object, id }: { object: ObjectDef; id: string }) {
  const t = usePoolText();
  const words = useText();
  const toasts = useToasts();
  const client = useQueryClient();
  const { modal } = App.useApp();
  const me = useSession().account.id;
  // The page itself has asked for this very row.
  const { data } = useQuery({
    queryKey: [...keys.record(object.name, id), 'row', 'now'],
    queryFn: ({ signal }) => call(api.records.get, { params: { object: object.name, id }, query: {}, signal }),
  });
  const mine = object.owner !== undefined && data?.rows[0]?.values[object.owner] === me;
  const open = usePools().data?.pools.some((pool) => pool.object === object.name) ?? false;
  const giveUp = useMutation({
    mutationFn: () => call(api.pool.giveUp, { body: { object: object.name, record: id } }),
    onSuccess: () => toasts.success(t('given-up')),
    onError: (problem) => toasts.error(sentence(problem)),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.record(object.name, id) });
      void client.invalidateQueries({ queryKey: poolKeys.all });
    },
  });
  if (!mine || !open) return null;
  return (
    <Button
      size="small"
      icon={<GlobalOutlined />}
      loading={giveUp.isPending}
      onClick={() =>
        modal.confirm({
          title: t('give-up-ask'),
          content: t('give-up-hint'),
          okText: t('give-up'),
          cancelText: words('cancel'),
          onOk: () => giveUp.mutateAsync().catch(() => undefined),
        })
      }
    >
      {t('give-up')}
    </Button>
  );
}
