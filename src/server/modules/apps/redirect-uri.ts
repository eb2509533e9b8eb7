/** `http://127.0.0.1` or `http://[::1]`: a program on the person's own machine, RFC 8252 §7.3. `localhost` may be anybody (§8.3). */
const LOOPBACK = new Set(['127.0.0.1', '[::1]']);

/**
 * May an app register this address to return to? https; http on the loopback only; or a private-use scheme with a dot in it (RFC 8252
 * §7.1), which no browser runs. No fragment (RFC 6749 §3.1.2), no user information.
 */
export function isRedirectUri(text: string): boolean {
  if (!/^[\x21-\x7e]+$/.test(text) || text.includes('#') || text.includes('*')) return false;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return false;
  }
  if (url.username !== '' || url.password !== '') return false;
  if (url.protocol === 'https:') return url.hostname !== '';
  if (url.protocol === 'http:') return LOOPBACK.has(url.hostname);
  return /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/.test(url.protocol);
}

/**
 * Is it one of the registered ones? Character by character (RFC 9700 §2.1); only the port of a loopback address that was registered
 * without one may be any, for such programs take what is free (RFC 8252 §7.3).
 */
export function isRegistered(asked: string, registered: readonly string[]): boolean {
  if (registered.includes(asked)) return true;
  const [, host, rest = ''] = /^http:\/\/(127\.0\.0\.1|\[::1\]):\d{1,5}(\/.*)?$/.exec(asked) ?? [];
  return host !== undefined && registered.includes(`http://${host}${rest}`);
}
