import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { type ChangeEvent, useRef } from 'react';
import { api } from '../../../contract/api.ts';
import type { TradeShown, TradeTemplate } from '../../../contract/trades.ts';
import { call } from '../../api/client.ts';
import { reasonOf, sentence } from '../../api/errors.ts';
import { useDateFormat } from '../../api/use-date-format.ts';
import { useLabel } from '../../i18n/core.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, Page, PageHeader, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useTradeText } from './texts.ts';
import './trades.css';

const KEY = ['trade-templates'] as const;
const DAY: Intl.DateTimeFormatOptions = { dateStyle: 'medium' };

/** Templates for a line of business: what each would add or has added; install, take out of use, as a file in both directions. */
export function TradesPage() {
  const t = useTradeText();
  const label = useLabel();
  const toasts = useToasts();
  const client = useQueryClient();
  const { modal } = App.useApp();
  const picker = useRef<HTMLInputElement>(null);
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => (await call(api.trades.list, { signal })).templates,
  });
  const changed = (word: 'done' | 'removed') => ({
    onSuccess: async (_: unknown, { template }: { template: TradeShown }) => {
      await client.invalidateQueries();
      toasts.success(t(word, { name: label(template.label) }));
    },
    onError: (problem: Error) => toasts.error(reasonOf(problem)),
  });
  const install = useMutation({
    mutationFn: ({ template, file }: { template: TradeShown; file?: TradeTemplate | undefined }) =>
      call(api.trades.install, { body: file ? { file } : { name: template.name } }),
    ...changed('done'),
  });
  const remove = useMutation({
    mutationFn: ({ template }: { template: TradeShown }) =>
      call(api.trades.remove, { params: { name: template.name } }),
    ...changed('removed'),
  });
  const askInstall = (template: TradeShown, file?: TradeTemplate) =>
    modal.confirm({
      title: t('install-ask', { name: label(template.label) }),
      width: 560,
      content: (
        <>
          <Adds template={template} />
          <p className="xk-muted">{t('install-hint')}</p>
        </>
      ),
      ...{ okText: t('install'), cancelText: t('cancel') },
      onOk: () => install.mutateAsync({ template, file }).catch(() => undefined),
    });
  const askRemove = (template: TradeShown) =>
    modal.confirm({
      title: t('remove-ask', { name: label(template.label) }),
      content: t('remove-hint'),
      ...{ okText: t('remove'), okButtonProps: { danger: true }, cancelText: t('cancel') },
      onOk: () => remove.mutateAsync({ template }).catch(() => undefined),
    });
  const read = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [picked] = target.files ?? [];
    target.value = '';
    if (!picked) return;
    const file = await picked.text().then(parse);
    if (!file) return toasts.error(t('not-a-file'));
    try {
      askInstall(await call(api.trades.look, { body: file }), file);
    } catch (problem) {
      toasts.error(reasonOf(problem));
    }
  };
  return (
    <Page>
      <PageHeader
        title={t('title')}
        hint={t('hint')}
        actions={
          <>
            <input ref={picker} type="file" accept=".json" hidden onChange={(event) => void read(event)} />
            <Button onClick={() => picker.current?.click()}>{t('from-file')}</Button>
          </>
        }
      />
      {error && !data && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={8} />}
      <div className="xk-trades">
        {data?.map((template) => (
          <Card
            key={template.name}
            title={label(template.label)}
            extra={template.installed && <Since at={template.installed.at} />}
          >
            <p>{label(template.description)}</p>
            <Adds template={template} />
            <div className="xk-trade-actions">
              {!template.installed && (
                <Button type="primary" onClick={() => askInstall(template)}>
                  {t('install')}
                </Button>
              )}
              {template.installed && (
                <>
                  <Button
                    onClick={() => void download(template).catch((problem: Error) => toasts.error(sentence(problem)))}
                  >
                    {t('export')}
                  </Button>
                  <Button danger onClick={() => askRemove(template)}>
                    {t('remove')}
                  </Button>
                </>
              )}
            </div>
          </Card>
        ))}
      </div>
    </Page>
  );
}

function Since({ at }: { at: string }) {
  const t = useTradeText();
  const day = useDateFormat(DAY);
  return <span className="xk-trade-installed">{t('installed-at', { at: day.format(new Date(at)) })}</span>;
}

/** Per object what is new there, what was there, and which views. */
function Adds({ template: { adds, installed } }: { template: TradeShown }) {
  const t = useTradeText();
  const label = useLabel();
  const named = (list: TradeShown['label'][]) => list.map((one) => label(one)).join(t('list'));
  return (
    <ul className="xk-trade-adds">
      {adds.map(({ object, label: own, fresh, fields, kept, views }) => (
        <li key={object}>
          {fields.length > 0 &&
            t(installed ? 'has-object' : fresh ? 'new-object' : 'to-object', {
              object: label(own),
              fields: named(fields),
            })}
          {kept.length > 0 && <small>{t('kept', { object: label(own), fields: named(kept) })}</small>}
          {views.length > 0 && <small>{t('views', { views: named(views) })}</small>}
        </li>
      ))}
    </ul>
  );
}

function parse(text: string): TradeTemplate | null {
  try {
    const file = JSON.parse(text) as TradeTemplate;
    return file.format === 1 && Array.isArray(file.objects) ? file : null;
  } catch {
    return null;
  }
}

async function download({ name }: TradeShown): Promise<void> {
  const file = await call(api.trades.file, { params: { name } });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([`${JSON.stringify(file, null, 2)}\n`], { type: 'application/json' }));
  link.download = `${name}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}
