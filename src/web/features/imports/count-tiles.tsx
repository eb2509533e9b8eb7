import type { z } from 'zod';
import type { importSchema } from '../../../contract/imports.ts';
import { useLang } from '../../i18n/core.ts';
import { formatNumber } from '../../i18n/phrase.ts';
import { useImportText } from './texts.ts';

export type Counts = NonNullable<z.infer<typeof importSchema>['result']>;

const shown = ['create', 'update', 'unchanged', 'skip', 'duplicate', 'reject', 'warn'] as const;

/** What became, or will become, of the rows. Figures that are zero and unsurprising stay away. */
export function CountTiles({ counts }: { counts: Counts }) {
  const t = useImportText();
  const lang = useLang();
  const tiles = shown.filter((key) => counts[key] > 0 || key === 'create' || key === 'update' || key === 'reject');
  return (
    <dl className="xk-counts">
      {tiles.map((key) => (
        <div key={key} className={`xk-count xk-count-${key}${counts[key] === 0 ? ' xk-count-zero' : ''}`}>
          <dt>{t(`count-${key}`)}</dt>
          <dd className="xk-num">{formatNumber(counts[key], lang)}</dd>
        </div>
      ))}
    </dl>
  );
}
