// npm run dev: the server restarts, and the pages change in place, as sources change.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const port = process.env.PORT ?? '7300';
const run = (script, args, env = {}) =>
  spawn(process.execPath, [fileURLToPath(new URL(`../node_modules/${script}`, import.meta.url)), ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
const children = [
  run('tsx/dist/cli.mjs', ['watch', '--clear-screen=false', 'src/main/server.ts'], {
    PORT: port,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'info',
  }),
  run('vite/bin/vite.js', ['src/web', '--config', 'vite.config.ts'], { XIANKE_SERVER: `http://127.0.0.1:${port}` }),
];
for (const child of children) child.on('exit', (code) => process.exit(code ?? 1));
