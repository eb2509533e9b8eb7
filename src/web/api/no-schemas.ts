/**
 * Stands for zod in the page's bundle. The page takes methods, paths and types from the contract; checking is the server's work, so 26 kB (gzip) of
 * validator never travel. Whatever a contract file builds while it loads — z.object({…}).partial() — is this one thing that answers to anything.
 */
const anything: unknown = new Proxy(() => anything, {
  get: (_target, key) => (key === Symbol.toPrimitive ? () => '' : anything),
  apply: () => anything,
});

export const z = anything;
