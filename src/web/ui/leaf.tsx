import { useText } from '../i18n/core.ts';

export type LeafState = 'fresh' | 'aging' | 'stale' | 'missing';

/** State of a record by its score (0..1); cells bring their own state from the server. */
export const leafState = (confidence: number): LeafState =>
  confidence >= 0.75 ? 'fresh' : confidence >= 0.5 ? 'aging' : 'stale';

/**
 * One silhouette per state, because colour must never be the only signal (WCAG 1.4.1):
 * a whole leaf, a leaf that has lost half its blade, a curled dry leaf, an empty outline.
 */
const SHAPES: Record<LeafState, { blade: string; vein?: string; outline?: string }> = {
  fresh: {
    blade:
      'M13.400 2.200C6.900 2 2.600 4.900 2.600 9.700c0 1.300.4 2.400 1 3.200.7.500 1.500.7 2.400.7 5 0 8.100-4.400 7.400-11.400z',
    vein: 'M2.600 14.500C4.200 10.700 6.600 8 10.200 6',
  },
  aging: {
    blade: 'M13.400 2.200C13 6.500 9.500 8.800 3.600 12.900c.7.500 1.500.7 2.400.7 5 0 8.100-4.400 7.400-11.400z',
    outline: 'M13.400 2.200C6.900 2 2.600 4.900 2.600 9.700c0 1.300.4 2.400 1 3.200',
    vein: 'M2.600 14.500 3.600 12.900',
  },
  stale: {
    blade:
      'M12.900 3.600c-1.700.2-2.300 1.200-2.200 2.300-1.300-1-2.800-.6-3.200.700-1.500-.5-2.800.3-2.700 1.700-1.200.4-1.700 1.800-1.100 3.200.4 1 1.500 1.600 2.600 1.400 1.200.9 2.700.4 3.100-1 1.500.2 2.500-.8 2.300-2.200 1.300-.5 1.600-1.800.9-2.800.900-.8 1-2.200.300-3.300z',
    vein: 'M2.300 14.500c1.200-2 2.600-3.600 4.600-4.900',
  },
  missing: {
    blade: '',
    outline:
      'M13.400 2.200C6.900 2 2.600 4.900 2.600 9.700c0 1.300.4 2.400 1 3.200.7.500 1.500.7 2.400.7 5 0 8.100-4.400 7.400-11.400z',
  },
};

/** The leaf alone; decoration, so screen readers skip it. */
export function LeafMark({ state, size = 16 }: { state: LeafState; size?: number }) {
  const shape = SHAPES[state];
  return (
    <svg className={`xk-leaf xk-leaf-${state}`} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      {shape.blade && <path d={shape.blade} fill="currentColor" />}
      {shape.outline && (
        <path
          d={shape.outline}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.200"
          strokeDasharray={state === 'missing' ? '1.600 1.600' : undefined}
        />
      )}
      {shape.vein && (
        <path d={shape.vein} fill="none" stroke="var(--xk-leaf-vein)" strokeWidth="1.100" strokeLinecap="round" />
      )}
    </svg>
  );
}

/** Leaf and percentage: how likely the value or record still holds (confidence 0..1). */
export function Leaf({
  confidence,
  state = leafState(confidence),
  size = 16,
  bare = false,
}: {
  confidence: number;
  state?: LeafState;
  size?: number;
  /** Without the figure; the label stays for screen readers. */
  bare?: boolean;
}) {
  const t = useText();
  const percent = Math.round(confidence * 100);
  return (
    <span
      className={`xk-leaf-figure xk-tone-${state}`}
      role="img"
      aria-label={t('leaf-label', { percent, state: t(state) })}
    >
      <LeafMark state={state} size={size} />
      {!bare && (
        <span className="xk-num" aria-hidden="true">
          {state === 'missing' ? '–' : `${percent}%`}
        </span>
      )}
    </span>
  );
}
