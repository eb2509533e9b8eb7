import { useMutation } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import type { z } from 'zod';
import type { access, PersonRoles } from '../../../contract/access.ts';
import { api } from '../../../contract/api.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { formatNumber } from '../../i18n/phrase.ts';
import { modeWord } from './role-words.ts';
import { useAccessText } from './texts.ts';

type Draft = z.input<NonNullable<typeof access.preview.body>>['role'];

/** What a changed role would give somebody, before it is saved. */
export function RolePreview({ role, object, people }: { role: Draft; object: ObjectDef; people: PersonRoles[] }) {
  const t = useAccessText();
  const label = useLabel();
  const lang = useLang();
  const open = people.filter(({ disabled, roles }) => !disabled && !roles.includes('admin'));
  const [who, setWho] = useState(open.find(({ roles }) => roles.includes(role.id))?.account ?? open[0]?.account ?? '');
  const preview = useMutation({
    mutationFn: () => call(api.access.preview, { body: { role, account: who, object: object.name } }),
  });
  if (open.length === 0) return null;
  const shown = ({ rows, exact }: { rows: number; exact: boolean }) =>
    exact ? formatNumber(rows, lang) : t('preview-more', { n: rows });
  const { data } = preview;
  return (
    <div className="xk-access-preview">
      <label>
        <span>{t('preview-who')}</span>
        <select className="xk-plain-input" value={who} onChange={({ target }) => setWho(target.value)}>
          {open.map((person) => (
            <option key={person.account} value={person.account}>
              {person.name}
            </option>
          ))}
        </select>
      </label>
      <Button loading={preview.isPending} onClick={() => preview.mutate()}>
        {t('preview')}
      </Button>
      <div role="status">
        {data && (
          <>
            <p>{t('preview-rows', { before: shown(data.before), after: shown(data.after) })}</p>
            {data.fields.length === 0 ? (
              <p className="xk-muted">{t('preview-same')}</p>
            ) : (
              <ul>
                {data.fields.map((one) => (
                  <li key={one.field}>
                    {t('preview-field', {
                      field: label(object.fields.find(({ name }) => name === one.field)?.label),
                      before: modeWord(one.before, label),
                      after: modeWord(one.after, label),
                    })}
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </div>
      {preview.error && <Alert type="error" showIcon title={sentence(preview.error)} />}
    </div>
  );
}
