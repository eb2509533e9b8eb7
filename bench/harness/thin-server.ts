/**
 * The thin server: node:http and pg, and nothing else — no accounts, no rights, no checks, no history beyond the one row. It answers
 * POST {query, values} with the rows of a prepared statement. Argument: JSON of a pg configuration; prints its port.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { QUERIES } from './thin-queries.ts';

const pool = new pg.Pool({
  ...(JSON.parse(process.argv[2] ?? '') as pg.ClientConfig),
  max: 16,
  application_name: 'thin',
});
pool.on('error', () => process.exit(0));

const server = createServer((request, reply) => {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (piece: string) => {
    text += piece;
  });
  request.on('end', () => {
    const { query, values } = JSON.parse(text) as { query: string; values: unknown[] };
    pool.query({ name: query, text: QUERIES[query] ?? '', values }).then(
      ({ rows }) => {
        const body = JSON.stringify({ rows });
        reply.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
        reply.end(body);
      },
      (error: Error) => {
        reply.writeHead(500);
        reply.end(error.message);
      },
    );
  });
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));
