import { CopyOutlined, DeleteOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { RoleView } from '../../../contract/access.ts';
import { api } from '../../../contract/api.ts';
import { ACT_NAMES } from '../../../domain/access/explain.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel, useLang, useText } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { accessKeys, useRoles } from './access-api.ts';
import { countModes, rowWords } from './role-words.ts';
import { useAccessText } from './texts.ts';
import '../../ui/plain.css';
import './access.css';

const RoleObjectDrawer = lazy(async () => ({ default: (await import('./role-object-drawer.tsx')).RoleObjectDrawer }));
const RoleDrawer = lazy(async () => ({ default: (await import('./role-drawer.tsx')).RoleDrawer }));

/** Roles × objects: which rows, what may be done, how many fields are seen how. A cell opens what it says. */
export function RoleMatrix() {
  const t = useAccessText();
  const label = useLabel();
  const { data, error, refetch } = useRoles();
  const objects = useCatalog().objects.filter((object) => !object.retired);
  const [editing, setEditing] = useState<{ role: string; object: string } | null>(null);
  const [naming, setNaming] = useState<string | null>(null);
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton title lines={14} />;
  const roleOf = (id: string | undefined) => data.roles.find((role) => role.id === id);
  const edited = roleOf(editing?.role);
  const named = roleOf(naming ?? undefined);
  return (
    <section className="xk-card">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled by keyboard */}
      <section className="xk-scroll xk-matrix" tabIndex={0} aria-label={t('roles')}>
        <table className="xk-plain-table">
          <thead>
            <tr>
              <th scope="col">{t('role')}</th>
              {objects.map((object) => (
                <th key={object.name} scope="col">
                  {label(object.label)}
                </th>
              ))}
              <th scope="col">{t('others')}</th>
              <th scope="col">{t('acts-column')}</th>
            </tr>
          </thead>
          <tbody>
            {data.roles.map((role) => (
              <tr key={role.id}>
                <RoleHead role={role} roles={data.roles} />
                {role.admin ? (
                  <td colSpan={objects.length + 2}>{t('everything')}</td>
                ) : (
                  <>
                    {[...objects, null].map((object) => (
                      <td key={object?.name ?? '*'}>
                        <Cell
                          role={role}
                          object={object}
                          onEdit={(name) => setEditing({ role: role.id, object: name })}
                        />
                      </td>
                    ))}
                    <td>
                      <button type="button" className="xk-matrix-cell" onClick={() => setNaming(role.id)}>
                        <span className="xk-visually-hidden">{t('edit-acts', { role: label(role.label) })}</span>
                        {role.acts.length === 0
                          ? t('nothing')
                          : role.acts.map((act) => label(ACT_NAMES[act])).join(' · ')}
                      </button>
                    </td>
                  </>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Suspense fallback={null}>
        {edited && editing && (
          <RoleObjectDrawer
            role={edited}
            object={editing.object}
            people={data.people}
            onClose={() => setEditing(null)}
          />
        )}
        {named && <RoleDrawer role={named} onClose={() => setNaming(null)} />}
      </Suspense>
    </section>
  );
}

function RoleHead({ role, roles }: { role: RoleView; roles: RoleView[] }) {
  const t = useAccessText();
  const words = useText();
  const label = useLabel();
  const toasts = useToasts();
  const client = useQueryClient();
  const { modal } = App.useApp();
  const name = label(role.label);
  const shared = {
    onError: (error: unknown) => toasts.error(sentence(error)),
    onSettled: () => client.invalidateQueries({ queryKey: accessKeys.roles }),
  };
  const copy = useMutation({
    mutationFn: () => {
      let n = 2;
      while (roles.some(({ id }) => id === `${role.id}-${n}`)) n += 1;
      const copied = { zh: `${role.label.zh}（副本）`, en: `${role.label.en} (copy)` };
      const { objects, acts } = role;
      return call(api.access.saveRole, { params: { id: `${role.id}-${n}` }, body: { label: copied, objects, acts } });
    },
    onSuccess: () => toasts.success(t('copied', { name: t('copy-name', { name }) })),
    ...shared,
  });
  const remove = useMutation({
    mutationFn: () => call(api.access.deleteRole, { params: { id: role.id } }),
    onSuccess: () => toasts.success(t('removed', { name })),
    ...shared,
  });
  return (
    <th scope="row" className="xk-matrix-role">
      <strong>{name}</strong>
      {role.starting && <Badge tone="brand">{t('starting')}</Badge>}
      <small className="xk-muted">{t('holders', { n: role.holders })}</small>
      {role.help && <small className="xk-muted">{label(role.help)}</small>}
      {!role.admin && (
        <span className="xk-matrix-do">
          <Button
            size="small"
            type="text"
            icon={<CopyOutlined />}
            aria-label={t('copy', { name })}
            onClick={() => copy.mutate()}
          >
            {t('copy-short')}
          </Button>
          {!role.starting && role.holders === 0 && (
            <Button
              size="small"
              type="text"
              icon={<DeleteOutlined />}
              aria-label={t('remove', { name })}
              onClick={() =>
                modal.confirm({
                  title: t('remove', { name }),
                  okText: t('remove-short'),
                  okButtonProps: { danger: true },
                  cancelText: words('cancel'),
                  onOk: () => remove.mutateAsync().catch(() => undefined),
                })
              }
            >
              {t('remove-short')}
            </Button>
          )}
        </span>
      )}
    </th>
  );
}

const SHOWN = ['edit', 'read', 'partly', 'hidden'] as const;

/** What a role says of an object; of `null`, of all that are not named. */
function Cell({ role, object, onEdit }: { role: RoleView; object: ObjectDef | null; onEdit: (name: string) => void }) {
  const t = useAccessText();
  const label = useLabel();
  const comma = useLang() === 'zh' ? '、' : ', ';
  const own = object ? role.objects[object.name] : undefined;
  const said = own ?? role.objects['*'];
  const of = object ? label(object.label) : t('others');
  const rows = said ? rowWords(said, label, comma) : '';
  const counts = said && object ? countModes(said, object) : null;
  const modes = SHOWN.flatMap((mode) => (counts?.[mode] ? t(`fields-${mode}`, { n: counts[mode] }) : [])).join(' · ');
  return (
    <button type="button" className="xk-matrix-cell" onClick={() => onEdit(object?.name ?? '*')}>
      <span className="xk-visually-hidden">{t('edit', { role: label(role.label), object: of })}</span>
      {!said ? (
        <span className="xk-muted">{t('nothing')}</span>
      ) : (
        <>
          <strong>{rows || t('no-rows')}</strong>
          {object && <small>{modes}</small>}
          {object && !own && <small className="xk-muted">{t('as-others')}</small>}
        </>
      )}
    </button>
  );
}
