import type { ObjectDef } from '../../../../domain/schema/types.ts';
import { useAccounts, useCatalog } from '../../../api/query.ts';
import { useLabel } from '../../../i18n/core.ts';
import { parentField } from './add-interaction.tsx';
import { useRecordText } from './texts.ts';

/** What of the timeline is shown; '' is everything. */
export interface TimelineChoice {
  kinds: string;
  by: string;
}

export const EVERYTHING: TimelineChoice = { kinds: '', by: '' };

/** Two plain choices: which kind of entry, and whose. */
export function TimelineFilter({
  object,
  value,
  onChange,
}: {
  object: ObjectDef;
  value: TimelineChoice;
  onChange(next: TimelineChoice): void;
}) {
  const t = useRecordText();
  const label = useLabel();
  const accounts = useAccounts();
  const children = useCatalog().objects.filter((child) => !child.retired && parentField(child, object.name));
  return (
    <div className="xk-timeline-filter">
      <select
        className="xk-plain-input"
        aria-label={t('timeline-kind')}
        value={value.kinds}
        onChange={(event) => onChange({ ...value, kinds: event.target.value })}
      >
        <option value="">{t('timeline-all')}</option>
        {children.map((child) => (
          <option key={child.name} value={child.name}>
            {label(child.label)}
          </option>
        ))}
        <option value="create,update,delete,restore">{t('timeline-changes')}</option>
        <option value="verify">{t('timeline-verified')}</option>
        <option value="evidence">{t('timeline-evidence')}</option>
      </select>
      <select
        className="xk-plain-input"
        aria-label={t('timeline-by')}
        value={value.by}
        onChange={(event) => onChange({ ...value, by: event.target.value })}
      >
        <option value="">{t('timeline-anybody')}</option>
        {accounts.map((account) => (
          <option key={account.id} value={account.id}>
            {account.name}
          </option>
        ))}
      </select>
    </div>
  );
}
