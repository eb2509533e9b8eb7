import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { EvidenceKindRow } from '../../../contract/evidence.ts';
import type { EvidenceKind } from '../../../domain/freshness/cell.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel, useText } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useKeep } from './evidence-api.ts';
import { definitionOf } from './kind-draft.ts';
import { effectOn, groupOf, percent, spokenOf, weightOf } from './kind-words.ts';
import { useEvidenceText } from './texts.ts';

/** Kinds of evidence, a line each: what it is, of which fields, what it says in words, and what it does to a sample. */
export function KindsTable({
  rows,
  months,
  onEdit,
}: {
  rows: EvidenceKindRow[];
  months: number;
  onEdit?: (row: EvidenceKindRow) => void;
}) {
  const t = useEvidenceText();
  const label = useLabel();
  const words = useText();
  const keep = useKeep();
  const toasts = useToasts();
  // As it will be, while it is being saved.
  const [turned, setTurned] = useState<{ kind: string; off: boolean } | null>(null);
  const turn = useMutation({
    mutationFn: ({ row, off }: { row: EvidenceKindRow; off: boolean }) =>
      call(api.evidence.saveKind, { params: { kind: row.kind }, body: { ...definitionOf(row), off } }),
    onSuccess: keep.kinds,
    onError: (error) => toasts.error(sentence(error)),
    onSettled: () => setTurned(null),
  });
  const isOff = (row: EvidenceKindRow): boolean => (turned?.kind === row.kind ? turned.off : row.off === true);
  return (
    <ul className="xk-kinds">
      {rows.map((row) => {
        const name = label(row.label);
        const { before, after } = effectOn(months, row as EvidenceKind);
        return (
          <li key={row.kind} className={isOff(row) ? 'xk-kind-off' : undefined}>
            <span className="xk-kind-name">
              <strong>{name}</strong>{' '}
              {row.edited && <Badge tone="brand">{t(row.kind.startsWith('own-') ? 'own' : 'edited')}</Badge>}
              <small className="xk-muted">
                <About row={row} />
              </small>
            </span>
            <span className="xk-kind-weight">
              <Weight row={row} />
            </span>
            <span className="xk-num xk-kind-effect">
              {isOff(row) ? t('off') : t('effect-of', { before: percent(before), after: percent(after) })}
            </span>
            {onEdit && (
              <span className="xk-kind-do">
                <label className="xk-check">
                  <input
                    type="checkbox"
                    checked={!isOff(row)}
                    aria-label={t('switch-on', { name })}
                    onChange={({ target }) => {
                      const off = !target.checked;
                      setTurned({ kind: row.kind, off });
                      turn.mutate({ row, off });
                    }}
                  />
                  <span aria-hidden="true">{t('on')}</span>
                </label>
                <Button size="small" aria-label={t('edit', { name })} onClick={() => onEdit(row)}>
                  {words('edit')}
                </Button>
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** How many fields are named before the rest is counted. */
const NAMED = 3;

function About({ row }: { row: EvidenceKindRow }) {
  const t = useEvidenceText();
  const label = useLabel();
  const { objects } = useCatalog();
  if (groupOf(row) !== 'signal') return null;
  const spoken = spokenOf(row, objects);
  if (spoken.length === 0) return <>{t('about-none')}</>;
  const names = [
    ...new Set(spoken.map(({ object, field }) => label(object.fields.find((one) => one.name === field)?.label))),
  ];
  const fields = names.slice(0, NAMED).join(t('comma'));
  return <>{names.length > NAMED ? t('about-more', { fields, n: names.length }) : fields}</>;
}

function Weight({ row }: { row: EvidenceKindRow }) {
  const t = useEvidenceText();
  if (row.confidence !== undefined) return <>{`${(100 * row.confidence).toFixed(1).replace(/\.0$/, '')}%`}</>;
  if (row.changes !== undefined) return <>{t('share-words', { p: percent(row.changes) })}</>;
  const weight = weightOf(row as EvidenceKind);
  if (!weight) return <>{t('nothing')}</>;
  const text = t('weight-words', { strength: t(weight.strength), direction: t(weight.direction) });
  return <span className={`xk-weight-${weight.direction} xk-weight-${weight.strength}`}>{text}</span>;
}
