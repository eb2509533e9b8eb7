import { SingleBar } from 'cli-progress';
import type { Lang } from '../domain/issue.ts';

/** Prints a result: JSON for programs (one line), otherwise what `text` makes of it. */
export function print(json: boolean, result: unknown, text: () => string): void {
  process.stdout.write(`${json ? JSON.stringify(result) : text()}\n`);
}

/** A plain table, columns aligned by the width that a terminal gives them (Han characters are two wide). */
export function table(header: string[], rows: string[][]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.min(40, Math.max(...all.map((row) => width(row[column] ?? '')))));
  return all
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function pad(text: string, wanted: number): string {
  let shown = text;
  while (width(shown) > wanted) shown = `${[...shown].slice(0, -2).join('')}…`;
  return shown + ' '.repeat(Math.max(0, wanted - width(shown)));
}

function width(text: string): number {
  let sum = 0;
  for (const character of text)
    sum += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(
      character,
    )
      ? 2
      : 1;
  return sum;
}

export interface Progress {
  update(done: number, total: number | null): void;
  stop(): void;
}

/** A bar on a terminal, nothing in a pipe. */
export function progressBar(lang: Lang): Progress {
  if (!process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const words =
    lang === 'zh'
      ? '{bar} {percentage}% · {value}/{total} 行 · 剩余 {eta_formatted}'
      : '{bar} {percentage}% · {value}/{total} rows · {eta_formatted} left';
  const bar = new SingleBar({ format: words, stream: process.stderr, hideCursor: true, barsize: 30, etaBuffer: 30 });
  let started = false;
  return {
    update(done, total) {
      const whole = Math.max(total ?? done, done);
      if (started) {
        bar.setTotal(whole);
        bar.update(done);
      } else {
        bar.start(whole, done);
        started = true;
      }
    },
    stop() {
      if (started) bar.stop();
    },
  };
}
