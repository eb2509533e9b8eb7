type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> } extends infer P ? P : never;

/** zod says `undefined` for what is absent; the doors tell absent from undefined. Deep, for nested pages and sorts. */
export function withoutUndefined<T extends object>(value: T): Present<T> {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.map(([key, item]) => [
      key,
      item !== null && typeof item === 'object' && !Array.isArray(item) ? withoutUndefined(item) : item,
    ]),
  ) as Present<T>;
}
