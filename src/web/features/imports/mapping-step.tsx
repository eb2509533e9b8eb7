import { Alert, Button } from 'antd';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useCatalog, useSession } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import {
  type ColumnMapping,
  type Import,
  type ImportSettings,
  type MappingProblem,
  mappingProblems,
  targetGroups,
  withoutDeadKeys,
  withTarget,
} from './mapping.ts';
import { MappingTable } from './mapping-table.tsx';
import { ReadSummary } from './read-summary.tsx';
import { RulesPanel } from './rules-panel.tsx';
import { useImportText } from './texts.ts';

const NewFieldDialog = lazy(async () => ({ default: (await import('./new-field-dialog.tsx')).NewFieldDialog }));

/** Second step: put right what was read, give every column a place, say what happens to existing records. */
export function MappingStep({
  data,
  settings,
  saving,
  onSave,
  onReread,
}: {
  data: Import;
  settings: ImportSettings;
  saving: boolean;
  onSave: (settings: ImportSettings) => void;
  onReread: (settings: ImportSettings) => void;
}) {
  const t = useImportText();
  const catalog = useCatalog();
  const { account } = useSession();
  const [draft, setDraft] = useState(settings);
  const [newFieldFor, setNewFieldFor] = useState<ColumnMapping | null>(null);
  const groups = useMemo(() => targetGroups(catalog, draft.object), [catalog, draft.object]);
  const problems = mappingProblems(draft.columns, groups);
  const blocked = problems.some((problem) => problem.code !== 'required');
  const setTarget = (column: number, target: string | null) =>
    setDraft((now) => withoutDeadKeys({ ...now, columns: withTarget(now.columns, column, target) }));
  return (
    <div className="xk-import-step">
      <ReadSummary data={data} settings={draft} onReread={(change) => onReread({ ...draft, ...change })} />
      <MappingTable
        columns={draft.columns}
        groups={groups}
        problems={problems}
        onChange={setTarget}
        onNewField={account.role === 'admin' ? setNewFieldFor : undefined}
      />
      <RulesPanel settings={draft} onChange={(change) => setDraft((now) => ({ ...now, ...change }))} />
      <Problems problems={problems} />
      <footer className="xk-import-actions">
        <Button type="primary" size="large" disabled={blocked} loading={saving} onClick={() => onSave(draft)}>
          {t('to-preview')}
        </Button>
      </footer>
      {newFieldFor && (
        <Suspense fallback={null}>
          <NewFieldDialog
            column={newFieldFor}
            groups={groups}
            onClose={() => setNewFieldFor(null)}
            onCreated={(target) => {
              setTarget(newFieldFor.column, target);
              setNewFieldFor(null);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

function Problems({ problems }: { problems: MappingProblem[] }) {
  const t = useImportText();
  const label = useLabel();
  const lines = problems.flatMap((problem) => {
    if (problem.code === 'nothing') return [t('problem-nothing')];
    if (problem.code === 'required')
      return [t('problem-required', { object: label(problem.object), field: label(problem.label) })];
    return [];
  });
  if (lines.length === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={
        <ul className="xk-plain-list">
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      }
    />
  );
}
