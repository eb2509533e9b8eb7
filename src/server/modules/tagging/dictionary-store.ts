import sql from 'sql-template-tag';
import {
  createTagger,
  phrasesOf,
  type TagDictionary,
  type TagEntry,
  type Tagger,
} from '../../../domain/tagging/index.ts';
import type { Db, Queryable } from '../../platform/postgres/db.ts';
import { tableOf } from '../../records/catalog/names.ts';
import { createRuleVersions, type RuleVersions } from '../rule-versions.ts';
import { standardSources } from './presets.ts';

const TABLE = 'tag_dictionary_version';
/** Versions kept: one of 100,000 phrases is some megabytes. */
const KEPT = 50;

/** A dictionary with what it takes to use it. */
export interface Words {
  version: number;
  dictionary: TagDictionary;
  /** Finds ids of entries. */
  tagger: Tagger;
  entries: Map<string, TagEntry>;
}

export interface TagDictionaryStore extends Pick<RuleVersions<TagDictionary>, 'ready' | 'of'> {
  /** The one in force for whoever reads now, made into a tagger once per version. */
  latest(on: Queryable, workspace: string): Promise<Words>;
  /** Throws `tag-dictionary-changed` when it is another version by now than `from`. */
  save(workspace: string, entry: { author: string; dictionary: TagDictionary; from: number }): Promise<number>;
}

export function createTagDictionary(db: Db): TagDictionaryStore {
  const starting: TagDictionary = { on: false, entries: [], sources: standardSources() };
  const versions = createRuleVersions<TagDictionary>(db, { table: TABLE, starting, changed: 'tag-dictionary-changed' });
  const newest = new Map<string, Words>();
  return {
    ...versions,
    async latest(on, workspace) {
      const { version, rules: dictionary } = await versions.latest(on, workspace);
      const known = newest.get(workspace);
      if (known?.version === version) return known;
      const words: Words = {
        version,
        dictionary,
        tagger: createTagger(phrasesOf(dictionary.entries)),
        entries: new Map(dictionary.entries.map((entry) => [entry.id, entry])),
      };
      newest.set(workspace, words);
      return words;
    },
    save: (workspace, { author, dictionary, from }) =>
      versions.add(workspace, from, async (tx) => {
        const table = tableOf(workspace, TABLE);
        const [row] = await tx.query<{ version: number }>(
          sql`insert into ${table} (author, rules) values (${author}, ${JSON.stringify(dictionary)}::jsonb) returning version`,
        );
        await tx.query(sql`delete from ${table} where version <= (select max(version) from ${table}) - ${KEPT}`);
        return row?.version ?? 0;
      }),
  };
}
