export {
  endedBefore,
  endsAt,
  MOST_PHRASES,
  phrasesOf,
  type TagDictionary,
  type TagEntry,
  type TextSource,
} from './dictionary.ts';
export { foldPhrase } from './fold.ts';
export { type Redacted, redact } from './redact.ts';
export { sentenceAround } from './sentence.ts';
export { createTagger, type Mention, type Phrase, type Tagger } from './tagger.ts';
