import { Link } from '@tanstack/react-router';
import { useLayoutEffect, useRef, useState } from 'react';
import type { ObjectDef } from '../../../../domain/schema/types.ts';
import { choicesOf, formatValue } from '../../../fields/format.ts';
import { useFormatEnv } from '../../../fields/sources.ts';
import { useLabel } from '../../../i18n/core.ts';
import type { Row } from '../block-store.ts';
import { useRecordText } from './texts.ts';

/** Roles that every decision has: an empty one is a question to be asked. */
const NEEDED = 3;

/**
 * Who takes part in a decision, role by role in the order in which it goes, joined by lines. The people are links in a list; the lines are for the eye
 * alone. A person with several roles stands at the last of them.
 */
export function DecisionChain({ object, rows }: { object: ObjectDef; rows: readonly Row[] }) {
  const t = useRecordText();
  const label = useLabel();
  const env = useFormatEnv(object.fields);
  const field = object.fields.find((one) => one.chain && !one.retired);
  const box = useRef<HTMLDivElement>(null);
  const [lines, setLines] = useState<string[]>([]);
  const options = (field?.options ?? []).filter((option) => !option.retired);
  const rolesOf = (row: Row) => choicesOf(row.values[field?.name ?? '']);
  const lastOf = (row: Row) => options.findLastIndex((option) => rolesOf(row).includes(option.value));
  const tiers = options
    .map((option, place) => ({ option, place, people: rows.filter((row) => lastOf(row) === place) }))
    .filter(({ people, place }) => people.length > 0 || place < NEEDED);
  const known = rows.some((row) => lastOf(row) >= 0);
  const shape = tiers.map(({ people }) => people.map(({ id }) => id).join()).join(';');

  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew when the people differ
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const draw = () => setLines(linesBetween(element));
    draw();
    const watch = new ResizeObserver(draw);
    watch.observe(element);
    return () => watch.disconnect();
  }, [shape]);

  if (!field || !known) return null;
  const facts = object.fields.filter(
    (one) => one.name !== object.title && one.name !== field.name && one.type === 'text' && !one.retired,
  );
  return (
    <section className="xk-related-list xk-chain" aria-label={t('chain')}>
      <div className="xk-related-head">
        <h2>{t('chain')}</h2>
      </div>
      <div ref={box} className="xk-chain-box">
        <svg aria-hidden="true">
          {lines.map((line) => (
            <path key={line} d={line} />
          ))}
        </svg>
        <ol>
          {tiers.map(({ option, people }) => (
            <li key={option.value}>
              <span className="xk-chain-role">{label(option.label)}</span>
              {people.length === 0 ? (
                <span className="xk-chain-who xk-chain-unknown">{t('chain-unknown')}</span>
              ) : (
                <ul>
                  {people.map((row) => {
                    const more = rolesOf(row).filter((role) => role !== option.value);
                    const job = facts
                      .map((one) => formatValue(row.values[one.name], one, env))
                      .find((text) => text !== '');
                    return (
                      <li key={row.id}>
                        <Link
                          to="/o/$object/$id"
                          params={{ object: object.name, id: row.id }}
                          className="xk-chain-who"
                          data-person
                        >
                          <strong>{String(row.values[object.title] ?? '')}</strong>
                          {job && <span>{job}</span>}
                          {more.length > 0 && (
                            <span className="xk-muted">
                              {t('chain-also', { roles: formatValue(more, field, env) })}
                            </span>
                          )}
                        </Link>
                      </li>
                    );
                  })}
                </ul>
              )}
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}

/** Curves from each person of one tier to each of the next that has any. */
function linesBetween(box: HTMLElement): string[] {
  const origin = box.getBoundingClientRect();
  const tiers = [...box.querySelectorAll(':scope > ol > li')]
    .map((tier) => [...tier.querySelectorAll<HTMLElement>('[data-person]')].map((one) => one.getBoundingClientRect()))
    .filter((people) => people.length > 0);
  return tiers.slice(1).flatMap((people, i) =>
    people.flatMap((to) =>
      (tiers[i] ?? []).map((from) => {
        const [x1, y1] = [from.left + from.width / 2 - origin.left, from.bottom - origin.top];
        const [x2, y2] = [to.left + to.width / 2 - origin.left, to.top - origin.top];
        const middle = (y1 + y2) / 2;
        return `M${x1.toFixed(1)} ${y1.toFixed(1)} C${x1.toFixed(1)} ${middle.toFixed(1)} ${x2.toFixed(1)} ${middle.toFixed(1)} ${x2.toFixed(1)} ${y2.toFixed(1)}`;
      }),
    ),
  );
}
