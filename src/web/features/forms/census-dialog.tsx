import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Drawer } from 'antd';
import { type ReactNode, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, useCatalog } from '../../api/query.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { Choice, NumberBox, TextBox, Ticks } from '../../ui/form-parts.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { formKeys } from './forms-api.ts';
import { useFormsText } from './texts.ts';

/** How the customers are chosen; the screen brings it from the tables' filter bar. */
export interface CensusTools {
  Editor(props: {
    object: ObjectDef;
    own: boolean;
    label: string;
    filter: Filter | undefined;
    onChange(next: Filter | undefined): void;
  }): ReactNode;
}

/** Customers with an address or contacts of their own can be asked. */
const isAskable = (object: ObjectDef): boolean =>
  !object.retired &&
  object.parent === undefined &&
  object.fields.some(({ type, retired }) => type === 'phone' && !retired);

/** Begins a round: for whom, about what, until when. */
export function CensusDialog({ tools, onClose }: { tools: CensusTools; onClose(): void }) {
  const t = useFormsText();
  const label = useLabel();
  const lang = useLang();
  const toasts = useToasts();
  const client = useQueryClient();
  const objects = useCatalog().objects.filter(isAskable);
  const [id] = useState(() => crypto.randomUUID());
  const [name, setName] = useState('');
  const [object, setObject] = useState(objects.find((one) => one.name === 'customer') ?? objects[0]);
  const [filter, setFilter] = useState<Filter | undefined>();
  const [fields, setFields] = useState<string[]>(['name', 'contact_name', 'mobile', 'email', 'address']);
  const [days, setDays] = useState(14);
  const [remindDays, setRemindDays] = useState(5);
  const { data } = useQuery({
    queryKey: [...formKeys.censuses, 'count', object?.name, filter],
    queryFn: ({ signal }) =>
      call(api.forms.censusCount, { body: { object: object?.name ?? '', ...(filter && { filter }) }, signal }),
    enabled: object !== undefined,
    placeholderData: (old) => old,
  });
  const views = useQuery({
    queryKey: keys.views(object?.name ?? ''),
    queryFn: ({ signal }) => call(api.catalog.views, { query: { object: object?.name ?? '' }, signal }),
    enabled: object !== undefined,
  }).data?.views.filter(({ definition }) => definition.filter !== undefined);
  const chosen = fields.filter((field) => data?.fields.includes(field));
  const start = useMutation({
    mutationFn: () =>
      call(api.forms.startCensus, {
        params: { id },
        body: {
          ...{ name: name.trim(), object: object?.name ?? '', fields: chosen, days, remindDays, lang },
          ...(filter && { filter }),
        },
      }),
    onSuccess: () => {
      toasts.success(t('census-started'));
      void client.invalidateQueries({ queryKey: formKeys.censuses });
      onClose();
    },
    onError: (error) => toasts.error(sentence(error)),
  });
  if (!object) return null;
  return (
    <Drawer
      open
      size={520}
      title={t('census-add')}
      onClose={onClose}
      footer={
        <div className="xk-form-foot">
          <span className="xk-muted">{data && t('census-count', { n: data.count })}</span>
          <Button
            type="primary"
            loading={start.isPending}
            disabled={name.trim() === '' || chosen.length === 0 || !data || data.count === 0}
            onClick={() => start.mutate()}
          >
            {t('census-start')}
          </Button>
        </div>
      }
    >
      <TextBox label={t('census-name')} example={t('census-example')} max={80} value={name} onChange={setName} />
      {objects.length > 1 && (
        <Choice
          label={t('census-object')}
          value={object.name}
          options={objects.map((one) => [one.name, label(one.label)])}
          onChange={(next) => {
            setObject(objects.find((one) => one.name === next) ?? object);
            setFilter(undefined);
          }}
        />
      )}
      <section className="xk-form-part">
        <h3>{t('census-filter')}</h3>
        {views && views.length > 0 && (
          <Choice
            label={t('census-view')}
            value=""
            options={[['', '—'], ...views.map((one): [string, string] => [one.id, label(one.label) || one.name])]}
            onChange={(key) => setFilter(views.find(({ id: of }) => of === key)?.definition.filter)}
          />
        )}
        <tools.Editor label={t('census-filter')} object={object} own filter={filter} onChange={setFilter} />
      </section>
      <Ticks
        legend={t('census-fields')}
        options={object.fields
          .filter((field) => data?.fields.includes(field.name))
          .map((field) => [field.name, label(field.label)])}
        chosen={chosen}
        onChange={setFields}
      />
      <NumberBox label={t('census-days')} min={1} max={90} value={days} onChange={setDays} />
      <NumberBox label={t('census-remind')} min={0} max={60} value={remindDays} onChange={setRemindDays} />
      {data && <p className="xk-muted">{t(data.mail ? 'census-mail' : 'census-no-mail')}</p>}
    </Drawer>
  );
}
