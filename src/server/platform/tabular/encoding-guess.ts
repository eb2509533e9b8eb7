/**
 * Which legacy encoding a piece of non-UTF-8 text is in, by how often its byte pairs fall on the common characters of each.
 * GB 2312 level 1 (rows 16–55, lead B0–D7) and Big5 level 1 (lead A4–C6) hold the characters that make up 97 % and more of
 * running text; kana dominate Japanese text (Shift_JIS leads 82, 83). A frequency detector is needed because every Big5 text
 * is also valid GB 18030.
 */
export type LegacyEncoding = 'gb18030' | 'big5' | 'shift_jis' | 'euc-kr' | 'windows-1252';

export interface Guess {
  encoding: LegacyEncoding;
  /** The runner-up was close: the person should be told. */
  unsure: boolean;
}

interface Tally {
  pairs: number;
  common: number;
  bad: number;
}

const isGbTrail = (b: number) => b >= 0x40 && b <= 0xfe && b !== 0x7f;

function tallyGb(bytes: Uint8Array): Tally {
  const t = { pairs: 0, common: 0, bad: 0 };
  for (let i = 0; i < bytes.length; i++) {
    const lead = bytes[i] ?? 0;
    if (lead < 0x80) continue;
    const trail = bytes[i + 1] ?? 0;
    if (lead === 0x80 || lead === 0xff) t.bad++;
    else if (trail >= 0x30 && trail <= 0x39 && (bytes[i + 2] ?? 0) >= 0x81) {
      t.pairs++;
      i += 3;
    } else if (!isGbTrail(trail)) t.bad++;
    else {
      t.pairs++;
      i++;
      if (trail >= 0xa1 && ((lead >= 0xb0 && lead <= 0xd7) || (lead >= 0xa1 && lead <= 0xa3))) t.common++;
      // Traditional and rarer characters are legal in GBK and not in GB 2312: half a vote.
      else if (trail < 0xa1 && lead < 0xa1) t.common += 0.5;
    }
  }
  return t;
}

function tallyBig5(bytes: Uint8Array): Tally {
  const t = { pairs: 0, common: 0, bad: 0 };
  for (let i = 0; i < bytes.length; i++) {
    const lead = bytes[i] ?? 0;
    if (lead < 0x80) continue;
    const trail = bytes[i + 1] ?? 0;
    const legal = (trail >= 0x40 && trail <= 0x7e) || (trail >= 0xa1 && trail <= 0xfe);
    if (lead < 0xa1 || lead > 0xf9 || !legal) t.bad++;
    else {
      t.pairs++;
      i++;
      if ((lead >= 0xa4 && lead <= 0xc6) || lead === 0xa1) t.common++;
    }
  }
  return t;
}

function tallyShiftJis(bytes: Uint8Array): Tally & { kana: number } {
  const t = { pairs: 0, common: 0, bad: 0, kana: 0 };
  for (let i = 0; i < bytes.length; i++) {
    const lead = bytes[i] ?? 0;
    if (lead < 0x80) continue;
    if (lead >= 0xa1 && lead <= 0xdf) {
      t.pairs++; // half-width katakana
      continue;
    }
    const trail = bytes[i + 1] ?? 0;
    const legal = (trail >= 0x40 && trail <= 0x7e) || (trail >= 0x80 && trail <= 0xfc);
    if (!legal || lead === 0x80 || lead === 0xa0 || lead > 0xfc) t.bad++;
    else {
      t.pairs++;
      i++;
      if ((lead === 0x82 && trail >= 0x9f) || (lead === 0x83 && trail <= 0x96)) {
        t.kana++;
        t.common++;
      } else if ((lead >= 0x88 && lead <= 0x97) || lead === 0x81) t.common++;
    }
  }
  return t;
}

/** Western text: single high bytes between ASCII letters. `café`, `Müller`, `10 £`. */
function westernShare(bytes: Uint8Array): number {
  let runs = 0;
  let single = 0;
  for (let i = 0; i < bytes.length; i++) {
    if ((bytes[i] ?? 0) < 0x80) continue;
    let end = i + 1;
    while ((bytes[end] ?? 0) >= 0x80) end++;
    runs++;
    if (end - i === 1) single++;
    i = end;
  }
  return runs === 0 ? 0 : single / runs;
}

/** Korean: hangul B0–C8 with hardly anything above; Chinese spreads over B0–F7. */
function koreanShare(bytes: Uint8Array): number {
  let pairs = 0;
  let hangul = 0;
  for (let i = 0; i + 1 < bytes.length; i++) {
    const lead = bytes[i] ?? 0;
    if (lead < 0x80) continue;
    const trail = bytes[i + 1] ?? 0;
    if (trail < 0xa1) return 0;
    pairs++;
    if (lead >= 0xb0 && lead <= 0xc8) hangul++;
    i++;
  }
  return pairs < 8 ? 0 : hangul / pairs;
}

const share = (t: Tally) => (t.pairs === 0 ? 0 : t.common / t.pairs - (4 * t.bad) / t.pairs);

/** `bytes`: lines that are not UTF-8 (as many as are worth counting; 100 kB is plenty). */
export function guessLegacyEncoding(bytes: Uint8Array): Guess {
  if (westernShare(bytes) > 0.8) return { encoding: 'windows-1252', unsure: true };
  const gb = tallyGb(bytes);
  const big5 = tallyBig5(bytes);
  const japanese = tallyShiftJis(bytes);
  if (koreanShare(bytes) > 0.97) return { encoding: 'euc-kr', unsure: true };
  const gbShare = share(gb);
  const big5Share = share(big5);
  if (japanese.bad === 0 && japanese.kana / Math.max(1, japanese.pairs) > 0.2 && share(japanese) > gbShare)
    return { encoding: 'shift_jis', unsure: true };
  // A tie goes to GB 18030: it is what Chinese Excel and WPS write.
  if (big5.bad === 0 && big5Share > gbShare + 0.12) return { encoding: 'big5', unsure: big5Share - gbShare < 0.25 };
  if (gbShare < 0.2 && gb.bad > gb.pairs / 10) return { encoding: 'windows-1252', unsure: true };
  return { encoding: 'gb18030', unsure: gb.pairs < 4 || (big5.bad === 0 && big5Share > gbShare - 0.05) };
}
