import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { createGunzip } from 'node:zlib';
import { dedupeTable } from '../domain/matching/dedupe.ts';
import { guessSchema } from '../domain/matching/guess.ts';
import { TableBuilder } from '../domain/matching/table.ts';
import type { MatchSchema, Row } from '../domain/matching/types.ts';

const USAGE = 'xianke dedupe FILE.csv [--out pairs.csv] [--clusters clusters.csv] [--id COLUMN] [--verbose]';
/** Rows that the schema is guessed from. */
const SAMPLE = 5000;

/** Rows of a CSV file (RFC 4180; quotes may hold line breaks), optionally gzipped. Column 0 of the first row is the first header. */
async function* csvRows(file: string): AsyncGenerator<string[]> {
  const raw = createReadStream(file);
  const stream = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  const decoder = new TextDecoder('utf-8');
  let row: string[] = [];
  let from = 0;
  let cell = '';
  let quoted = false;
  let closed = false;
  for await (const chunk of stream) {
    const text = decoder.decode(chunk as Buffer, { stream: true });
    from = 0;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (quoted) {
        if (c === 34) {
          cell += text.slice(from, i);
          from = i + 1;
          quoted = false;
          closed = true;
        }
        continue;
      }
      if (c === 34) {
        if (closed) cell += '"';
        else cell += text.slice(from, i);
        from = i + 1;
        quoted = true;
        closed = false;
        continue;
      }
      if (c === 44 || c === 10) {
        cell += text.slice(from, i);
        from = i + 1;
        closed = false;
        if (c === 10 && cell.endsWith('\r')) cell = cell.slice(0, -1);
        row.push(cell);
        cell = '';
        if (c === 10) {
          if (row.length > 1 || row[0] !== '') yield row;
          row = [];
        }
      }
    }
    cell += text.slice(from);
  }
  if (cell !== '' || row.length > 0) yield [...row, cell];
}

function rowOf(headers: readonly string[], cells: readonly string[]): Row {
  const row: Record<string, string> = {};
  headers.forEach((h, i) => {
    row[h] = cells[i] ?? '';
  });
  return row;
}

function quote(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

async function writeLines(file: string, lines: Iterable<string>): Promise<void> {
  const out = createWriteStream(file);
  let text = '';
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length > 1 << 16) {
      if (!out.write(text)) await once(out, 'drain');
      text = '';
    }
  }
  out.end(text);
  await once(out, 'finish');
}

interface Args {
  file: string;
  out: string;
  clusters: string | undefined;
  id: string | undefined;
  verbose: boolean;
}

function parseArgs(args: readonly string[]): Args | null {
  const option = (name: string): string | undefined => {
    const at = args.indexOf(name);
    return at < 0 ? undefined : args[at + 1];
  };
  const values = new Set(['--out', '--clusters', '--id'].map(option));
  const file = args.find((a) => !a.startsWith('--') && !values.has(a));
  if (file === undefined) return null;
  return {
    file,
    out: option('--out') ?? 'pairs.csv',
    clusters: option('--clusters'),
    id: option('--id'),
    verbose: args.includes('--verbose'),
  };
}

/**
 * `xianke dedupe`: reads a CSV file, guesses its columns, learns weights from it and writes the duplicate pairs (`id_a,id_b,score`).
 * Works offline; nothing leaves the machine. Returns the exit code.
 */
export async function runDedupe(args: readonly string[]): Promise<number> {
  const options = parseArgs(args);
  if (options === null) {
    console.error(`用法 / usage: ${USAGE}`);
    return 2;
  }
  const started = performance.now();
  const say = (text: string): void => {
    if (options.verbose) console.error(`${((performance.now() - started) / 1000).toFixed(1)}s ${text}`);
  };
  let headers: string[] | null = null;
  let sample: Row[] | null = [];
  let schema: MatchSchema | undefined;
  let builder: TableBuilder | undefined;
  const ids: string[] = [];
  const begin = (): void => {
    const guessed = guessSchema(headers ?? [], sample ?? []);
    schema =
      options.id === undefined
        ? guessed
        : { id: options.id, fields: guessed.fields.filter((f) => f.column !== options.id) };
    say(`columns: ${schema.fields.map((f) => `${f.column}=${f.kind}`).join(' ')}; id ${schema.id ?? '(row number)'}`);
    builder = new TableBuilder(schema);
    for (const row of sample ?? []) take(row);
    sample = null;
  };
  const take = (row: Row): void => {
    ids.push(schema?.id === undefined ? String(ids.length + 1) : (row[schema.id] ?? ''));
    builder?.add(row);
  };
  for await (const cells of csvRows(options.file)) {
    if (headers === null) {
      headers = cells.map((h) => h.replace(/^\ufeff/, '').trim());
      continue;
    }
    const row = rowOf(headers, cells);
    if (sample === null) take(row);
    else if (sample.push(row) >= SAMPLE) begin();
  }
  if (sample !== null) begin();
  if (builder === undefined || ids.length === 0) {
    console.error(`文件里没有数据行：${options.file} / no rows in ${options.file}`);
    return 1;
  }
  const table = builder.build();
  const { clusters, edges, weights } = dedupeTable(table, { onStep: say });
  if (options.verbose)
    for (const c of table.columns) {
      const own = weights.fields[c.field.column];
      say(
        `${c.field.column} ${c.kind.levels.map((l, i) => `${l.name} ${(own?.m[i] ?? 0).toFixed(3)}/${(own?.u[i] ?? 0).toExponential(1)}=${Math.log2((own?.m[i] ?? 1) / (own?.u[i] ?? 1)).toFixed(1)}`).join('  ')}`,
      );
    }
  const members = new Map<number, number[]>();
  clusters.forEach((c, i) => {
    const list = members.get(c);
    if (list === undefined) members.set(c, [i]);
    else list.push(i);
  });
  const scored = new Map<number, number>();
  edges.a.forEach((a, k) => {
    const b = edges.b[k] ?? 0;
    if (clusters[a] === clusters[b]) scored.set(a * table.size + b, edges.score[k] ?? 0);
  });
  const pairs = function* (): Generator<string> {
    yield 'id_a,id_b,score';
    for (const list of members.values())
      for (let i = 0; i < list.length; i++)
        for (let j = i + 1; j < list.length; j++) {
          const [a, b] = [list[i] ?? 0, list[j] ?? 0];
          const s = scored.get(a * table.size + b);
          // In very large clusters only the pairs that were compared are listed; they still connect it.
          if (s === undefined && list.length > 100 && j !== i + 1) continue;
          yield `${quote(ids[a] ?? '')},${quote(ids[b] ?? '')},${s === undefined ? '' : s.toFixed(2)}`;
        }
  };
  await writeLines(options.out, pairs());
  if (options.clusters !== undefined)
    await writeLines(
      options.clusters,
      (function* () {
        yield 'rec_id,cluster';
        for (let i = 0; i < ids.length; i++) yield `${quote(ids[i] ?? '')},${(clusters[i] ?? i) + 1}`;
      })(),
    );
  say('written');
  const groups = [...members.values()].filter((l) => l.length > 1);
  const inGroups = groups.reduce((s, l) => s + l.length, 0);
  console.log(
    `${ids.length} 行，${groups.length} 组重复共 ${inGroups} 行，写入 ${options.out} / ${ids.length} rows, ${groups.length} groups of duplicates with ${inGroups} rows, written to ${options.out}`,
  );
  return 0;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = await runDedupe(process.argv.slice(2));
