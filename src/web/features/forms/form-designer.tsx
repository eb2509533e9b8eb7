import { ArrowLeftOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Alert, Button, Popconfirm } from 'antd';
import { useMemo, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Choice, TextBox } from '../../ui/form-parts.tsx';
import { Card, PageHeader, Skeleton } from '../../ui/page.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { usePhone } from '../../ui/use-media.ts';
import { FormPreview } from './form-preview.tsx';
import { FormSettings } from './form-settings.tsx';
import { FormShare } from './form-share.tsx';
import { type Design, type FormView, formKeys, wholeLabel } from './forms-api.ts';
import { LabelBox } from './label-box.tsx';
import { type Askable, QuestionList } from './question-list.tsx';
import { useFormsText } from './texts.ts';
import './forms.css';

/** A form being designed, with the page as it will be beside it. */
export function FormDesigner({ id }: { id: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: formKeys.one(id),
    queryFn: ({ signal }) => call(api.forms.get, { params: { id }, signal }),
    staleTime: 0,
    refetchOnMount: 'always',
  });
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton title lines={10} />;
  return <Designer key={data.id} form={data} />;
}

type Part = 'questions' | 'settings' | 'share' | 'preview';

function Designer({ form }: { form: FormView }) {
  const t = useFormsText();
  const phone = usePhone();
  const toasts = useToasts();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [design, setDesign] = useState<Design>(form.design);
  const [saved, setSaved] = useState<Design>(form.design);
  const [problems, setProblems] = useState<string[]>(form.problems);
  const [part, setPart] = useState<Part>('questions');
  const change = (patch: Partial<Design>) => setDesign({ ...design, ...patch });
  const dirty = design !== saved;
  const stored = (next: FormView) => {
    client.setQueryData(formKeys.one(next.id), next);
    void client.invalidateQueries({ queryKey: formKeys.list });
  };
  const shared = { onError: (error: unknown) => toasts.error(sentence(error)) };
  const write = () =>
    call(api.forms.save, { params: { id: form.id }, body: { design: tidy(design), version: form.version } });
  const save = useMutation({
    mutationFn: write,
    onSuccess: (next) => {
      setSaved(design);
      stored(next);
      toasts.success(t('saved'));
    },
    ...shared,
  });
  const turn = useMutation({
    mutationFn: async (state: 'open' | 'closed') => {
      if (dirty) stored(await write());
      setSaved(design);
      return call(api.forms.state, { params: { id: form.id }, body: { state } });
    },
    onSuccess: (next) => {
      stored(next);
      toasts.success(t(next.state === 'open' ? 'published' : 'closed'));
      if (next.state === 'open') setPart('share');
    },
    ...shared,
  });
  const remove = useMutation({
    mutationFn: () => call(api.forms.remove, { params: { id: form.id } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: formKeys.list });
      toasts.success(t('removed'));
      void navigate({ to: '/forms' });
    },
    ...shared,
  });
  const tabs: { key: Part; label: string }[] = [
    { key: 'questions', label: t('tab-questions') },
    { key: 'settings', label: t('tab-settings') },
    { key: 'share', label: t('tab-share') },
    ...(phone ? [{ key: 'preview' as const, label: t('tab-preview') }] : []),
  ];
  const whole = useMemo(() => tidy(design), [design]);
  const preview = <FormPreview design={whole} onProblems={setProblems} />;
  const received = Object.values(form.counts).some((n) => n > 0);
  return (
    <>
      <PageHeader
        title={design.name || t('new-name')}
        before={
          <Link to="/forms" className="xk-form-back">
            <ArrowLeftOutlined /> {t('back')}
          </Link>
        }
        hint={
          <>
            <Badge tone={form.state === 'open' ? 'brand' : 'plain'}>{t(`state-${form.state}`)}</Badge>{' '}
            {dirty && <span className="xk-muted">{t('unsaved')}</span>}
          </>
        }
        actions={
          <>
            {!received && form.state === 'draft' && (
              <Button danger loading={remove.isPending} onClick={() => remove.mutate()}>
                {t('remove')}
              </Button>
            )}
            <Button loading={save.isPending} disabled={!dirty} onClick={() => save.mutate()}>
              {t('save')}
            </Button>
            {form.state === 'open' ? (
              <Popconfirm title={t('close')} description={t('close-sure')} onConfirm={() => turn.mutate('closed')}>
                <Button loading={turn.isPending}>{t('close')}</Button>
              </Popconfirm>
            ) : (
              <Button type="primary" loading={turn.isPending} onClick={() => turn.mutate('open')}>
                {t(form.state === 'closed' ? 'republish' : 'publish')}
              </Button>
            )}
          </>
        }
      />
      {problems.length > 0 && (
        <Alert
          className="xk-form-problems"
          type="warning"
          showIcon
          title={t('problems')}
          description={
            <ul>
              {problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          }
        />
      )}
      <div className="xk-form-designer">
        <Card>
          <Tabs label={design.name} tabs={tabs} value={part} onChange={setPart}>
            {part === 'questions' && <Questions design={design} onChange={change} />}
            {part === 'settings' && <FormSettings form={form} design={design} onChange={change} />}
            {part === 'share' && <FormShare form={form} />}
            {part === 'preview' && preview}
          </Tabs>
        </Card>
        {!phone && <Card title={t('preview')}>{preview}</Card>}
      </div>
    </>
  );
}

function Questions({ design, onChange }: { design: Design; onChange(patch: Partial<Design>): void }) {
  const t = useFormsText();
  const label = useLabel();
  const { objects } = useCatalog();
  const { data } = useQuery({
    queryKey: formKeys.choices,
    queryFn: ({ signal }) => call(api.forms.choices, { signal }),
  });
  if (!data) return <Skeleton lines={6} />;
  const chosen = data.objects.find(({ object }) => object === design.object);
  const also = chosen?.also.find(({ object }) => object === design.also);
  const askable: Askable = [chosen, also].flatMap((one) => {
    const object = objects.find(({ name }) => name === one?.object);
    return one && object ? [{ object, fields: object.fields.filter(({ name }) => one.fields.includes(name)) }] : [];
  });
  return (
    <>
      <TextBox label={t('name')} value={design.name} max={80} onChange={(name) => onChange({ name })} />
      <LabelBox label={t('page-title')} value={design.title} onChange={(title) => onChange({ title })} />
      <div className="xk-form-objects">
        <Choice
          label={t('object')}
          value={design.object}
          options={data.objects.map((one) => [one.object, label(one.label)])}
          onChange={(object) => onChange({ object, also: undefined, questions: [], fixed: [] })}
        />
        {chosen && chosen.also.length > 0 && (
          <Choice
            label={t('also')}
            value={design.also ?? ''}
            options={[
              ['', t('also-none')],
              ...chosen.also.map((one): [string, string] => [one.object, label(one.label)]),
            ]}
            onChange={(next) =>
              onChange({
                also: next || undefined,
                questions: design.questions.filter(({ object }) => object === design.object || object === next),
              })
            }
          />
        )}
      </div>
      <QuestionList design={design} askable={askable} onChange={(questions) => onChange({ questions })} />
    </>
  );
}

/** Texts written in one language stand for both, and what is left empty is absent. */
function tidy(design: Design): Design {
  return {
    ...design,
    name: design.name.trim() || '—',
    title: wholeLabel(design.title) ?? { zh: '—', en: '—' },
    intro: wholeLabel(design.intro) ?? { zh: '', en: '' },
    thanks: wholeLabel(design.thanks) ?? { zh: '', en: '' },
    sites: design.sites.map((site) => site.trim().replace(/\/+$/, '')).filter(Boolean),
    questions: design.questions.map(({ label, help, ...question }) => {
      const [named, explained] = [label && wholeLabel(label), help && wholeLabel(help)];
      return { ...question, ...(named && { label: named }), ...(explained && { help: explained }) };
    }),
  };
}
