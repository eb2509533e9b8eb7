const END = /[。！？!?；;\n\r]/;

/** The sentence that a place of a text stands in, with at most `most` units on either side of it; `start` and `end` are the place within it. */
export function sentenceAround(
  text: string,
  start: number,
  end: number,
  most = 40,
): { text: string; start: number; end: number } {
  let from = start;
  while (from > 0 && start - from < most && !END.test(text[from - 1] ?? '')) from -= 1;
  let to = end;
  while (to < text.length && to - end < most && !END.test(text[to] ?? '')) to += 1;
  // No half of a pair, no white space at the edges.
  if (isLow(text.charCodeAt(from)) && from > 0) from -= 1;
  if (to < text.length && isLow(text.charCodeAt(to))) to += 1;
  while (from < start && /\s/.test(text[from] ?? '')) from += 1;
  while (to > end && /\s/.test(text[to - 1] ?? '')) to -= 1;
  const cutBefore = from > 0 && !END.test(text[from - 1] ?? '') && start - from >= most;
  const cutAfter = to < text.length && !END.test(text[to] ?? '') && to - end >= most;
  const lead = cutBefore ? '…' : '';
  return {
    text: lead + text.slice(from, to) + (cutAfter ? '…' : ''),
    start: lead.length + start - from,
    end: lead.length + end - from,
  };
}

const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;
