import { useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';

/** Tracked fields of all objects to tick, as `object.field`; those of some types may be left out because they are meant already. */
export function FieldChoice({
  chosen,
  without = [],
  onChange,
}: {
  chosen: string[];
  without?: string[];
  onChange: (fields: string[]) => void;
}) {
  const label = useLabel();
  const { objects } = useCatalog();
  return (
    <div className="xk-field-choice">
      {objects
        .filter((object) => !object.retired)
        .map((object) => ({
          object,
          fields: object.fields.filter((field) => field.tracked && !field.retired && !without.includes(field.type)),
        }))
        .filter(({ fields }) => fields.length > 0)
        .map(({ object, fields }) => (
          <fieldset key={object.name}>
            <legend>{label(object.label)}</legend>
            {fields.map((field) => {
              const name = `${object.name}.${field.name}`;
              return (
                <label key={name} className="xk-check">
                  <input
                    type="checkbox"
                    checked={chosen.includes(name)}
                    onChange={({ target }) =>
                      onChange(target.checked ? [...chosen, name] : chosen.filter((other) => other !== name))
                    }
                  />
                  <span>{label(field.label)}</span>
                </label>
              );
            })}
          </fieldset>
        ))}
    </div>
  );
}
