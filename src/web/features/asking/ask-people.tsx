import { type AskForm, choiceOf, type Draft, type DraftPerson, personKey } from './ask-draft.ts';
import { AskFields } from './ask-fields.tsx';
import { useAskingText } from './texts.ts';

/** Who gets a link, which way, and which of his own fields he is asked about. */
export function AskPeople({
  draft,
  form,
  onChange,
}: {
  draft: Draft;
  form: AskForm;
  onChange(people: AskForm['people']): void;
}) {
  const t = useAskingText();
  const toggle = (person: DraftPerson) => {
    const { [personKey(person)]: chosen, ...others } = form.people;
    onChange(chosen ? others : { ...others, [personKey(person)]: choiceOf(draft, person) });
  };
  return (
    <section>
      <h3>{t('people')}</h3>
      {!draft.mail && <p className="xk-muted">{t('mail-off')}</p>}
      <ul className="xk-ask-people">
        {draft.people.map((person) => {
          const key = personKey(person);
          const choice = form.people[key];
          const set = (patch: Partial<AskForm['people'][string]>) =>
            choice && onChange({ ...form.people, [key]: { ...choice, ...patch } });
          return (
            <li key={key}>
              <div className="xk-ask-person">
                <label>
                  <input type="checkbox" checked={choice !== undefined} onChange={() => toggle(person)} />
                  <strong>{person.name}</strong>
                  <span className="xk-muted">{person.email ?? person.phone ?? t('no-mail')}</span>
                </label>
                {choice && (
                  <select
                    className="xk-plain-input"
                    aria-label={`${t('way')} ${person.name}`}
                    value={choice.way}
                    onChange={(event) => set({ way: event.target.value === 'mail' ? 'mail' : 'link' })}
                  >
                    <option value="mail" disabled={!draft.mail || person.email === null}>
                      {t('way-mail')}
                    </option>
                    <option value="link">{t('way-link')}</option>
                  </select>
                )}
              </div>
              {choice && person.fields.length > 0 && (
                <details>
                  <summary>
                    {t('fields-of', { name: person.name })} ({choice.fields.length})
                  </summary>
                  <AskFields choices={person.fields} chosen={choice.fields} onChange={(fields) => set({ fields })} />
                </details>
              )}
            </li>
          );
        })}
      </ul>
      {Object.keys(form.people).length === 0 && <p className="xk-field-invalid">{t('people-pick')}</p>}
    </section>
  );
}
