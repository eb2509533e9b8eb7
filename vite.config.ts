import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** What an endpoint is for is told by the OpenAPI document; the page only calls it. Some kilobytes that every first load need not carry. */
const withoutSummaries: Plugin = {
  name: 'contract-without-summaries',
  enforce: 'pre',
  transform: {
    filter: { id: /\/src\/contract\/.*\.ts$/ },
    handler: (code) => ({
      code: code.replace(/^ +summary:\s*(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"),$/gm, ''),
      map: null,
    }),
  },
};

/** The page: built to dist/web and served by the server itself; nothing is fetched from another host. */
export default defineConfig({
  root: 'src/web',
  publicDir: 'public',
  plugins: [withoutSummaries, react()],
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
