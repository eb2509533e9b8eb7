import { isTimed, type Rule, type When } from './types.ts';

/** What happened to a record, as far as it matters for which rules to look at. */
export interface Happening {
  object: string;
  what: 'created' | 'changed' | 'deleted' | 'told';
  /** Fields that were set. */
  fields: readonly string[];
  /** The set was an import. */
  imported: boolean;
  /** Evidence of this kind came with it. */
  evidence?: string;
  /** The customer himself did it. */
  answered: boolean;
}

/** Rules by what wakes them, so that a change looks at few of many. */
export interface WakeIndex {
  /** Whether any rule could be woken by this object; imports only where some rule wants them. */
  watches(object: string, imported: boolean): boolean;
  /** Whether a change of these fields could: most are passed by without being read. */
  concerns(object: string, fields: readonly string[]): boolean;
  wakes(happening: Happening): Rule[];
}

interface Entry {
  rule: Rule;
  when: When;
}

/** @param rules those that are on */
export function indexRules(rules: readonly Rule[]): WakeIndex {
  const any = new Map<string, Entry[]>();
  const byField = new Map<string, Map<string, Entry[]>>();
  const importing = new Set<string>();
  for (const rule of rules) {
    const { when } = rule;
    if (isTimed(when)) continue;
    if (when.on === 'event' && when.event === 'duplicate') continue;
    const entry = { rule, when };
    if (wantsImports(when)) importing.add(when.object);
    if (when.on === 'changed' && when.fields.length > 0 && !when.created) {
      const fields = byField.get(when.object) ?? new Map<string, Entry[]>();
      byField.set(when.object, fields);
      for (const field of when.fields) fields.set(field, [...(fields.get(field) ?? []), entry]);
    } else any.set(when.object, [...(any.get(when.object) ?? []), entry]);
  }
  return {
    watches: (object, imported) => (imported ? importing.has(object) : any.has(object) || byField.has(object)),
    concerns: (object, written) => any.has(object) || written.some((field) => byField.get(object)?.has(field)),
    wakes(happening) {
      const fields = byField.get(happening.object);
      const found = new Set<Entry>(any.get(happening.object) ?? []);
      if (fields && happening.what === 'changed')
        for (const field of happening.fields) for (const entry of fields.get(field) ?? []) found.add(entry);
      return [...found].filter(({ when }) => isWoken(when, happening)).map(({ rule }) => rule);
    },
  };
}

const wantsImports = (when: When): boolean =>
  when.on === 'count' || ((when.on === 'created' || when.on === 'changed') && when.imports === true);

function isWoken(when: When, { what, fields, imported, evidence, answered }: Happening): boolean {
  if (imported && !wantsImports(when)) return false;
  switch (when.on) {
    case 'created':
      return what === 'created';
    case 'changed':
      if (what === 'created') return when.created === true;
      return what === 'changed' && (when.fields.length === 0 || when.fields.some((field) => fields.includes(field)));
    case 'deleted':
      return what === 'deleted';
    case 'count':
      return what === 'created' || (what === 'changed' && fields.length > 0);
    case 'event':
      if (when.event === 'answered') return answered && what !== 'deleted';
      return evidence !== undefined && (!when.kinds?.length || when.kinds.includes(evidence));
    default:
      return false;
  }
}
