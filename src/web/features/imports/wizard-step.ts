import type { Import } from './mapping.ts';

export const steps = ['upload', 'mapping', 'preview', 'run', 'result'] as const;
export type Step = (typeof steps)[number];

/** Which step an import is at. `back` is the person's wish to look at the mapping again, possible until it runs. */
export function stepOf(state: Import['state'] | null, back: boolean): Step {
  switch (state) {
    case null:
    case 'reading':
      return 'upload';
    case 'mapping':
      return 'mapping';
    case 'previewing':
    case 'ready':
      return back ? 'mapping' : 'preview';
    case 'running':
      return 'run';
    case 'done':
    case 'cancelled':
    case 'failed':
    case 'undoing':
    case 'undone':
      return 'result';
  }
}

/** Where an import failed: while its file was read, or while it was written. */
export const failedAt = (one: { state: Import['state']; preview: unknown }): Step | null =>
  one.state !== 'failed' ? null : one.preview ? 'run' : 'upload';

/** The server works on it: look again soon. */
export const isBusy = (state: Import['state']): boolean =>
  state === 'reading' || state === 'previewing' || state === 'running' || state === 'undoing';

export type Duration = { unit: 'seconds' | 'minutes' | 'hours'; n: number };

/** Time left as a person says it: never “0 seconds”, no false precision. */
export function roughly(seconds: number): Duration {
  if (seconds < 50) return { unit: 'seconds', n: Math.max(5, Math.ceil(seconds / 5) * 5) };
  if (seconds < 5400) return { unit: 'minutes', n: Math.max(1, Math.round(seconds / 60)) };
  return { unit: 'hours', n: Math.round(seconds / 360) / 10 };
}

/** 0..100, or null when the total is not known yet. */
export function percentDone(progress: { rows: number; total: number | null }): number | null {
  if (progress.total === null || progress.total <= 0) return null;
  return Math.min(100, Math.floor((progress.rows / progress.total) * 100));
}
