import { type AnyKind, kindOf } from './kinds/index.ts';
import type { ColumnStatistics, MatchField, MatchSchema, Row } from './types.ts';

/** One column, standardised. Equal values are stored once; rows hold their number. */
export interface Column {
  field: MatchField;
  kind: AnyKind;
  /** Value number by row, −1 when not known. */
  ids: Int32Array;
  /** Parsed values. */
  values: unknown[];
  /** Rows per value. */
  counts: Int32Array;
  /** Term number by value. */
  terms: Int32Array;
  /** Rows per term. */
  termCounts: Int32Array;
  termNames: string[];
  statistics: ColumnStatistics;
  /** Rows per token. */
  tokens: Map<string, number>;
}

export interface Table {
  schema: MatchSchema;
  size: number;
  columns: Column[];
}

class Growing {
  data = new Int32Array(1024);
  length = 0;
  push(v: number): void {
    if (this.length === this.data.length) {
      const bigger = new Int32Array(this.length * 2);
      bigger.set(this.data);
      this.data = bigger;
    }
    this.data[this.length++] = v;
  }
  done(): Int32Array {
    return this.data.slice(0, this.length);
  }
}

/** Rarity of tokens from how many rows contain them. Unknown tokens count as occurring once. */
export function statisticsOf(counts: ReadonlyMap<string, number>, rows: number): ColumnStatistics {
  const cache = new Map<string, number>();
  return {
    rarity(token) {
      let r = cache.get(token);
      if (r === undefined) {
        r = Math.max(0.3, Math.log2((rows + 2) / ((counts.get(token) ?? 0) + 1)));
        cache.set(token, r);
      }
      return r;
    },
  };
}

/** Takes rows one by one and keeps only what comparing needs, so a table of millions need not be in memory as text. */
export class TableBuilder {
  private readonly schema: MatchSchema;
  private readonly parts: {
    kind: AnyKind;
    field: MatchField;
    ids: Growing;
    raw: Map<string, number>;
    known: Map<string, number>;
    values: unknown[];
    counts: Growing;
  }[];
  private size = 0;

  constructor(schema: MatchSchema) {
    this.schema = schema;
    this.parts = schema.fields.map((field) => ({
      kind: kindOf(field.kind),
      field,
      ids: new Growing(),
      raw: new Map(),
      known: new Map(),
      values: [],
      counts: new Growing(),
    }));
  }

  add(row: Row): void {
    this.size++;
    for (const part of this.parts) part.ids.push(this.number(part, row[part.field.column]));
  }

  private number(part: (typeof this.parts)[number], raw: string | null | undefined): number {
    if (raw === null || raw === undefined || raw === '') return -1;
    const seen = part.raw.get(raw);
    if (seen !== undefined) {
      if (seen >= 0) part.counts.data[seen] = (part.counts.data[seen] ?? 0) + 1;
      return seen;
    }
    const value = part.kind.parse(raw);
    let id = -1;
    if (value !== null) {
      const text = part.kind.text(value);
      const known = part.known.get(text);
      if (known === undefined) {
        id = part.values.length;
        part.known.set(text, id);
        part.values.push(value);
        part.counts.push(1);
      } else {
        id = known;
        part.counts.data[id] = (part.counts.data[id] ?? 0) + 1;
      }
    }
    // Short raw texts repeat (cities, categories, names); long ones hardly do and would only fill memory.
    if (raw.length <= 24 && part.raw.size < 50_000) part.raw.set(raw, id);
    return id;
  }

  build(): Table {
    const columns = this.parts.map((part): Column => {
      part.raw.clear();
      part.known.clear();
      const counts = part.counts.done();
      const termNumbers = new Map<string, number>();
      const terms = new Int32Array(part.values.length);
      const termCounts = new Growing();
      const tokens = new Map<string, number>();
      let rows = 0;
      part.values.forEach((value, i) => {
        const n = counts[i] ?? 0;
        rows += n;
        const term = part.kind.term(value);
        let number = termNumbers.get(term);
        if (number === undefined) {
          number = termNumbers.size;
          termNumbers.set(term, number);
          termCounts.push(0);
        }
        terms[i] = number;
        termCounts.data[number] = (termCounts.data[number] ?? 0) + n;
        for (const t of part.kind.tokens?.(value) ?? []) tokens.set(t, (tokens.get(t) ?? 0) + n);
      });
      return {
        field: part.field,
        kind: part.kind,
        ids: part.ids.done(),
        values: part.values,
        counts,
        terms,
        termCounts: termCounts.done(),
        termNames: [...termNumbers.keys()],
        statistics: statisticsOf(tokens, rows),
        tokens,
      };
    });
    return { schema: this.schema, size: this.size, columns };
  }
}

export function tableOf(rows: Iterable<Row>, schema: MatchSchema): Table {
  const builder = new TableBuilder(schema);
  for (const row of rows) builder.add(row);
  return builder.build();
}
