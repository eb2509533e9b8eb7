import { Button } from 'antd';
import { useState } from 'react';
import { useObject } from '../../api/query.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { daysOf, groupOf, groupsOf, type Ladder, withDays, withGroup } from './ladder-draft.ts';
import { useReminderText } from './texts.ts';

/** The ladders, one line each: whom it is for, after how many days the owner hears of it, after how many the managers too. */
export function Ladders({ ladders, onChange }: { ladders: Ladder[]; onChange(ladders: Ladder[]): void }) {
  const t = useReminderText();
  const put = (index: number, ladder: Ladder) => onChange(ladders.map((old, at) => (at === index ? ladder : old)));
  // The line for everyone stays last: after it no other would take anybody.
  const add = () =>
    onChange([
      ...ladders.filter((one) => one.filter),
      { name: '', filter: { field: 'level', op: 'eq', value: 'a' }, steps: [] },
      ...ladders.filter((one) => !one.filter),
    ]);
  return (
    <>
      <h3>{t('ladder')}</h3>
      <p className="xk-muted">{t('ladder-hint')}</p>
      <ul className="xk-ladders">
        {ladders.map((ladder, index) => (
          <LadderLine
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are told apart by their place, which is what they mean
            key={`${index} ${ladders.length}`}
            ladder={ladder}
            onChange={(next) => put(index, next)}
            onRemove={() => onChange(ladders.filter((_, at) => at !== index))}
          />
        ))}
      </ul>
      <Button size="small" onClick={add} disabled={ladders.length >= 10}>
        {t('ladder-add')}
      </Button>
    </>
  );
}

function LadderLine({
  ladder,
  onChange,
  onRemove,
}: {
  ladder: Ladder;
  onChange(ladder: Ladder): void;
  onRemove(): void;
}) {
  const t = useReminderText();
  const lang = useLang();
  const label = useLabel();
  const groups = groupsOf(useObject('customer'));
  const group = groupOf(ladder);
  const name =
    groups.find((one) => one.value === group)?.label[lang] ?? (ladder.filter ? t('ladder-own') : t('ladder-everyone'));
  return (
    <li>
      {ladder.filter ? (
        <label>
          <span>{t('ladder-who')}</span>
          <select
            className="xk-plain-input"
            value={group}
            onChange={(event) => {
              const found = groups.find((one) => one.value === event.target.value);
              onChange(withGroup(ladder, event.target.value, label(found?.label).slice(0, 60)));
            }}
          >
            {group === '*' && <option value="*">{t('ladder-own')}</option>}
            {groups.map((one) => (
              <option key={one.value} value={one.value}>
                {label(one.label)}
              </option>
            ))}
          </select>
        </label>
      ) : (
        <strong>{t('ladder-everyone')}</strong>
      )}
      <DaysBox ladder={ladder} to="owner" name={name} onChange={onChange} />
      <DaysBox ladder={ladder} to="manager" name={name} onChange={onChange} />
      {ladder.filter && (
        <Button size="small" type="text" danger onClick={onRemove} aria-label={`${t('ladder-remove')} ${name}`}>
          {t('ladder-remove')}
        </Button>
      )}
    </li>
  );
}

/** Typed freely, read when left. */
function DaysBox({
  ladder,
  to,
  name,
  onChange,
}: {
  ladder: Ladder;
  to: 'owner' | 'manager';
  name: string;
  onChange(ladder: Ladder): void;
}) {
  const t = useReminderText();
  const [typed, setTyped] = useState<string | null>(null);
  const words = t(to === 'owner' ? 'ladder-owner' : 'ladder-manager');
  return (
    <label>
      <span>{words}</span>
      <input
        className="xk-plain-input"
        aria-label={`${words} · ${name}`}
        inputMode="numeric"
        placeholder={t('ladder-days-hint')}
        value={typed ?? daysOf(ladder, to)}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => {
          if (typed !== null) onChange(withDays(ladder, to, typed));
          setTyped(null);
        }}
      />
    </label>
  );
}
