import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { OCTANTS } from '../../../domain/value/octant.ts';
import { call } from '../../api/client.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, Skeleton } from '../../ui/page.tsx';
import { useValueText } from './texts.ts';
import { useValueWords, valueKeys } from './use-value.ts';

const ORDER: readonly (string | null)[] = [...OCTANTS.map(({ value }) => value), null];
const QUARTER = 91;
const DAY_MS = 86_400_000;
const dayBefore = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

/** How customers moved between the types from one day to another. */
export function Moves() {
  const t = useValueText();
  const words = useValueWords();
  const [from, setFrom] = useState(() => dayBefore(QUARTER));
  const [to, setTo] = useState(() => dayBefore(0));
  const ids = [useId(), useId()];
  const { data, error, refetch } = useQuery({
    queryKey: [...valueKeys.all, 'moves', from, to],
    queryFn: ({ signal }) => call(api.value.moves, { query: { from, to }, signal }),
    enabled: from !== '' && to !== '' && from <= to,
  });
  const moves = data?.moves ?? [];
  const place = (value: string | null) => ORDER.indexOf(value);
  const count = (which: (from: number, to: number) => boolean) =>
    moves.reduce((sum, one) => sum + (which(place(one.from), place(one.to)) ? one.customers : 0), 0);
  const none = ORDER.length - 1;
  const up = count((a, b) => b < a && a !== none);
  const down = count((a, b) => b > a);
  const bought = count((a, b) => a === none && b !== none);
  const rows = ORDER.filter((one) => moves.some((move) => move.from === one));
  const columns = ORDER.filter((one) => moves.some((move) => move.to === one));
  return (
    <Card title={t('moves')}>
      <p className="xk-muted">{t('moves-hint')}</p>
      <div className="xk-value-days">
        {[['from', from, setFrom] as const, ['to', to, setTo] as const].map(([key, day, set], n) => (
          <span key={key}>
            <label htmlFor={ids[n]}>{t(key)}</label>
            <input
              id={ids[n]}
              type="date"
              className="xk-plain-input"
              max={dayBefore(0)}
              value={day}
              onChange={({ target }) => set(target.value)}
            />
          </span>
        ))}
      </div>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && from <= to && <Skeleton lines={4} />}
      {data && (
        <>
          <p role="status">
            {up + down + bought === 0 ? t('moves-none') : t('moves-short', { up, down, new: bought })}
          </p>
          {up + down + bought > 0 && (
            <div className="xk-scroll">
              <table className="xk-plain-table xk-value-moves">
                <thead>
                  <tr>
                    <th>
                      {t('from')} ↓ {t('to')} →
                    </th>
                    {columns.map((column) => (
                      <th key={column ?? ''}>{words.octant(column)}</th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={row ?? ''}>
                      <th scope="row">{row === null ? t('nowhere') : words.octant(row)}</th>
                      {columns.map((column) => {
                        const move = moves.find((one) => one.from === row && one.to === column);
                        const way = row === column ? 'same' : place(column) < place(row) ? 'up' : 'down';
                        return (
                          <td key={column ?? ''} data-way={move && way}>
                            {move && (
                              <Link
                                to="/customers"
                                search={{ filter: JSON.stringify({ field: '$id', op: 'in', value: move.ids }) }}
                                title={move.customers > move.ids.length ? t('list-first') : undefined}
                              >
                                {words.number(move.customers)}
                              </Link>
                            )}
                          </td>
                        );
                      })}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </>
      )}
    </Card>
  );
}
