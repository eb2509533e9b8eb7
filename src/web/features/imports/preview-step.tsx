import { Button } from 'antd';
import { useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Card, Skeleton } from '../../ui/page.tsx';
import { CountTiles } from './count-tiles.tsx';
import type { Import } from './mapping.ts';
import { PreviewSamples } from './preview-samples.tsx';
import { useImportText } from './texts.ts';

type Problem = NonNullable<Import['preview']>['problems'][number];

/** Third step: what would be written and which cells are wrong. Nothing is written yet. */
export function PreviewStep({
  data,
  starting,
  onStart,
  onBack,
}: {
  data: Import;
  starting: boolean;
  onStart: () => void;
  onBack: () => void;
}) {
  const t = useImportText();
  const { preview } = data;
  if (!preview) {
    return (
      <Card className="xk-waiting">
        <p role="status">
          <strong>{t('previewing')}</strong>
          <br />
          <span className="xk-muted">
            {data.progress ? t('rows-done', { n: data.progress.rows }) : t('previewing-hint')}
          </span>
        </p>
        <Skeleton lines={6} />
      </Card>
    );
  }
  const { counts } = preview;
  const writes = counts.create + counts.update;
  return (
    <div className="xk-import-step">
      <Card title={t('preview-title')} extra={<span className="xk-muted">{data.fileName}</span>}>
        <CountTiles counts={counts} />
        {!preview.complete && <p className="xk-muted">{t('preview-part', { n: counts.rows })}</p>}
      </Card>
      <Problems problems={preview.problems} count={preview.problemCount} />
      {preview.samples.length > 0 && <PreviewSamples samples={preview.samples} />}
      <footer className="xk-import-actions">
        <Button size="large" onClick={onBack}>
          {t('back-to-mapping')}
        </Button>
        <Button
          type="primary"
          size="large"
          disabled={writes === 0 && preview.complete}
          loading={starting || data.state === 'previewing'}
          onClick={onStart}
        >
          {writes === 0 && preview.complete
            ? t('start-nothing')
            : t('start', { n: preview.complete ? writes : (data.progress?.total ?? writes) })}
        </Button>
      </footer>
    </div>
  );
}

/** A contact whose customer is refused “points to nothing”: that follows from the customer's own problem and would only bury it. */
function causesOf(problems: Problem[]): Problem[] {
  const follows = ({ issue, text }: Problem) => issue.code === 'relation-unknown' && text === '';
  const explained = new Set(
    problems.filter((one) => one.issue.level !== 'warning' && !follows(one)).map((one) => one.row),
  );
  return problems.filter((one) => !follows(one) || !explained.has(one.row));
}

/** Cell by cell: where, what stands there, what is wrong and how to put it right. */
export function Problems({ problems: found, count: all }: { problems: Problem[]; count: number }) {
  const problems = causesOf(found);
  const count = all - (found.length - problems.length);
  const t = useImportText();
  const label = useLabel();
  const catalog = useCatalog();
  const fieldLabel = (target: string | null) => {
    const [object, name] = (target ?? '').split('.');
    const field = catalog.objects.find((one) => one.name === object)?.fields.find((one) => one.name === name);
    return field ? label(field.label) : '';
  };
  if (count === 0)
    return (
      <Card>
        <p className="xk-all-fine">✓ {t('problems-none')}</p>
      </Card>
    );
  return (
    <Card title={t('problems-title')} extra={<span className="xk-muted">{t('problems-count', { n: count })}</span>}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1) */}
      <section className="xk-problems-scroll" tabIndex={0} aria-label={t('problems-title')}>
        <table className="xk-problems">
          <thead>
            <tr>
              <th scope="col">{t('row')}</th>
              <th scope="col">{t('column')}</th>
              <th scope="col">{t('found')}</th>
              <th scope="col">{t('problem')}</th>
            </tr>
          </thead>
          <tbody>
            {problems.map((problem, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a cell may have two problems; the list never changes in place
              <tr key={index}>
                <td className="xk-num">{problem.row}</td>
                <td title={fieldLabel(problem.field)}>{problem.column || fieldLabel(problem.field)}</td>
                <td className="xk-found" title={problem.text}>
                  {problem.text || <span className="xk-muted">—</span>}
                </td>
                <td>
                  <span className={problem.issue.level === 'warning' ? 'xk-mark-warn' : 'xk-mark-error'}>
                    {t(problem.issue.level === 'warning' ? 'warning' : 'error')}
                  </span>{' '}
                  {problem.issue.message ?? problem.issue.code}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {count > problems.length && (
        <p className="xk-muted">{t('problems-shown', { shown: problems.length, n: count })}</p>
      )}
    </Card>
  );
}
