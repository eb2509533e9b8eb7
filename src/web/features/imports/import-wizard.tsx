import { lazy, Suspense, useState } from 'react';
import { sentence } from '../../api/errors.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, PageHeader, Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { usePhone } from '../../ui/use-media.ts';
import { useImport, useImportActions } from './imports-api.ts';
import type { ImportSettings } from './mapping.ts';
import { useImportText } from './texts.ts';
import { failedAt, type Step, stepOf, steps } from './wizard-step.ts';
import '../../ui/link-button.css';
import './imports.css';

// One chunk each: whoever drops a file loads no mapping, whoever watches the progress no preview.
const MappingStep = lazy(async () => ({ default: (await import('./mapping-step.tsx')).MappingStep }));
const PreviewStep = lazy(async () => ({ default: (await import('./preview-step.tsx')).PreviewStep }));
const SheetStep = lazy(async () => ({ default: (await import('./sheet-step.tsx')).SheetStep }));
const RunStep = lazy(async () => ({ default: (await import('./run-step.tsx')).RunStep }));
const ResultStep = lazy(async () => ({ default: (await import('./result-step.tsx')).ResultStep }));

/** One import from the uploaded file to the result. Its state is the server's, so any step can be left and come back to. */
export function ImportWizard({ id }: { id: string }) {
  const t = useImportText();
  const toasts = useToasts();
  const { data, error, refetch } = useImport(id);
  const actions = useImportActions(id);
  // The server previews its own first idea of the mapping; a person looks at the columns before he looks at that.
  const [back, setBack] = useState(true);
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton title lines={8} />;

  // A sheet that comes back is compared, not mapped.
  const sheet = data.roundTrip !== null;
  const step = stepOf(data.state, back && !sheet);
  const failed = (problem: unknown) => toasts.error(sentence(problem));
  const save = (settings: ImportSettings, stay: boolean) =>
    actions.save.mutate(settings, { onSuccess: () => setBack(stay), onError: failed });

  return (
    <>
      <PageHeader title={data.fileName} />
      <nav aria-label={t('steps')} className="xk-steps">
        <StepLine at={failedAt(data) ?? step} failed={data.state === 'failed'} sheet={sheet} />
      </nav>
      {step === 'upload' && (
        <Card className="xk-waiting">
          <p role="status">
            <strong>{t('reading')}</strong>
            <br />
            <span className="xk-muted">{t('reading-hint')}</span>
          </p>
          <Skeleton lines={6} />
        </Card>
      )}
      <Suspense fallback={<Skeleton lines={8} />}>
        {step === 'mapping' && data.settings && (
          <MappingStep
            // Another sheet or header row brings other columns: the draft begins anew from what was read.
            key={data.settings.columns.map((column) => column.header).join('\u0000')}
            data={data}
            settings={data.settings}
            saving={actions.save.isPending}
            onSave={(settings) => save(settings, false)}
            onReread={(settings) => save(settings, true)}
          />
        )}
        {step === 'preview' && sheet && (
          <SheetStep
            data={data}
            starting={actions.start.isPending}
            onStart={() => actions.start.mutate(undefined, { onError: failed })}
          />
        )}
        {step === 'preview' && !sheet && (
          <PreviewStep
            data={data}
            starting={actions.start.isPending}
            onStart={() => actions.start.mutate(undefined, { onError: failed })}
            onBack={() => setBack(true)}
          />
        )}
        {step === 'run' && (
          <RunStep
            data={data}
            stopping={actions.cancel.isPending}
            onStop={() => actions.cancel.mutate(undefined, { onError: failed })}
          />
        )}
        {step === 'result' && (
          <ResultStep
            data={data}
            undoing={actions.undo.isPending}
            onUndo={() => actions.undo.mutate(undefined, { onError: failed })}
          />
        )}
      </Suspense>
    </>
  );
}

/** Where the import stands, in words; on a phone only the current step keeps its words in sight. */
function StepLine({ at, failed, sheet }: { at: Step; failed: boolean; sheet: boolean }) {
  const t = useImportText();
  const phone = usePhone();
  const all = steps.filter((name) => !sheet || name !== 'mapping');
  const current = all.indexOf(at);
  return (
    <ol>
      {all.map((name, index) => (
        <li
          key={name}
          className={index < current ? 'xk-step-done' : failed && index === current ? 'xk-step-failed' : undefined}
          aria-current={index === current ? 'step' : undefined}
        >
          <span className="xk-step-mark xk-num" aria-hidden="true">
            {index < current ? '✓' : failed && index === current ? '!' : index + 1}
          </span>
          <span className={phone && index !== current ? 'xk-visually-hidden' : undefined}>
            {t(sheet && name === 'preview' ? 'step-compare' : `step-${name}`)}
          </span>
        </li>
      ))}
    </ol>
  );
}
