/** Longest text that a template becomes. */
const MOST = 2000;
const PLACE = /\{([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)\}/g;

/** Names in braces, each once. */
export function placesIn(text: string): string[] {
  return [...new Set([...text.matchAll(PLACE)].map(([, name = '']) => name))];
}

/**
 * Puts values in the places of a text. One pass: what a value holds is text, never a place or a command. Empty values are a dash.
 * @param say the value under a name as a person reads it; undefined: no such name, which stays visible so that the mistake shows
 */
export function fillTemplate(text: string, say: (name: string) => string | undefined): string {
  return text.replaceAll(PLACE, (whole, name: string) => (say(name) ?? whole) || '—').slice(0, MOST);
}
