import { EyeOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Drawer } from 'antd';
import { useState } from 'react';
import type { PersonRoles, RoleView } from '../../../contract/access.ts';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, useSession } from '../../api/query.ts';
import { viewAs } from '../../api/view-as.ts';
import { useLabel, useText } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { accessKeys, useRoles } from './access-api.ts';
import { useAccessText } from './texts.ts';
import './access.css';

/** Everybody with the roles in force, and a look through their eyes. */
export function RolePeople() {
  const t = useAccessText();
  const words = useText();
  const label = useLabel();
  const { account } = useSession();
  const { data } = useRoles();
  const [editing, setEditing] = useState<PersonRoles | null>(null);
  if (!data) return <Skeleton lines={8} />;
  return (
    <section className="xk-card">
      <p className="xk-muted">{t('people-hint')}</p>
      <ul className="xk-access-people">
        {data.people
          .filter(({ disabled }) => !disabled)
          .map((person) => (
            <li key={person.account}>
              <strong>{person.name}</strong>
              <span className="xk-access-roles">
                {person.roles.length === 0 && <span className="xk-muted">{t('no-roles')}</span>}
                {data.roles
                  .filter(({ id }) => person.roles.includes(id))
                  .map((role) => (
                    <Badge key={role.id} tone={role.admin ? 'brand' : 'plain'}>
                      {label(role.label)}
                    </Badge>
                  ))}
                {person.starting && <small className="xk-muted">{t('starting')}</small>}
              </span>
              <span className="xk-access-do">
                {person.account !== account.id && (
                  <Button
                    size="small"
                    icon={<EyeOutlined />}
                    aria-label={t('view-as-name', { name: person.name })}
                    onClick={() => viewAs({ account: person.account, name: person.name })}
                  >
                    {t('view-as')}
                  </Button>
                )}
                <Button
                  size="small"
                  aria-label={t('edit-person', { name: person.name })}
                  onClick={() => setEditing(person)}
                >
                  {words('edit')}
                </Button>
              </span>
            </li>
          ))}
      </ul>
      {editing && <PersonDrawer person={editing} roles={data.roles} onClose={() => setEditing(null)} />}
    </section>
  );
}

function PersonDrawer({ person, roles, onClose }: { person: PersonRoles; roles: RoleView[]; onClose: () => void }) {
  const t = useAccessText();
  const words = useText();
  const label = useLabel();
  const toasts = useToasts();
  const client = useQueryClient();
  const [chosen, setChosen] = useState(person.roles);
  const save = useMutation({
    mutationFn: () => call(api.access.giveRoles, { params: { account: person.account }, body: { roles: chosen } }),
    onSuccess: () => {
      toasts.success(t('saved'));
      void client.invalidateQueries({ queryKey: accessKeys.roles });
      void client.invalidateQueries({ queryKey: keys.accounts });
      onClose();
    },
  });
  return (
    <Drawer
      open
      size={440}
      title={t('person-title', { name: person.name })}
      onClose={onClose}
      footer={
        <div className="xk-access-foot">
          <Button onClick={onClose}>{words('cancel')}</Button>
          <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
            {words('save')}
          </Button>
        </div>
      }
    >
      <fieldset className="xk-form-row">
        <legend>{t('role')}</legend>
        {roles.map((role) => (
          <label key={role.id} className="xk-check xk-access-choice">
            <input
              type="checkbox"
              checked={chosen.includes(role.id)}
              onChange={({ target }) =>
                setChosen(target.checked ? [...chosen, role.id] : chosen.filter((one) => one !== role.id))
              }
            />
            <span>
              {label(role.label)}
              {role.help && <small className="xk-muted">{label(role.help)}</small>}
            </span>
          </label>
        ))}
      </fieldset>
      {save.error && <Alert type="error" showIcon title={sentence(save.error)} />}
    </Drawer>
  );
}
