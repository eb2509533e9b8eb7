/** A piece of a line. Places (`{name}`) stand in texts, never in addresses: what a record holds goes to its person and to nobody else. */
export type Inline = { text: string } | { strong: string } | { link: string; text: string };

export type Block =
  | { is: 'heading'; line: Inline[] }
  | { is: 'paragraph'; lines: Inline[][] }
  | { is: 'list'; items: Inline[][] }
  /** A link that has a line for itself. */
  | { is: 'button'; link: string; text: string };

const PLACE = /\{([a-z][a-z0-9_]*)(?:\|([^{}\n]{0,60}))?\}/g;
// `[words](address)`, `**strong**`, or an address by itself; full-width punctuation ends an address.
const INLINE =
  /\[([^\]\n]{1,200})\]\((https?:\/\/[^\s<>"'，。；！？、）】》)]+)\)|\*\*([^*\n]{1,500})\*\*|(https?:\/\/[^\s<>"'，。；！？、）】》]+)/g;
/** A sentence's own mark behind an address is not part of it. */
const TRAILING = /[.,;:!?)\]]+$/;

/** Names in braces, each once. */
export function placesIn(text: string): string[] {
  return [...new Set([...text.matchAll(PLACE)].map(([, name = '']) => name))];
}

/**
 * Puts values in the places of a text: `{name}`, or `{name|friend}` with what stands there when the value is empty. One pass: what a value holds is
 * text, never a place.
 * @param say the value under a name as a person reads it; undefined: no such name, which stays visible so that the mistake shows
 */
export function fillPlaces(text: string, say: (name: string) => string | undefined): string {
  return text.replaceAll(PLACE, (whole, name: string, otherwise: string | undefined) => {
    const value = say(name);
    return value === undefined ? whole : value || (otherwise ?? '');
  });
}

/**
 * Reads a letter: paragraphs between empty lines, `# heading`, `- item`, `**strong**`, `[words](https://…)`, bare addresses. Anything else is text,
 * markup too.
 */
export function parseLetter(body: string): Block[] {
  const blocks: Block[] = [];
  for (const part of body.replaceAll('\r\n', '\n').split(/\n\s*\n/)) {
    let lines: string[] = [];
    let items: string[] = [];
    const flush = () => {
      if (items.length > 0) blocks.push({ is: 'list', items: items.map(inlineOf) });
      if (lines.length > 0) blocks.push({ is: 'paragraph', lines: lines.map(inlineOf) });
      [lines, items] = [[], []];
    };
    for (const raw of part.split('\n')) {
      const line = raw.trim();
      if (line === '') continue;
      const item = /^[-•]\s+(.+)$/.exec(line)?.[1];
      const heading = /^#{1,3}\s+(.+)$/.exec(line)?.[1];
      const inline = inlineOf(line);
      const [only] = inline;
      if (item !== undefined) {
        if (lines.length > 0) flush();
        items.push(item);
        continue;
      }
      if (items.length > 0) flush();
      if (heading !== undefined) {
        flush();
        blocks.push({ is: 'heading', line: inlineOf(heading) });
      } else if (inline.length === 1 && only && 'link' in only && only.text !== only.link) {
        flush();
        blocks.push({ is: 'button', ...only });
      } else lines.push(line);
    }
    flush();
  }
  return blocks;
}

function inlineOf(line: string): Inline[] {
  const found: Inline[] = [];
  let from = 0;
  for (const match of line.matchAll(INLINE)) {
    const [whole, words, address, strong, bare] = match;
    if (match.index > from) found.push({ text: line.slice(from, match.index) });
    const link = address ?? bare?.replace(TRAILING, '');
    if (strong !== undefined) found.push({ strong });
    else if (link === undefined || !URL.canParse(link)) found.push({ text: whole });
    else {
      found.push({ link, text: words ?? link });
      if (bare !== undefined && bare.length > link.length) found.push({ text: bare.slice(link.length) });
    }
    from = match.index + whole.length;
  }
  if (from < line.length) found.push({ text: line.slice(from) });
  return found;
}

/** Where a letter leads, each address once, in order. */
export function linksOf(blocks: readonly Block[]): string[] {
  const inlines = blocks.flatMap((block): readonly Inline[] => {
    if (block.is === 'button') return [{ link: block.link, text: block.text }];
    if (block.is === 'heading') return block.line;
    return (block.is === 'list' ? block.items : block.lines).flat();
  });
  return [...new Set(inlines.flatMap((one) => ('link' in one ? [one.link] : [])))];
}
