import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { to as copyTo } from 'pg-copy-streams';
import { DEMO_COLUMNS } from '../../src/demo/index.ts';
import type { Bench } from './context.ts';
import { batches, type Fixture, openDemo } from './fixtures.ts';

/** Text that the product must keep as it is, character for character. */
const FIELDS = ['name', 'contact_name', 'contact_title', 'mobile', 'email', 'remark'];

/** Rows and a checksum, independent of their order, of the file's texts and of those in the database. Throws when they differ. */
export async function checkIntact({ db, options }: Bench, fixture: Fixture, changeSet: string): Promise<void> {
  const places = FIELDS.map((field) => DEMO_COLUMNS.findIndex((column) => column.field === field));
  const given = new Sum();
  for (const batch of batches(openDemo(options.seed), fixture.from, fixture.rows))
    for (const cells of batch) given.add(places.map((place) => String(cells[place] ?? '')).join('\t'));
  const stored = new Sum();
  // Mobiles are standardised to +86…; every digit is there still.
  const columns = FIELDS.map((field) => (field === 'mobile' ? `right(mobile, 11)` : field)).map(
    (c) => `coalesce(${c}, '')`,
  );
  let rest = '';
  const sink = new Writable({
    decodeStrings: false,
    write(piece: string, _encoding, done) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) stored.add(line);
      done();
    },
  });
  const source = db.query(
    copyTo(`copy (select ${columns.join(', ')} from w_main.customer where created_in = '${changeSet}') to stdout`),
  );
  source.setEncoding('utf8');
  await pipeline(source, sink);
  if (rest !== '') stored.add(rest);
  if (given.rows !== stored.rows || given.sum !== stored.sum)
    throw new Error(
      `text is not intact: file ${given.rows} rows ${given.sum}, database ${stored.rows} rows ${stored.sum}`,
    );
}

class Sum {
  rows = 0;
  sum = 0;

  add(text: string): void {
    let a = 0x811c9dc5;
    let b = 0x2545f491;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      a = Math.imul(a ^ unit, 0x01000193);
      b = Math.imul(b ^ unit, 0x5bd1e995) ^ (b >>> 15);
    }
    this.rows++;
    this.sum = (this.sum + (a >>> 0) * 0x100000 + ((b >>> 0) & 0xfffff)) % 2 ** 52;
  }
}
