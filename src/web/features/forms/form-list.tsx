import { PlusOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, EmptyState, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { type FormView, firstDesign, formKeys } from './forms-api.ts';
import { useFormsText } from './texts.ts';
import './forms.css';

/** Forms with what came in through each. */
export function FormList() {
  const t = useFormsText();
  const { data, error, refetch } = useQuery({
    queryKey: formKeys.list,
    queryFn: ({ signal }) => call(api.forms.list, { signal }),
    staleTime: 0,
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  const add = data.mayMake ? <NewForm /> : undefined;
  if (data.forms.length === 0)
    return (
      <Card>
        <EmptyState title={t('none')} hint={t(data.mayMake ? 'none-hint' : 'none-hint-see')} action={add} />
      </Card>
    );
  return (
    <Card title={t('tab-forms')} extra={add}>
      <ul className="xk-forms">
        {data.forms.map((form) => (
          <FormRow key={form.id} form={form} />
        ))}
      </ul>
    </Card>
  );
}

function FormRow({ form }: { form: FormView }) {
  const t = useFormsText();
  const label = useLabel();
  const { objects } = useCatalog();
  const { design, counts, junk } = form;
  const object = objects.find(({ name }) => name === design.object);
  const received = Object.entries(counts).reduce((sum, [state, n]) => sum + (state === 'junk' ? 0 : n), 0);
  const refused = Object.values(junk).reduce((sum, n) => sum + n, 0);
  const waiting = counts.held ?? 0;
  return (
    <li>
      <div>
        {form.mayEdit ? (
          <Link to="/forms/$id" params={{ id: form.id }} aria-label={t('edit', { name: design.name })}>
            <strong>{design.name}</strong>
          </Link>
        ) : (
          <strong>{design.name}</strong>
        )}{' '}
        <Badge tone={form.state === 'open' ? 'brand' : 'plain'}>{t(`state-${form.state}`)}</Badge>{' '}
        {form.problems.length > 0 && <Badge tone="warn">{t('broken-short')}</Badge>}
        <p className="xk-muted">
          {t('for', { object: object ? label(object.label) : design.object })} · {t('received', { n: received })}
          {refused > 0 && ` · ${t('refused', { n: refused })}`}
        </p>
      </div>
      <Link to="/forms" search={{ tab: 'in', form: form.id }}>
        {waiting > 0 ? t('waiting', { n: waiting }) : t('see-in')}
      </Link>
    </li>
  );
}

/** Makes a form for the first object that is likely, and opens it. */
function NewForm() {
  const t = useFormsText();
  const toasts = useToasts();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { objects } = useCatalog();
  const make = useMutation({
    mutationFn: async () => {
      const choices = await client.fetchQuery({ queryKey: formKeys.choices, queryFn: () => call(api.forms.choices) });
      const likely = ['lead', 'customer'].flatMap(
        (name) => choices.objects.find(({ object }) => object === name) ?? [],
      );
      const chosen = likely[0] ?? choices.objects[0];
      const object = objects.find(({ name }) => name === chosen?.object);
      if (!chosen || !object) throw new Error('no object');
      const design = firstDesign(object, chosen.fields, t('new-name'), {
        title: { zh: '请留下您的信息', en: 'Leave us your details' },
        thanks: { zh: '我们会尽快与您联系。', en: 'We will be in touch soon.' },
      });
      return call(api.forms.save, { params: { id: crypto.randomUUID() }, body: { design, version: 0 } });
    },
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: formKeys.list });
      void navigate({ to: '/forms/$id', params: { id } });
    },
    onError: (error) => toasts.error(sentence(error)),
  });
  return (
    <Button type="primary" icon={<PlusOutlined />} loading={make.isPending} onClick={() => make.mutate()}>
      {t('add')}
    </Button>
  );
}
