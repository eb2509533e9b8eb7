import sql from 'sql-template-tag';
import { silentLog } from '../../src/server/platform/log.ts';
import { connect } from '../../src/server/platform/postgres/connect.ts';

// A program that writes rows to an embedded database and says which were acknowledged, one number a line; tests kill it.
const [dataDir = '', first = '0'] = process.argv.slice(2);
const { db, embedded, close } = await connect({ dataDir, log: silentLog });
let stopped = false;
process.on('SIGTERM', () => {
  stopped = true;
});
await db.query(sql`create table if not exists written (n int primary key)`);
process.stdout.write(`postmaster ${embedded?.postmaster.pid}\n`);
for (let n = Number(first); !stopped; n++) {
  await db.query(sql`insert into written values (${n})`);
  process.stdout.write(`${n}\n`);
}
await close();
