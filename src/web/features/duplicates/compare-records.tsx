import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { type FormatEnv, formatMoment } from '../../fields/format.ts';
import { useLabel } from '../../i18n/core.ts';
import { Leaf } from '../../ui/leaf.tsx';
import { usePhone } from '../../ui/use-media.ts';
import { ComparedValue } from './compared-value.tsx';
import { type ComparedField, compareFields, letterOf, type Row } from './queue-model.ts';
import { useDuplicatesText } from './texts.ts';

interface Compared {
  object: ObjectDef;
  rows: Row[];
  env: FormatEnv;
  /** Which take part, where there are more than two. */
  taking: ReadonlySet<string>;
  onTake(id: string, on: boolean): void;
  letter(id: string): string;
  /** Each can be left out by a tick at its head. */
  many: boolean;
}

/** More than these don't stand side by side; of a larger group those that take part do. */
const COLUMNS = 4;

/** Records side by side, differing fields first and marked; on a phone below each other, with only what differs. */
export function CompareRecords(compared: Omit<Compared, 'letter' | 'many'>) {
  const t = useDuplicatesText();
  const phone = usePhone();
  const [all, setAll] = useState(false);
  const { object, taking, onTake } = compared;
  const letter = (id: string) => letterOf(compared.rows.findIndex((row) => row.id === id));
  const crowd = compared.rows.length > COLUMNS;
  const many = compared.rows.length > 2 && !crowd;
  const rows = crowd ? compared.rows.filter((row) => taking.has(row.id)) : compared.rows;
  const props = { ...compared, rows, letter, many };
  const fields = compareFields(object, rows);
  const rest = phone ? fields.filter(({ agreement }) => agreement !== 'differs') : [];
  const shown = phone && !all ? fields.filter(({ agreement }) => agreement === 'differs') : fields;
  return (
    <div className="xk-compare">
      {crowd && (
        <fieldset className="xk-crowd">
          <legend>{t('crowd', { n: compared.rows.length })}</legend>
          {compared.rows.map((row) => (
            <label key={row.id} className="xk-check">
              <input
                type="checkbox"
                checked={taking.has(row.id)}
                onChange={(event) => onTake(row.id, event.target.checked)}
              />
              <span>
                <span className="xk-letter">{letter(row.id)}</span>{' '}
                {String(row.values[object.title] ?? '') || t('empty')}
              </span>
            </label>
          ))}
        </fieldset>
      )}
      {phone ? <Stacked {...props} fields={shown} /> : <SideBySide {...props} fields={shown} />}
      {rest.length > 0 && (
        <Button type="link" size="small" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t('rest-hide') : t('rest-show', { n: rest.length })}
        </Button>
      )}
    </div>
  );
}

/** Whose value a value is compared with: the first record, and for itself the second. */
const opposite = (rows: Row[], index: number): Row | undefined => rows[index === 0 ? 1 : 0];

function Head({ object, env, taking, onTake, letter: letterOfId, many, row }: Compared & { row: Row }) {
  const t = useDuplicatesText();
  const letter = letterOfId(row.id);
  const created = formatMoment(row.createdAt, env.timeZone).slice(0, 10);
  const updated = formatMoment(row.updatedAt, env.timeZone).slice(0, 10);
  const number = object.fields.find((field) => field.type === 'autonumber' && !field.retired);
  return (
    <div className="xk-compare-head">
      <span className="xk-compare-name">
        {many ? (
          <label className="xk-letter xk-letter-check">
            <input
              type="checkbox"
              aria-label={t('take-part', { letter })}
              checked={taking.has(row.id)}
              onChange={(event) => onTake(row.id, event.target.checked)}
            />
            {letter}
          </label>
        ) : (
          <span className="xk-letter">
            <span className="xk-visually-hidden">{t('record', { letter })} </span>
            <span aria-hidden="true">{letter}</span>
          </span>
        )}
        <Link to="/o/$object/$id" params={{ object: object.name, id: row.id }}>
          {String(row.values[object.title] ?? '') || t('empty')}
        </Link>
        {row.freshness && <Leaf confidence={row.freshness.score} />}
      </span>
      <span className="xk-muted xk-compare-meta">
        {number && row.values[number.name] ? `${String(row.values[number.name])} · ` : ''}
        {t('created-at', { at: created })}
        {updated !== created && ` · ${t('updated-at', { at: updated })}`}
      </span>
    </div>
  );
}

function Agreement({ agreement }: Pick<ComparedField, 'agreement'>): ReactNode {
  const t = useDuplicatesText();
  return <span className={`xk-agree xk-agree-${agreement}`}>{t(agreement)}</span>;
}

function SideBySide({ fields, ...compared }: Compared & { fields: ComparedField[] }) {
  const t = useDuplicatesText();
  const label = useLabel();
  const { rows, env } = compared;
  return (
    // Many records scroll sideways, and what scrolls must be reachable by keyboard (axe scrollable-region-focusable)
    <section className="xk-compare-scroll" tabIndex={rows.length > 2 ? 0 : undefined} aria-label={t('compare')}>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span className="xk-visually-hidden">{t('field')}</span>
            </th>
            {rows.map((row) => (
              <th key={row.id} scope="col">
                <Head {...compared} row={row} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {fields.map(({ field, agreement }) => (
            <tr key={field.name} className={`xk-is-${agreement}`}>
              <th scope="row">
                {label(field.label)} <Agreement agreement={agreement} />
              </th>
              {rows.map((row, index) => (
                <td key={row.id}>
                  <ComparedValue
                    field={field}
                    row={row}
                    other={agreement === 'differs' ? opposite(rows, index) : undefined}
                    env={env}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Stacked({ fields, ...compared }: Compared & { fields: ComparedField[] }) {
  const t = useDuplicatesText();
  const label = useLabel();
  const { rows, env, letter } = compared;
  return (
    <>
      <ul className="xk-compare-heads">
        {rows.map((row) => (
          <li key={row.id}>
            <Head {...compared} row={row} />
          </li>
        ))}
      </ul>
      {fields.length === 0 && <p className="xk-muted">{t('no-differences')}</p>}
      <dl className="xk-compare-list">
        {fields.map(({ field, agreement }) => (
          <div key={field.name}>
            <dt>
              {label(field.label)} <Agreement agreement={agreement} />
            </dt>
            {rows.map((row, index) => (
              <dd key={row.id}>
                <span className="xk-letter">{letter(row.id)}</span>
                <ComparedValue
                  field={field}
                  row={row}
                  other={agreement === 'differs' ? opposite(rows, index) : undefined}
                  env={env}
                />
              </dd>
            ))}
          </div>
        ))}
      </dl>
    </>
  );
}
