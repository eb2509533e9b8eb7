import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { api } from '../../../contract/api.ts';
import type { boardSchema } from '../../../contract/evaluation.ts';
import { call } from '../../api/client.ts';
import { keys } from '../../api/query.ts';
import { useLang } from '../../i18n/core.ts';
import { percentWords, pointsWords, rangeWords, shareWords } from '../../i18n/estimates.ts';
import { formatNumber } from '../../i18n/phrase.ts';
import { Choices } from '../../ui/choices.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useEvaluationText } from './texts.ts';
import '../../ui/plain.css';
import './evaluation.css';

type BoardView = z.output<typeof boardSchema>;
type Line = BoardView['lines'][number];

const SHOWN = ['managers', 'own', 'praise'] as const;
const boardKey = [...keys.policies, 'board'];

function useBoard() {
  return useQuery({
    queryKey: boardKey,
    queryFn: ({ signal }): Promise<BoardView> => call(api.evaluation.board, { query: { days: 28 }, signal }),
  });
}

/** People beside colleagues with the same workload: whom to praise, whom to help. */
export function Board() {
  const t = useEvaluationText();
  const { data, error, refetch } = useBoard();
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  return (
    <>
      <Card
        title={t('board-title')}
        extra={<span className="xk-muted">{t('span', { first: data.first, last: data.last })}</span>}
      >
        <p className="xk-muted">{t('board-hint')}</p>
        <Shown shown={data.shown} />
        {data.lines.length === 0 ? (
          <p className="xk-muted">{t('board-none', { n: data.kept })}</p>
        ) : (
          <div className="xk-board-lists">
            <Listed title={t('board-red')} none={t('board-red-none')} lines={listOf(data, 'red')} tone="fresh" />
            <Listed title={t('board-black')} none={t('board-black-none')} lines={listOf(data, 'black')} tone="stale" />
          </div>
        )}
      </Card>
      {data.lines.length > 0 && (
        <Card title={t('board-all')}>
          <BoardTable lines={data.lines} />
        </Card>
      )}
    </>
  );
}

/** What somebody sees who does not answer for quality; nothing where nothing is shown to him. */
export function OwnBoard() {
  const t = useEvaluationText();
  const { data } = useBoard();
  if (!data || data.all || data.lines.length === 0) return null;
  return (
    <Card
      title={t('board-title')}
      extra={<span className="xk-muted">{t('span', { first: data.first, last: data.last })}</span>}
    >
      <p className="xk-muted">{t('board-hint')}</p>
      <BoardTable lines={data.lines} />
    </Card>
  );
}

const listOf = ({ lines }: BoardView, list: 'red' | 'black'): Line[] => lines.filter((line) => line.list === list);

/** Who sees it besides those who answer for quality. */
function Shown({ shown }: { shown: BoardView['shown'] }) {
  const t = useEvaluationText();
  const client = useQueryClient();
  const { mutate, variables, isPending } = useMutation({
    mutationFn: (next: BoardView['shown']) => call(api.evaluation.setBoard, { body: { shown: next } }),
    onSettled: () => client.invalidateQueries({ queryKey: boardKey }),
  });
  return (
    <div className="xk-board-shown">
      <span>{t('board-shown')}</span>
      <Choices<BoardView['shown']>
        label={t('board-shown')}
        value={isPending && variables ? variables : shown}
        onChange={(next) => mutate(next)}
        options={SHOWN.map((value) => ({ value, label: t(`board-shown-${value}`) }))}
      />
    </div>
  );
}

function Listed({ title, none, lines, tone }: { title: string; none: string; lines: Line[]; tone: string }) {
  const t = useEvaluationText();
  return (
    <section className={`xk-board-list xk-board-${tone}`}>
      <h3>{title}</h3>
      {lines.length === 0 && <p className="xk-muted">{none}</p>}
      <ul>
        {lines.map((line) => (
          <li key={line.person}>
            <strong>{line.name}</strong>
            <span>
              {line.standing !== 'as-expected' && line.expected !== null
                ? t(`board-why-${line.standing === 'ahead' ? 'ahead' : 'behind'}`, {
                    share: percentWords(line.expired.value),
                    expected: percentWords(line.expected),
                  })
                : null}
              {line.inaccurate && line.accuracy
                ? t('board-why-inaccurate', { share: percentWords(line.accuracy.share), n: line.accuracy.checked })
                : null}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function BoardTable({ lines }: { lines: Line[] }) {
  const t = useEvaluationText();
  const lang = useLang();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1, axe scrollable-region-focusable)
    <section className="xk-scroll" aria-label={t('board-all')} tabIndex={0}>
      <table className="xk-plain-table xk-report-lines">
        <thead>
          <tr>
            <th scope="col">{t('person')}</th>
            <th scope="col">{t('board-customers')}</th>
            <th scope="col">{t('board-minutes')}</th>
            <th scope="col">{t('col-expired')}</th>
            <th scope="col">{t('board-expected')}</th>
            <th scope="col">{t('board-difference')}</th>
            <th scope="col">{t('board-complete')}</th>
            <th scope="col">{t('board-accuracy')}</th>
            <th scope="col">{t('board-standing')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.person}>
              <th scope="row">{line.mine ? t('board-me', { name: line.name }) : line.name}</th>
              <td>{formatNumber(line.customers, lang)}</td>
              <td>{formatNumber(line.minutes, lang)}</td>
              <td>{shareWords(line.expired)}</td>
              <td>
                {line.expected === null ? '–' : percentWords(line.expected)}
                {line.expected !== null && line.by === 'middle' && (
                  <small className="xk-muted"> {t('board-by-middle')}</small>
                )}
              </td>
              <td>
                {line.expected === null
                  ? '–'
                  : pointsWords({ ...line.expired, value: line.expired.value - line.expected })}
              </td>
              <td>{line.complete === null ? '–' : percentWords(line.complete)}</td>
              <td>
                {line.accuracy === null
                  ? t('board-accuracy-few')
                  : t('wrong-line', { share: percentWords(line.accuracy.share), range: rangeWords(line.accuracy) })}
              </td>
              <td>{t(line.inaccurate ? 'board-standing-inaccurate' : `board-standing-${line.standing}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
