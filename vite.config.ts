import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

interface Node {
  type: string;
  start: number;
  end: number;
  [part: string]: unknown;
}

const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === 'string';

/** `z` of `z.object({…}).optional()`. */
function rootOf(node: Node): string | null {
  const next = node.type === 'CallExpression' ? node.callee : node.type === 'MemberExpression' ? node.object : null;
  return next === null ? (node.type === 'Identifier' ? String(node.name) : null) : rootOf(next as Node);
}

/** What an endpoint takes, gives and is for is the server's to check and tell: the page only calls it. 17 kB of every first load. */
const callsOnly: Plugin = {
  name: 'contract-calls-only',
  transform: {
    filter: { id: /\/src\/contract\/.*\.ts$/ },
    handler(code) {
      const edits: { start: number; end: number; text: string }[] = [];
      const walk = (node: Node): void => {
        if (node.type === 'CallExpression' && rootOf(node) === 'z') {
          edits.push({ start: node.start, end: node.end, text: 'z' });
          return;
        }
        const [first] = (node.arguments as Node[] | undefined) ?? [];
        if (node.type === 'CallExpression' && rootOf(node) === 'endpoint' && first?.type === 'ObjectExpression') {
          const kept = (first.properties as Node[]).filter(({ key }) =>
            ['method', 'path', 'idempotent'].includes(String((key as Node).name)),
          );
          edits.push({
            start: first.start,
            end: first.end,
            text: `{${kept.map(({ start, end }) => code.slice(start, end)).join()}}`,
          });
          return;
        }
        for (const part of Object.values(node))
          for (const one of Array.isArray(part) ? part : [part]) if (isNode(one)) walk(one);
      };
      walk(this.parse(code) as unknown as Node);
      const parts = edits.reduceRight(
        (rest, { start, end, text }) => rest.slice(0, start) + text + rest.slice(end),
        code,
      );
      return { code: parts, map: null };
    },
  },
};

/** The page: built to dist/web and served by the server itself; nothing is fetched from another host. */
export default defineConfig({
  root: 'src/web',
  publicDir: 'public',
  plugins: [callsOnly, react()],
  // The server puts one of its own into every page it sends (platform/http/static.ts).
  html: { cspNonce: 'xianke-nonce' },
  resolve: { alias: { zod: fileURLToPath(new URL('./src/web/api/no-schemas.ts', import.meta.url)) } },
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    // Says which chunks a screen needs; the size test reads it.
    manifest: true,
    target: ['chrome111', 'firefox115', 'safari16.4'],
    // The budget is on gzip per screen and asserted by test/page-size.test.ts, not by this warning.
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      // rc-form declares no sideEffects, so one context provider that every antd part needs would bring its whole engine and validator along.
      treeshake: { moduleSideEffects: [{ test: /@rc-component[\\/]form/, sideEffects: false }] },
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 3 },
            { name: 'echarts', test: /node_modules[\\/](echarts|zrender)[\\/]/, priority: 2 },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api/v1': { target: process.env.XIANKE_SERVER ?? 'http://127.0.0.1:8080', changeOrigin: false },
    },
  },
});
