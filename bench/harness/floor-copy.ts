/**
 * The floor of an import: parse the file with the same reader and COPY its rows into a table; nothing is understood, checked or
 * remembered. A program of its own, so that it has a processor and a memory of its own as the product has.
 * Argument: JSON {file, name, connection, table, columns: [field per column of the file]}. Prints JSON {seconds, rows, peakMb}.
 */
import { once } from 'node:events';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { openTable } from '../../src/server/platform/tabular/open-table.ts';
import { residentMb } from './memory.ts';

interface Job {
  file: string;
  name: string;
  connection: pg.ClientConfig;
  table: string;
  columns: string[];
}

const job = JSON.parse(process.argv[2] ?? '') as Job;
const client = new pg.Client(job.connection);
await client.connect();
const began = performance.now();
const at = new Date().toISOString();
const prefix = `${Date.now()
  .toString(16)
  .padStart(12, '0')
  .replace(/^(.{8})(.{4})$/, '$1-$2')}-7000-8000-`;
const fixed = `\t1\t${at}\tfloor\t00000000-0000-7000-8000-000000000000\t${at}\tfloor`;
const stream = client.query(
  copyFrom(
    `copy ${job.table} (id, version, created_at, created_by, created_in, updated_at, updated_by, ${job.columns.map((name) => `"${name}"`).join(', ')}) from stdin`,
  ),
);
const finished = once(stream, 'finish');
const reader = await openTable({ path: job.file, name: job.name });
let rows = 0;
for await (const batch of reader.rows()) {
  let text = '';
  for (const { cells } of batch) {
    text += prefix + (rows++).toString(16).padStart(12, '0') + fixed;
    for (let i = 0; i < job.columns.length; i++) {
      const cell = cells[i] ?? '';
      const value = typeof cell === 'object' ? cell.text : String(cell);
      text += value === '' ? '\t\\N' : `\t${value.replace(/[\\\t\n\r]/g, ' ')}`;
    }
    text += '\n';
  }
  if (!stream.write(text)) await once(stream, 'drain');
}
stream.end();
await finished;
const seconds = (performance.now() - began) / 1000;
await reader.close();
await client.end();
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ seconds, rows, cpu: (user + system) / 1e6, peakMb: residentMb(process.pid, 'peak') }));
