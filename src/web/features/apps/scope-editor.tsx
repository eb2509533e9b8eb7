import { useId, useState } from 'react';
import { useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { type Level, NOTHING, type ObjectScopes, type ScopeDraft } from './scope-draft.ts';
import { useAppsText } from './texts.ts';

const LEVELS = ['none', 'read', 'write'] as const;

/** Picks scopes: all objects or single ones, down to the field. */
export function ScopeEditor({ draft, onChange }: { draft: ScopeDraft; onChange: (next: ScopeDraft) => void }) {
  const t = useAppsText();
  const label = useLabel();
  const { objects } = useCatalog();
  const set = (name: string, change: Partial<ObjectScopes>) =>
    onChange({ ...draft, [name]: { ...(draft[name] ?? NOTHING), ...change } });
  return (
    <div className="xk-scope-editor">
      <ObjectLine
        name={t('every-object')}
        hint={t('every-object-hint')}
        own={draft['*'] ?? NOTHING}
        fields={[]}
        onChange={(change) => set('*', change)}
      />
      {objects
        .filter((object) => !object.retired)
        .map((object) => (
          <ObjectLine
            key={object.name}
            name={label(object.label)}
            own={draft[object.name] ?? NOTHING}
            fields={object.fields
              .filter((field) => !field.retired)
              .map((field) => ({ name: field.name, label: label(field.label) }))}
            onChange={(change) => set(object.name, change)}
          />
        ))}
    </div>
  );
}

function ObjectLine({
  name,
  hint,
  own,
  fields,
  onChange,
}: {
  name: string;
  hint?: string;
  own: ObjectScopes;
  fields: { name: string; label: string }[];
  onChange: (change: Partial<ObjectScopes>) => void;
}) {
  const t = useAppsText();
  const id = useId();
  const [open, setOpen] = useState(Object.keys(own.fields).length > 0);
  const setField = (field: string, level: Level) => {
    const { [field]: _, ...rest } = own.fields;
    onChange({ fields: level === 'none' || level === own.level ? rest : { ...rest, [field]: level } });
  };
  return (
    <div className="xk-scope-object">
      <div className="xk-scope-line">
        <label htmlFor={id}>
          {name}
          {hint && <small className="xk-muted">{hint}</small>}
        </label>
        <select
          id={id}
          className="xk-plain-input"
          value={own.level}
          onChange={({ target }) => onChange({ level: target.value as Level, fields: {} })}
        >
          {LEVELS.map((level) => (
            <option key={level} value={level}>
              {t(`level-${level}`)}
            </option>
          ))}
        </select>
        <label className="xk-check">
          <input
            type="checkbox"
            checked={own.remove}
            aria-label={`${name}: ${t('level-delete')}`}
            onChange={({ target }) => onChange({ remove: target.checked })}
          />
          <span>{t('level-delete')}</span>
        </label>
        {fields.length > 0 && own.level !== 'write' ? (
          <button
            type="button"
            aria-expanded={open}
            aria-label={`${name}: ${t('single-fields')}`}
            onClick={() => setOpen(!open)}
          >
            {t('single-fields')}
          </button>
        ) : (
          <span className="xk-scope-blank" />
        )}
      </div>
      {open && own.level !== 'write' && (
        <div className="xk-scope-fields">
          {fields.map((field) => (
            <div key={field.name}>
              <label htmlFor={`${id}-${field.name}`}>{field.label}</label>
              <select
                id={`${id}-${field.name}`}
                className="xk-plain-input"
                value={own.fields[field.name] ?? own.level}
                onChange={({ target }) => setField(field.name, target.value as Level)}
              >
                {LEVELS.filter((level) => own.level === 'none' || level !== 'none').map((level) => (
                  <option key={level} value={level}>
                    {t(`level-${level}`)}
                  </option>
                ))}
              </select>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
