import type { AuditEntryView } from '../../../contract/audit.ts';
import { useAccounts, useCatalog } from '../../api/query.ts';
import { useNoun } from '../../i18n/core.ts';
import { useAuditText } from './texts.ts';

/** What of an entry's open parts the page knows how to say. */
interface Body {
  fields?: string[];
  phase?: string;
  rows?: number;
  call?: string;
  as?: string;
  waiting?: boolean;
  counts?: Record<string, Record<string, number>>;
}

const COUNTED = ['created', 'updated', 'verified', 'signalled', 'deleted', 'restored', 'erased', 'anonymised'] as const;
const NO_RECORD = '00000000-0000-0000-0000-000000000000';

export const bodyOf = ({ body }: Pick<AuditEntryView, 'body'>): Body => (body ?? {}) as Body;

/** Entries as sentences. */
export function useEntryWords(): { who: (entry: AuditEntryView) => string; did: (entry: AuditEntryView) => string } {
  const t = useAuditText();
  const noun = useNoun();
  const { objects } = useCatalog();
  const accounts = useAccounts();

  const objectOf = (name: string | null, n: number): string => {
    const found = objects.find((one) => one.name === name);
    return found ? noun(n === 1 ? found.label : (found.plural ?? found.label)) : (name ?? '');
  };
  const nameOf = (actor: string): string =>
    accounts.find(({ id }) => `user:${id}` === actor)?.name ??
    (actor === 'visitor' || actor === 'system' || actor === 'cli' ? t(actor) : actor);

  function fieldsOf(object: string | null, names: string[] = []): string {
    const fields = objects.find((one) => one.name === object)?.fields ?? [];
    return names.map((name) => noun(fields.find((one) => one.name === name)?.label) || name).join(t('comma'));
  }

  function did(entry: AuditEntryView): string {
    const { fields, phase, rows = 0, counts = {}, waiting } = bodyOf(entry);
    const object = objectOf(entry.object, entry.kind === 'read' ? entry.records.length : 0);
    switch (entry.kind) {
      case 'read': {
        const group = entry.records.length === 1 && entry.records[0] === NO_RECORD;
        const said = { n: entry.records.length, object, fields: fieldsOf(entry.object, fields) };
        return t(group ? 'did-read-group' : 'did-read', said);
      }
      case 'search': {
        const { text } = (entry.private ?? {}) as { text?: string };
        return text === undefined ? t('did-search-erased') : t('did-search', { text });
      }
      case 'export':
        if (entry.object === null) return t('did-export-log');
        return phase === 'end' ? t('did-export-end', { n: rows, object }) : t('did-export-begin', { object });
      case 'change': {
        const said = Object.entries(counts).flatMap(([name, words]) =>
          COUNTED.flatMap((word) => {
            const n = words[word] ?? 0;
            return n > 0 ? [t(`count-${word}`, { n, object: objectOf(name, n) })] : [];
          }),
        );
        return said.length > 0 ? t('did-change', { counts: said.join(t('comma')) }) : t('did-change-none');
      }
      case 'approval': {
        const { what } = entry.body as { what?: 'asked' };
        return t('did-approval', { what: what ? t(`step-${what}`) : '' });
      }
      case 'sign-in':
        return t(waiting ? 'did-sign-in-waiting' : 'did-sign-in');
      default:
        return t(`did-${entry.kind}`);
    }
  }

  return {
    who(entry) {
      const { as } = bodyOf(entry);
      const name = entry.actorName ?? nameOf(entry.actor);
      return as === undefined ? name : `${name}${t('comma')}${t('as', { name: nameOf(as) })}`;
    },
    did,
  };
}
