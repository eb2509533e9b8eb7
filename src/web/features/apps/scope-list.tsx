import { useCatalog } from '../../api/query.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { toDraft } from './scope-draft.ts';
import { useAppsText } from './texts.ts';

/** What scopes mean, one line per object, in the words of the page. */
export function ScopeList({ scopes }: { scopes: readonly string[] }) {
  const t = useAppsText();
  const label = useLabel();
  const lang = useLang();
  const { objects } = useCatalog();
  const lines = Object.entries(toDraft(scopes)).map(([name, { level, fields, remove }]) => {
    const object = objects.find((one) => one.name === name);
    const words = (verb: 'read' | 'write'): string =>
      Object.entries(fields)
        .filter(([, one]) => one === verb)
        .map(([field]) => label(object?.fields.find((one) => one.name === field)?.label) || field)
        .join(lang === 'zh' ? '、' : ', ');
    const [reads, writes] = [words('read'), words('write')];
    const parts = [
      level === 'none' ? null : t(level === 'write' ? 'may-write-all' : 'may-read-all'),
      reads && level === 'none' ? t('may-read', { fields: reads }) : null,
      writes && level !== 'write' ? t('may-write', { fields: writes }) : null,
      remove ? t('may-delete') : null,
    ];
    const of = name === '*' ? t('every-object') : label(object?.plural) || label(object?.label) || name;
    return { name, of, parts: parts.filter((part): part is string => part !== null) };
  });
  return (
    <ul className="xk-scopes">
      {lines.map(({ name, of, parts }) => (
        <li key={name}>
          <strong>{of}</strong>
          <span>{parts.join(lang === 'zh' ? '；' : '; ')}</span>
        </li>
      ))}
    </ul>
  );
}
