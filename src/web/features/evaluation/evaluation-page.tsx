import { lazy, Suspense } from 'react';
import { Choices } from '../../ui/choices.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { useEvaluationText } from './texts.ts';
import '../../ui/plain.css';
import './evaluation.css';

// Each part is fetched when it is looked at.
const Report = lazy(() => import('./report.tsx').then((m) => ({ default: m.Report })));
const Forecast = lazy(() => import('./forecast.tsx').then((m) => ({ default: m.Forecast })));
const Model = lazy(() => import('./model.tsx').then((m) => ({ default: m.Model })));
const Board = lazy(() => import('./board.tsx').then((m) => ({ default: m.Board })));
const Verifiers = lazy(() => import('./verifiers.tsx').then((m) => ({ default: m.Verifiers })));

const VIEWS = ['report', 'board', 'forecast', 'model', 'people'] as const;
type EvaluationView = (typeof VIEWS)[number];

/** The quarter, what comes next, how right the model is, and how people verify. */
export function EvaluationPage({
  view,
  quarter,
  onMove,
}: {
  view: EvaluationView;
  quarter: string | undefined;
  onMove(next: { view?: EvaluationView; quarter?: string | undefined }): void;
}) {
  const t = useEvaluationText();
  return (
    <div className="xk-evaluation">
      <Choices<EvaluationView>
        label={t('view')}
        value={view}
        onChange={(next) => onMove({ view: next, quarter })}
        options={VIEWS.map((value) => ({ value, label: t(`view-${value}`) }))}
      />
      <Suspense fallback={<Skeleton title lines={12} />}>
        {view === 'report' && <Report quarter={quarter} onQuarter={(next) => onMove({ view, quarter: next })} />}
        {view === 'board' && <Board />}
        {view === 'forecast' && <Forecast />}
        {view === 'model' && <Model />}
        {view === 'people' && <Verifiers />}
      </Suspense>
    </div>
  );
}
