// npm start: builds what is stale, in a process of its own so that the server's memory stays its own, then is the server.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isStale } from './build.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `\n需要 Node.js 20.19 或更高版本,现在是 ${process.version}。\nNode.js 20.19 or newer is needed; this is ${process.version}.\n`,
  );
  process.exit(1);
}
if (isStale('server') || isStale('web')) {
  console.log('\n  首次启动或程序有更新,正在构建… · First start or new version, building…');
  execFileSync(process.execPath, [fileURLToPath(new URL('build.mjs', import.meta.url))], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
await import(new URL('../dist/server/server.js', import.meta.url).href);
