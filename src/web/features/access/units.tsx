import { PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { Units as UnitsView } from '../../../contract/access.ts';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { useAccounts, useSession } from '../../api/query.ts';
import { useText } from '../../i18n/core.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Card, Skeleton } from '../../ui/page.tsx';
import { accessKeys } from './access-api.ts';
import type { UnitDraft } from './unit-draft.ts';
import { useUnitText } from './unit-texts.ts';
import './access.css';

const UnitDrawer = lazy(async () => ({ default: (await import('./unit-drawer.tsx')).UnitDrawer }));

/** Departments as a tree, teams, territories; administrators change them. */
export function Units() {
  const t = useUnitText();
  const words = useText();
  const admin = useSession().account.role === 'admin';
  const accounts = useAccounts();
  const { data, error, refetch } = useQuery({
    queryKey: accessKeys.units,
    queryFn: ({ signal }) => call(api.access.units, { signal }),
  });
  const [editing, setEditing] = useState<UnitDraft | null>(null);
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton title lines={8} />;
  const nameOf = (id: string | null) => accounts.find((one) => one.id === id)?.name;
  const line = (draft: UnitDraft, more: ReactNode) => (
    <div className="xk-unit-line">
      <span>
        <strong>{draft.name}</strong> <small className="xk-muted">{more}</small>
      </span>
      {admin && (
        <Button
          size="small"
          aria-label={t('edit', { what: t(draft.kind), name: draft.name })}
          onClick={() => setEditing(draft)}
        >
          {words('edit')}
        </Button>
      )}
    </div>
  );
  const departmentOf = (one: UnitsView['departments'][number]): UnitDraft => ({ ...BLANK, ...one, kind: 'department' });
  const below = (parent: string | null): ReactNode => {
    const these = data.departments.filter((one) => one.parent === parent);
    return these.length === 0 ? null : (
      <ul>
        {these.map((one) => (
          <li key={one.id}>
            {line(
              departmentOf(one),
              [
                t('people', { n: one.accounts.length }),
                one.manager && t('manager', { name: nameOf(one.manager) ?? '' }),
              ]
                .filter(Boolean)
                .join(' · '),
            )}
            {below(one.id)}
          </li>
        ))}
      </ul>
    );
  };
  const members = (ids: string[]) => ids.flatMap((id) => nameOf(id) ?? []).join(' · ');
  const part = (kind: UnitDraft['kind'], empty: boolean, children: ReactNode) => (
    <Card
      title={t(`${kind === 'territory' ? 'territorie' : kind}s`)}
      extra={
        admin && (
          <Button icon={<PlusOutlined />} onClick={() => setEditing({ ...BLANK, kind })}>
            {t(`${kind}-new`)}
          </Button>
        )
      }
    >
      <p className="xk-muted">{t(`${kind}-hint`)}</p>
      {empty ? <p>{t('none', { what: t(kind) })}</p> : children}
    </Card>
  );
  return (
    <>
      {part('department', data.departments.length === 0, <div className="xk-unit-tree">{below(null)}</div>)}
      {part(
        'team',
        data.teams.length === 0,
        <ul className="xk-unit-tree">
          {data.teams.map((one) => (
            <li key={one.id}>{line({ ...BLANK, ...one, kind: 'team' }, members(one.accounts))}</li>
          ))}
        </ul>,
      )}
      {part(
        'territory',
        data.territories.length === 0,
        <ul className="xk-unit-tree">
          {data.territories.map((one) => (
            <li key={one.id}>{line({ ...BLANK, ...one, kind: 'territory' }, members(one.accounts))}</li>
          ))}
        </ul>,
      )}
      <Suspense fallback={null}>
        {editing && <UnitDrawer unit={editing} departments={data.departments} onClose={() => setEditing(null)} />}
      </Suspense>
    </>
  );
}

const BLANK: Omit<UnitDraft, 'kind'> = {
  id: null,
  name: '',
  accounts: [],
  parent: null,
  manager: null,
  object: 'customer',
  field: 'region',
  values: [],
};
