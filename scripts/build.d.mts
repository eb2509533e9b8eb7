/** Builds the named parts where their sources changed since they were last built. Returns the names of those it built. */
export function build(names?: ('server' | 'web')[], say?: (name: string) => void): Promise<string[]>;
export function isStale(name: 'server' | 'web'): boolean;
