import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Drawer } from 'antd';
import { useId, useState } from 'react';
import type { RoleView } from '../../../contract/access.ts';
import { api } from '../../../contract/api.ts';
import { ACT_NAMES } from '../../../domain/access/explain.ts';
import { ACTS } from '../../../domain/access/types.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useLabel, useText } from '../../i18n/core.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { accessKeys } from './access-api.ts';
import { useAccessText } from './texts.ts';

/** Name of a role, and what of the administrator's work it may do. */
export function RoleDrawer({ role, onClose }: { role: RoleView; onClose: () => void }) {
  const t = useAccessText();
  const words = useText();
  const label = useLabel();
  const toasts = useToasts();
  const client = useQueryClient();
  const id = useId();
  const [names, setNames] = useState(role.label);
  const [acts, setActs] = useState(role.acts);
  const save = useMutation({
    mutationFn: () =>
      call(api.access.saveRole, { params: { id: role.id }, body: { label: names, objects: role.objects, acts } }),
    onSuccess: () => {
      toasts.success(t('saved'));
      void client.invalidateQueries({ queryKey: accessKeys.roles });
      onClose();
    },
  });
  return (
    <Drawer
      open
      size={420}
      title={t('edit-role', { role: label(role.label) })}
      onClose={onClose}
      footer={
        <div className="xk-access-foot">
          <Button onClick={onClose}>{words('cancel')}</Button>
          <Button
            type="primary"
            loading={save.isPending}
            disabled={!names.zh.trim() || !names.en.trim()}
            onClick={() => save.mutate()}
          >
            {words('save')}
          </Button>
        </div>
      }
    >
      {(['zh', 'en'] as const).map((lang) => (
        <label key={lang} className="xk-form-row" htmlFor={`${id}${lang}`}>
          <span>{t(`name-${lang}`)}</span>
          <input
            id={`${id}${lang}`}
            className="xk-plain-input"
            maxLength={80}
            value={names[lang]}
            onChange={({ target }) => setNames((now) => ({ ...now, [lang]: target.value }))}
          />
        </label>
      ))}
      <fieldset className="xk-form-row">
        <legend>{t('acts')}</legend>
        <div className="xk-access-boxes">
          {ACTS.map((act) => (
            <label key={act} className="xk-check">
              <input
                type="checkbox"
                checked={acts.includes(act)}
                onChange={({ target }) =>
                  setActs(ACTS.filter((one) => (one === act ? target.checked : acts.includes(one))))
                }
              />
              <span>{label(ACT_NAMES[act])}</span>
            </label>
          ))}
        </div>
        <small className="xk-muted">{t('acts-hint')}</small>
      </fieldset>
      {save.error && <Alert type="error" showIcon title={sentence(save.error)} />}
    </Drawer>
  );
}
