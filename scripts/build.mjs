// Builds what is stale: the server (esbuild → dist/server) and the pages (vite → dist/web). Plain JavaScript: it runs first.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

/** What each part is made of; a change in any of these makes it stale. */
const parts = {
  server: {
    from: ['src', 'package-lock.json', 'scripts/build.mjs'],
    except: /^src\/web\/|\.test\.tsx?$/,
    make: buildServer,
  },
  web: {
    from: ['src/web', 'src/contract', 'src/domain', 'package-lock.json', 'vite.config.ts', 'scripts/build.mjs'],
    except: /\.test\.tsx?$/,
    make: buildWeb,
  },
};

/** Builds the named parts where their sources changed since they were last built. Returns the names of those it built. */
export async function build(names = Object.keys(parts), say = () => {}) {
  const built = [];
  for (const name of names) {
    const { make } = parts[name];
    const { stale, remember } = compare(name);
    if (!stale) continue;
    say(name);
    // Made aside and then swapped: a build that breaks, or two at once, never leaves half a product.
    const draft = join(dist, `.${name}-${process.pid}`);
    await make(draft);
    swap(draft, join(dist, name));
    remember();
    built.push(name);
  }
  return built;
}

/** Renames are atomic, removing a folder is not: with two builds at once, each finds a whole product, the last one stays. */
function swap(draft, final) {
  const old = `${draft}-old`;
  for (;;) {
    if (existsSync(final)) {
      try {
        renameSync(final, old);
      } catch (error) {
        if (error.code !== 'ENOENT') throw error;
      }
    }
    try {
      renameSync(draft, final);
      break;
    } catch (error) {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      rmSync(old, { recursive: true, force: true });
    }
  }
  rmSync(old, { recursive: true, force: true });
}

export function isStale(name) {
  return compare(name).stale;
}

/** Sizes and times first, for they are read in milliseconds; contents only when those differ (a fresh clone, a touched file). */
function compare(name) {
  const stampFile = join(dist, `${name}.stamp.json`);
  const files = sources(name);
  const quick = hash(files.map((file) => `${file} ${statOf(file)}`));
  const stamp = existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, 'utf8')) : {};
  const made = existsSync(join(dist, name));
  if (made && stamp.quick === quick) return { stale: false, remember() {} };
  const content = hash(files.flatMap((file) => [file, readFileSync(join(root, file))]));
  const remember = () => {
    mkdirSync(dist, { recursive: true });
    writeFileSync(stampFile, JSON.stringify({ quick, content }));
  };
  if (!made || stamp.content !== content) return { stale: true, remember };
  remember();
  return { stale: false, remember };
}

function sources(name) {
  const { from, except } = parts[name];
  return from
    .flatMap((path) => (existsSync(join(root, path)) ? list(path) : []))
    .filter((path) => !except.test(path))
    .sort();
}

function list(path) {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path)).flatMap((name) => list(`${path}/${name}`));
}

function statOf(file) {
  const { size, mtimeMs } = statSync(join(root, file));
  return `${size} ${mtimeMs}`;
}

const hash = (pieces) => {
  const sum = createHash('sha256').update(process.version);
  for (const piece of pieces) sum.update(piece).update('\0');
  return sum.digest('hex');
};

/** Packages in the old module format expect these names. */
const requireForCommonJs = `import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
import { dirname as __dirnameOf } from 'node:path';
const require = __createRequire(import.meta.url), __filename = __fileURLToPath(import.meta.url), __dirname = __dirnameOf(__filename);`;

async function buildServer(outdir) {
  const { build: esbuild } = await import('esbuild');
  const entries = {
    server: 'src/main/server.ts',
    'import-thread': 'src/main/import-thread.ts',
    'match-thread': 'src/main/match-thread.ts',
    'job-thread': 'src/main/job-thread.ts',
    cli: 'src/cli/main.ts',
    'check-thread': 'src/cli/check-thread.ts',
  };
  await esbuild({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(join(root, file)))),
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Dependencies go in as well, without what is not used: a third faster to start and 12 MB less than from node_modules.
    external: ['pg-native'],
    banner: { js: requireForCommonJs },
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: 'linked',
    legalComments: 'none',
    logLevel: 'warning',
  });
}

async function buildWeb(outDir) {
  // Whoever calls (a test runner has NODE_ENV=test): pages are always built for people.
  process.env.NODE_ENV = 'production';
  const { build: vite } = await import('vite');
  await vite({
    root: join(root, 'src/web'),
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir },
  });
  await compress(outDir);
}

/** Writes .br and .gz beside what compresses well, so that the server never has to compress. */
async function compress(directory) {
  const zlib = await import('node:zlib');
  const brotli = promisify(zlib.brotliCompress);
  const gzip = promisify(zlib.gzip);
  const files = readdirSync(directory, { recursive: true })
    .map((name) => join(directory, String(name)))
    .filter((file) => /\.(js|css|svg|json|html|webmanifest)$/.test(file) && statSync(file).size > 1024);
  for (const file of files) {
    const content = readFileSync(file);
    const params = {
      [zlib.constants.BROTLI_PARAM_QUALITY]: 9,
      [zlib.constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    };
    writeFileSync(`${file}.br`, await brotli(content, { params }));
    writeFileSync(`${file}.gz`, await gzip(content, { level: 9 }));
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const names = process.argv.slice(2);
  const built = await build(names.length > 0 ? names : undefined, (name) => console.log(`building ${name}`));
  if (built.length === 0) console.log('up to date');
}
