import { PlusOutlined } from '@ant-design/icons';
import { Button, Select } from 'antd';
import { useId, useMemo, useState } from 'react';
import { useLabel } from '../../i18n/core.ts';
import { formatShare } from '../../i18n/phrase.ts';
import { Card } from '../../ui/page.tsx';
import { type ColumnMapping, type MappingProblem, mappedCount, type TargetGroup } from './mapping.ts';
import { useImportText } from './texts.ts';

const leaveOut = '';

/** The file's columns with examples, and where each goes. */
export function MappingTable({
  columns,
  groups,
  problems,
  onChange,
  onNewField,
}: {
  columns: ColumnMapping[];
  groups: TargetGroup[];
  problems: MappingProblem[];
  onChange: (column: number, target: string | null) => void;
  /** Absent when the person may not add fields. */
  onNewField?: (column: ColumnMapping) => void;
}) {
  const t = useImportText();
  const label = useLabel();
  const [onlyOpen, setOnlyOpen] = useState(false);
  // Columns stay in view after they got a place, or the one just chosen would vanish under the pointer.
  const [openAtFirst] = useState(() => new Set(columns.filter((one) => one.target === null).map((one) => one.column)));
  const shown = onlyOpen ? columns.filter((one) => one.target === null || openAtFirst.has(one.column)) : columns;
  const options = useMemo(
    () => [
      { value: leaveOut, label: t('left-out'), search: '' },
      ...groups.map((group) => ({
        label: label(group.label),
        title: group.object,
        options: group.fields.map((field) => ({
          value: field.target,
          label: groups.length > 1 ? `${label(group.label)} · ${label(field.label)}` : label(field.label),
          search: `${field.label.zh} ${field.label.en} ${field.target}`.toLowerCase(),
        })),
      })),
    ],
    [groups, label, t],
  );
  return (
    <Card
      title={t('mapping-title')}
      extra={
        <span className="xk-mapping-extra">
          <span className="xk-muted">{t('mapping-count', { mapped: mappedCount(columns), all: columns.length })}</span>
          <label className="xk-check">
            <input type="checkbox" checked={onlyOpen} onChange={(event) => setOnlyOpen(event.target.checked)} />
            {t('only-open')}
          </label>
        </span>
      }
    >
      <table className="xk-mapping">
        <thead>
          <tr>
            <th scope="col">{t('col-file')}</th>
            <th scope="col">{t('col-samples')}</th>
            <th scope="col">{t('col-target')}</th>
            <th scope="col">{t('col-why')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <MappingRow
              key={one.column}
              column={one}
              options={options}
              problem={problems.find((problem) => problem.code === 'taken' && problem.column === one.column)}
              onChange={onChange}
              onNewField={onNewField}
            />
          ))}
        </tbody>
      </table>
    </Card>
  );
}

interface Option {
  value?: string;
  label: string;
  search?: string;
}

function MappingRow({
  column,
  options,
  problem,
  onChange,
  onNewField,
}: {
  column: ColumnMapping;
  options: (Option & { options?: Option[] })[];
  problem: MappingProblem | undefined;
  onChange: (column: number, target: string | null) => void;
  onNewField: ((column: ColumnMapping) => void) | undefined;
}) {
  const t = useImportText();
  const problemId = useId();
  const name = column.header || t('no-header', { n: column.column + 1 });
  const samples = column.samples.filter((sample) => sample !== '').slice(0, 3);
  const open = column.target === null;
  return (
    <tr className={open ? 'xk-mapping-open' : undefined}>
      <th scope="row" data-label={t('col-file')}>
        {name}
      </th>
      <td data-label={t('col-samples')} className="xk-samples">
        {samples.length === 0 ? (
          <span className="xk-muted">{t('no-samples')}</span>
        ) : (
          samples.map((sample, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same sample may occur twice and never moves
            <span key={index} title={sample}>
              {sample}
            </span>
          ))
        )}
      </td>
      <td data-label={t('col-target')}>
        <Select
          className="xk-target"
          aria-label={t('target-of', { column: name })}
          aria-describedby={problem ? problemId : undefined}
          status={problem ? 'error' : undefined}
          value={column.target ?? leaveOut}
          options={options}
          showSearch={{
            filterOption: (text, option) =>
              (option && 'search' in option ? String(option.search) : '').includes(text.trim().toLowerCase()),
          }}
          onChange={(value: string) => onChange(column.column, value === leaveOut ? null : value)}
          popupMatchSelectWidth={false}
          listHeight={320}
        />
        {problem?.code === 'taken' && (
          <p id={problemId} className="xk-cell-problem">
            {t('problem-taken', { by: problem.by + 1 })}
          </p>
        )}
      </td>
      <td data-label={t('col-why')}>
        {open && samples.length > 0 && onNewField ? (
          <Button
            size="small"
            type="text"
            icon={<PlusOutlined />}
            aria-label={t('new-field-for', { column: name })}
            onClick={() => onNewField(column)}
          >
            {t('new-field')}
          </Button>
        ) : (
          <Why column={column} />
        )}
      </td>
    </tr>
  );
}

/** Why a column was given its place, and how sure that is. */
function Why({ column }: { column: ColumnMapping }) {
  const t = useImportText();
  if (column.target === null) return null;
  if (column.why === 'person') return <span className="xk-muted">{t('why-person')}</span>;
  if (column.why === 'none') return <span className="xk-muted">{t('why-none')}</span>;
  const tone = column.confidence >= 0.8 ? 'fresh' : column.confidence >= 0.5 ? 'aging' : 'stale';
  return (
    <span className="xk-why" title={t(`why-${column.why}-hint`)}>
      {t(`why-${column.why}`)}
      <small className={`xk-num xk-tone-${tone}`}>{t('confidence', { share: formatShare(column.confidence) })}</small>
    </span>
  );
}
