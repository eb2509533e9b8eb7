import { Button } from 'antd';
import { useState } from 'react';
import { useLabel } from '../../i18n/core.ts';
import { formatShare } from '../../i18n/phrase.ts';
import { LeafMark } from '../../ui/leaf.tsx';
import { type Figure, type Part, toneOf } from './figures.ts';
import { RowsLink } from './rows-link.tsx';
import { useHealthText } from './texts.ts';

const leaves = { good: 'fresh', middle: 'aging', bad: 'stale' } as const;
const atFirst = 5;

/** One of the four figures with the fields it is made of, worst first. */
export function FigureCard({ object, figure }: { object: string; figure: Figure }) {
  const t = useHealthText();
  const [all, setAll] = useState(false);
  const parts = all ? figure.parts : figure.parts.slice(0, atFirst);
  const leaf = leaves[figure.tone];
  return (
    <section className="xk-card xk-figure" aria-labelledby={`figure-${figure.name}`}>
      <header>
        <div>
          <h2 id={`figure-${figure.name}`}>{t(figure.name)}</h2>
          <p className="xk-muted">{t(`${figure.name}-hint`)}</p>
        </div>
        <span className={`xk-figure-value xk-num xk-tone-${leaf}`}>
          <LeafMark state={leaf} size={22} /> {formatShare(figure.value)}
        </span>
      </header>
      {figure.parts.length === 0 && <p className="xk-muted">{t('part-none')}</p>}
      <ul className="xk-bars">
        {parts.map((part) => (
          <Bar key={part.key} object={object} figure={figure} part={part} />
        ))}
      </ul>
      {figure.name === 'uniqueness' && (
        <RowsLink object={object} filter="duplicates" className="xk-figure-go">
          {t('see-duplicates')}
        </RowsLink>
      )}
      {figure.parts.length > atFirst && (
        <Button type="link" size="small" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t('show-less') : t('show-all', { n: figure.parts.length })}
        </Button>
      )}
    </section>
  );
}

function Bar({ object, figure, part }: { object: string; figure: Figure; part: Part }) {
  const t = useHealthText();
  const label = useLabel();
  const words =
    part.count > 0 ? t(`part-${figure.name}`, { n: part.count }) : t(part.value < 0.8 ? 'part-unsure' : 'part-fine');
  return (
    <li>
      <RowsLink object={object} filter={part.filter} className="xk-bar-line">
        <span className="xk-bar-label">{label(part.label)}</span>
        <span className="xk-bar" aria-hidden="true">
          <span
            className={`xk-bar-${leaves[toneOf(part.value)]}`}
            style={{ width: `${Math.max(part.value > 0 ? 1 : 0, part.value * 100)}%` }}
          />
        </span>
        <span className="xk-bar-share xk-num">{formatShare(part.value)}</span>
        <span className="xk-bar-count xk-num xk-muted">{words}</span>
      </RowsLink>
    </li>
  );
}
