import { CloseOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { type ReactNode, useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { Filter } from '../../../domain/filter/types.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useAccounts, useCatalog, useSession } from '../../api/query.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { Choices } from '../../ui/choices.tsx';
import { Choice, type Option, Row } from '../../ui/form-parts.tsx';
import { Card } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { reportsKey, useFigures } from './insight-api.ts';
import { dimensionFor, groupsOf, measureFor, newDefinition, numbersOf, ofObject } from './report-draft.ts';
import {
  csvOf,
  type Definition,
  type Dimension,
  findAsked,
  type Measure,
  nameOf,
  type Report,
  TIMES,
} from './report-model.ts';
import { ReportView } from './report-view.tsx';
import { useInsightText } from './texts.ts';
import { useReportWords } from './use-report-words.ts';

const CHARTS = ['bar', 'line', 'table', 'number'] as const;
const FNS = ['count', 'sum', 'average', 'least', 'most'] as const;
const LEVELS = [1, 2, 3, 4] as const;

/** How conditions are edited; the screen brings it from the tables' filter bar. */
type FilterEditor = (props: {
  object: ObjectDef;
  /** Only what the record itself says. */
  own: boolean;
  filter: Filter | undefined;
  onChange(next: Filter | undefined): void;
}) => ReactNode;

/** A report being built: its answer above, what is asked below, changing as one goes. */
export function ReportBuilder({
  report,
  object,
  Editor,
}: {
  report: Report | null;
  object: string;
  Editor: FilterEditor;
}) {
  const t = useInsightText();
  const lang = useLang();
  const label = useLabel();
  const id = useId();
  const toasts = useToasts();
  const navigate = useNavigate();
  const client = useQueryClient();
  const accounts = useAccounts();
  const { account } = useSession();
  const { objects } = useCatalog();
  const [definition, setDefinition] = useState<Definition>(report?.definition ?? newDefinition(object));
  const [name, setName] = useState(report ? nameOf(report, lang) : '');
  const [shared, setShared] = useState((report?.owner ?? null) !== null && report?.shared === true);
  const words = useReportWords(definition);
  const { data, shown } = useFigures(definition);
  const of = objects.find((one) => one.name === definition.object);
  const mayChange =
    report !== null && report.owner !== null && (report.owner === account.id || account.role === 'admin');
  const change = (patch: Partial<Definition>) => setDefinition((old) => ({ ...old, ...patch }));
  const save = useMutation({
    mutationFn: () =>
      mayChange
        ? call(api.insight.update, {
            params: { id: report.id },
            body: { name: name.trim(), shared, definition, version: report.version },
          })
        : call(api.insight.create, { body: { name: name.trim(), shared, definition } }),
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: reportsKey });
      toasts.success(t('saved'));
      void navigate({ to: '/insight/$id', params: { id: saved.id }, replace: true });
    },
    onError: (problem) => toasts.error(sentence(problem)),
  });
  const remove = useMutation({
    mutationFn: (which: string) => call(api.insight.remove, { params: { id: which } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: reportsKey });
      toasts.success(t('deleted'));
      void navigate({ to: '/insight' });
    },
    onError: (problem) => toasts.error(sentence(problem)),
  });
  if (!words || !of) return <p className="xk-muted">{t('gone')}</p>;
  const download = () => {
    if (!data) return;
    const head = [...definition.by.map(words.dimension), ...definition.measures.map(words.measure)];
    const rows = data.rows.map(({ keys, values }) => [
      ...keys.map((key, n) => words.key(key, n, data.titles)),
      ...values,
    ]);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([csvOf(head, rows)], { type: 'text/csv' }));
    link.download = `${name.trim() || label(of.plural)}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  const owner = accounts.find((one) => one.id === report?.owner)?.name ?? t('colleague');
  return (
    <form
      className="xk-report-build"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Card>
        <ReportView definition={definition} name={name} />
      </Card>
      <Card>
        <div className="xk-report-parts">
          <Row id={id} label={t('name')}>
            <input
              id={id}
              className="xk-plain-input"
              required
              maxLength={80}
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          </Row>
          <Choice
            label={t('object')}
            value={definition.object}
            options={objects.filter(({ retired }) => !retired).map((one): Option => [one.name, label(one.plural)])}
            onChange={(next) => setDefinition(ofObject(definition, next))}
          />
          <Measures {...{ definition, words }} onChange={(measures) => change({ measures })} />
          <Dimensions {...{ definition, words }} onChange={(by) => change({ by })} />
          <fieldset>
            <legend>{t('filter')}</legend>
            <Editor object={of} own={false} filter={definition.filter} onChange={(filter) => change({ filter })} />
          </fieldset>
          <fieldset>
            <legend>{t('chart')}</legend>
            <Choices
              label={t('chart')}
              value={definition.chart}
              options={CHARTS.map((value) => ({ value, label: t(`chart-${value}`) }))}
              onChange={(chart) => change({ chart })}
            />
          </fieldset>
        </div>
      </Card>
      <div className="xk-report-do">
        <label className="xk-check">
          <input
            type="checkbox"
            checked={definition.pinned ?? false}
            onChange={({ target }) => change({ pinned: target.checked })}
          />
          {t('pinned')}
        </label>
        <label className="xk-check">
          <input type="checkbox" checked={shared} onChange={({ target }) => setShared(target.checked)} />
          {t('share')}
        </label>
      </div>
      {report && !mayChange && (
        <p className="xk-muted">{report.owner === null ? t('system-own') : t('not-yours', { owner })}</p>
      )}
      <div className="xk-report-do">
        <Button type="primary" htmlType="submit" loading={save.isPending} disabled={name.trim() === ''}>
          {t(report && !mayChange ? 'save-copy' : 'save')}
        </Button>
        <Button disabled={!data || shown !== definition || data.rows.length === 0} onClick={download}>
          {t('download')}
        </Button>
        {mayChange && (
          <Button danger loading={remove.isPending} onClick={() => remove.mutate(report.id)}>
            {t('delete')}
          </Button>
        )}
      </div>
    </form>
  );
}

interface Parts<Item> {
  definition: Definition;
  words: NonNullable<ReturnType<typeof useReportWords>>;
  onChange(next: Item[]): void;
}

const at = <Item,>(items: readonly Item[], n: number, next: Item): Item[] =>
  items.map((one, k) => (k === n ? next : one));
const without = <Item,>(items: readonly Item[], n: number): Item[] => items.filter((_, k) => k !== n);

function Measures({ definition: { measures }, words, onChange }: Parts<Measure>) {
  const t = useInsightText();
  const label = useLabel();
  const numbers = numbersOf(words.all);
  return (
    <fieldset>
      <legend>{t('measures')}</legend>
      {measures.map((measure, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: measures have no name of their own
        <div key={n} className="xk-report-row">
          <select
            className="xk-plain-input"
            aria-label={t('measure-n', { n: n + 1 })}
            value={measure.fn}
            onChange={({ target }) => {
              const fn = FNS.find((one) => one === target.value) ?? 'count';
              onChange(at(measures, n, measureFor(words.all, fn, measure.field)));
            }}
          >
            {FNS.filter((fn) => fn === 'count' || numbers.length > 0).map((fn) => (
              <option key={fn} value={fn}>
                {t(`fn-${fn}`)}
              </option>
            ))}
          </select>
          {measure.field !== undefined && (
            <select
              className="xk-plain-input"
              aria-label={t('measure-field-n', { n: n + 1 })}
              value={measure.field}
              onChange={({ target }) => onChange(at(measures, n, { ...measure, field: target.value }))}
            >
              {numbers.map((one) => (
                <option key={one.path} value={one.path}>
                  {label(one.label)}
                </option>
              ))}
            </select>
          )}
          {measures.length > 1 && (
            <Remove label={t('remove-measure', { n: n + 1 })} onClick={() => onChange(without(measures, n))} />
          )}
        </div>
      ))}
      {measures.length < 4 && (
        <Button size="small" onClick={() => onChange([...measures, measureFor(words.all, 'sum', undefined)])}>
          + {t('add-measure')}
        </Button>
      )}
    </fieldset>
  );
}

function Dimensions({ definition: { by }, words, onChange }: Parts<Dimension>) {
  const t = useInsightText();
  const label = useLabel();
  const groups = groupsOf(words.all);
  const [first] = groups;
  return (
    <fieldset>
      <legend>{t('by')}</legend>
      {by.map((dimension, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: dimensions have no name of their own
        <div key={n} className="xk-report-row">
          <select
            className="xk-plain-input"
            aria-label={t('by-n', { n: n + 1 })}
            value={dimension.field}
            onChange={({ target }) => {
              const next = dimensionFor(words.all, target.value);
              if (next) onChange(at(by, n, next));
            }}
          >
            {groups.map((one) => (
              <option key={one.path} value={one.path}>
                {label(one.label)}
              </option>
            ))}
          </select>
          {dimension.bucket !== undefined && (
            <select
              className="xk-plain-input"
              aria-label={t('bucket-n', { n: n + 1 })}
              value={dimension.bucket}
              onChange={({ target }) => {
                const bucket = TIMES.find((one) => one === target.value) ?? 'month';
                onChange(at(by, n, { field: dimension.field, bucket }));
              }}
            >
              {TIMES.map((one) => (
                <option key={one} value={one}>
                  {t(`bucket-${one}`)}
                </option>
              ))}
            </select>
          )}
          {findAsked(words.all, dimension.field)?.field?.type === 'tree' && (
            <select
              className="xk-plain-input"
              aria-label={t('level-n', { n: n + 1 })}
              value={dimension.level ?? 1}
              onChange={({ target }) => onChange(at(by, n, { field: dimension.field, level: Number(target.value) }))}
            >
              {LEVELS.map((one) => (
                <option key={one} value={one}>
                  {t(`level-${one}`)}
                </option>
              ))}
            </select>
          )}
          <Remove label={t('remove-by', { n: n + 1 })} onClick={() => onChange(without(by, n))} />
        </div>
      ))}
      {by.length < 2 && first && (
        <Button
          size="small"
          onClick={() => {
            const next = dimensionFor(
              words.all,
              groups.find(({ path }) => !by.some(({ field }) => field === path))?.path ?? first.path,
            );
            if (next) onChange([...by, next]);
          }}
        >
          + {t('add-by')}
        </Button>
      )}
    </fieldset>
  );
}

function Remove({ label, onClick }: { label: string; onClick(): void }) {
  return <Button size="small" type="text" icon={<CloseOutlined />} aria-label={label} onClick={onClick} />;
}
