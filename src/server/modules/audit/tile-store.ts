import sql from 'sql-template-tag';
import {
  HASH_BYTES,
  joinNodes,
  nodeIn,
  nodesOf,
  type Range,
  type TilePlace,
  tileOf,
  WIDTH,
} from '../../../domain/audit/index.ts';
import type { Queryable } from '../../platform/postgres/db.ts';
import { sha256 } from '../../platform/signing.ts';
import { tableOf } from '../../records/catalog/names.ts';

type Tiles = Map<string, Buffer>;
const keyOf = ({ level, n }: TilePlace): string => `${level} ${n}`;

async function loadTiles(on: Queryable, workspace: string, places: TilePlace[]): Promise<Tiles> {
  const rows = await on.query<{ level: number; n: number; hashes: Buffer }>(sql`
    select t.level, t.n::float8 as n, t.hashes
    from unnest(${places.map(({ level }) => level)}::smallint[], ${places.map(({ n }) => n)}::bigint[]) as w(level, n)
    join ${tableOf(workspace, 'audit_tile')} t on t.level = w.level and t.n = w.n`);
  return new Map(rows.map((row) => [keyOf(row), row.hashes]));
}

/** Roots of ranges, from one look at the few tiles that they need. */
export async function rootsOf(on: Queryable, workspace: string, ranges: readonly Range[]): Promise<Uint8Array[]> {
  const parts = ranges.map((range) => nodesOf(range).map(tileOf));
  const wanted = new Map(parts.flat().map((part) => [keyOf(part), part]));
  const tiles = wanted.size > 0 ? await loadTiles(on, workspace, [...wanted.values()]) : new Map<string, Buffer>();
  return parts.map((nodes) =>
    joinNodes(
      sha256,
      nodes.map((part) => nodeIn(sha256, tiles.get(keyOf(part)) ?? Buffer.alloc(0), part.from, part.count)),
    ),
  );
}

/** Hashes of leaves [begin, end) as the tiles have them; shorter where tiles are. */
export async function leafHashes(
  on: Queryable,
  workspace: string,
  { begin, end }: Range,
): Promise<(Buffer | undefined)[]> {
  const first = Math.floor(begin / WIDTH);
  const places: TilePlace[] = [];
  for (let n = first; n * WIDTH < end; n++) places.push({ level: 0, n });
  const tiles = await loadTiles(on, workspace, places);
  return Array.from({ length: end - begin }, (_, i) => {
    const leaf = begin + i;
    const at = (leaf % WIDTH) * HASH_BYTES;
    const found = tiles.get(keyOf({ level: 0, n: Math.floor(leaf / WIDTH) }))?.subarray(at, at + HASH_BYTES);
    return found?.length === HASH_BYTES ? found : undefined;
  });
}

/** Adds leaves to a tree of `size`. Tiles at the right edge grow until they are full; their roots go one level up. */
export async function addLeaves(
  on: Queryable,
  workspace: string,
  size: number,
  leaves: readonly Uint8Array[],
): Promise<void> {
  const written: { level: number; n: number; hashes: string }[] = [];
  let hashes = [...leaves];
  for (let [level, position] = [0, size]; hashes.length > 0; level++, position = Math.floor(position / WIDTH)) {
    const first = Math.floor(position / WIDTH);
    const begun = position % WIDTH;
    const tiles = begun > 0 ? await loadTiles(on, workspace, [{ level, n: first }]) : new Map<string, Buffer>();
    const edge = tiles.get(keyOf({ level, n: first }))?.subarray(0, begun * HASH_BYTES) ?? Buffer.alloc(0);
    if (edge.length !== begun * HASH_BYTES) throw new Error(`audit tile ${level}/${first} is too short`);
    const all = Buffer.concat([edge, ...hashes]);
    hashes = [];
    for (let at = 0; at < all.length; at += WIDTH * HASH_BYTES) {
      const tile = all.subarray(at, at + WIDTH * HASH_BYTES);
      written.push({ level, n: first + at / (WIDTH * HASH_BYTES), hashes: tile.toString('hex') });
      if (tile.length === WIDTH * HASH_BYTES) hashes.push(nodeIn(sha256, tile, 0, WIDTH));
    }
  }
  await on.query(sql`
    insert into ${tableOf(workspace, 'audit_tile')} (level, n, hashes)
    select level, n, decode(hashes, 'hex')
    from jsonb_to_recordset(${JSON.stringify(written)}::jsonb) as x(level smallint, n bigint, hashes text)
    on conflict (level, n) do update set hashes = excluded.hashes`);
}
