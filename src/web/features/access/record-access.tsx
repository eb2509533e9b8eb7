import { useQuery } from '@tanstack/react-query';
import { Button, Drawer } from 'antd';
import { useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { isPlain } from '../../../domain/access/reach.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { keys, useAccounts, useSession } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { AskToSee } from './ask-to-see.tsx';
import { useRecordAccessText } from './record-texts.ts';
import { modeWord } from './role-words.ts';
import { Shares } from './shares.tsx';
import './access.css';

/** How much of each field of a record is seen, and why; for administrators also by others. */
export function RecordAccess({ object, id, onClose }: { object: ObjectDef; id: string; onClose: () => void }) {
  const t = useRecordAccessText();
  const label = useLabel();
  const choice = useId();
  const { account } = useSession();
  const accounts = useAccounts().filter((one) => !one.disabled);
  const [who, setWho] = useState(account.id);
  const [asked, setAsked] = useState<string | null>(null);
  const mine = who === account.id;
  const { data } = useQuery({
    queryKey: [...keys.record(object.name, id), 'access'],
    queryFn: ({ signal }) => call(api.records.get, { params: { object: object.name, id }, query: {}, signal }),
  });
  const row = data?.rows[0];
  return (
    <Drawer open size={520} title={t('title')} onClose={onClose}>
      <Shares object={object.name} id={id} />
      <p className="xk-muted">{t('hint')}</p>
      {account.role === 'admin' && (
        <label className="xk-form-row" htmlFor={choice}>
          <span>{t('who')}</span>
          <select id={choice} className="xk-plain-input" value={who} onChange={({ target }) => setWho(target.value)}>
            {accounts.map((one) => (
              <option key={one.id} value={one.id}>
                {one.id === account.id ? t('me') : one.name}
              </option>
            ))}
          </select>
        </label>
      )}
      <ul className="xk-access-people">
        {object.fields
          .filter((field) => !field.retired)
          .map((field) => {
            const mode = row?.modes?.[field.name] ?? (row && field.name in row.values ? 'edit' : 'hidden');
            return (
              <li key={field.name}>
                <span className="xk-access-what">{label(field.label)}</span>
                {mine && row && <Badge tone={isPlain(mode) ? 'plain' : 'warn'}>{modeWord(mode, label)}</Badge>}
                <span className="xk-access-do">
                  <Button
                    size="small"
                    aria-expanded={asked === field.name}
                    aria-label={t('why-field', { field: label(field.label) })}
                    onClick={() => setAsked(asked === field.name ? null : field.name)}
                  >
                    {t('why')}
                  </Button>
                  {mine && row && !isPlain(mode) && <AskToSee object={object.name} record={id} field={field} />}
                </span>
                {asked === field.name && <Why object={object} id={id} field={field} who={mine ? undefined : who} />}
              </li>
            );
          })}
      </ul>
    </Drawer>
  );
}

function Why({ object, id, field, who }: { object: ObjectDef; id: string; field: FieldDef; who: string | undefined }) {
  const t = useRecordAccessText();
  const label = useLabel();
  const { data } = useQuery({
    queryKey: [...keys.record(object.name, id), 'why', field.name, who ?? ''],
    queryFn: ({ signal }) =>
      call(api.access.explain, {
        query: { object: object.name, record: id, field: field.name, ...(who && { account: who }) },
        signal,
      }),
  });
  if (!data) return null;
  return (
    <div className="xk-access-why" role="status">
      <p>
        {t(data.can ? 'can' : 'cannot')}
        {data.mode && ` · ${modeWord(data.mode, label)}`}
      </p>
      <ul>
        {data.reasons.map((reason) => (
          <li key={`${reason.role ?? ''}${reason.message}`}>{reason.message}</li>
        ))}
      </ul>
    </div>
  );
}
