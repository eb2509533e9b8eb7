import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { useMay, useSession } from '../../api/query.ts';
import { useText } from '../../i18n/core.ts';
import { Badge } from '../../ui/badge.tsx';
import { Failure } from '../../ui/error-boundary.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { type Member, teamKey } from './team-api.ts';
import { useTeamText } from './texts.ts';
import './team.css';

const MemberDrawer = lazy(() => import('./member-drawer.tsx').then((m) => ({ default: m.MemberDrawer })));

/** Who checks what, how long a day, and who is away; administrators change it, and everybody his own days away. */
export function TeamList() {
  const t = useTeamText();
  const words = useText();
  const { account } = useSession();
  const may = useMay('team');
  const { data, error, refetch } = useQuery({
    queryKey: teamKey,
    queryFn: ({ signal }) => call(api.team.list, { signal }),
  });
  const [editing, setEditing] = useState<Member | null>(null);
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  const { people, defaultMinutes } = data;
  return (
    <section className="xk-card">
      <p className="xk-muted">{t('hint')}</p>
      <ul className="xk-team">
        {people.map((person) => (
          <li key={person.account} className={person.disabled ? 'xk-team-off' : undefined}>
            <span className="xk-team-who">
              <strong>{person.name}</strong> <Away person={person} people={people} />
              <small className="xk-muted">
                {person.disabled
                  ? t('disabled')
                  : t(person.dailyMinutes === null ? 'minutes-default' : 'minutes', {
                      n: Math.round(person.dailyMinutes ?? defaultMinutes),
                    })}
              </small>
            </span>
            <span className="xk-team-duties">
              {person.duties.length === 0 ? (
                <span className="xk-muted">{t('no-duties')}</span>
              ) : (
                person.duties.map((duty) => <Badge key={duty}>{t(duty)}</Badge>)
              )}
            </span>
            {(may || account.id === person.account) && (
              <Button size="small" aria-label={t('edit', { name: person.name })} onClick={() => setEditing(person)}>
                {words('edit')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Suspense fallback={null}>
        {editing && (
          <MemberDrawer
            person={editing}
            all={may}
            people={people}
            defaultMinutes={defaultMinutes}
            onClose={() => setEditing(null)}
          />
        )}
      </Suspense>
    </section>
  );
}

function Away({ person, people }: { person: Member; people: Member[] }) {
  const t = useTeamText();
  const [next] = person.absences;
  if (!next || person.disabled) return null;
  const deputy = people.find((one) => one.account === person.deputy)?.name;
  const who = deputy === undefined ? t('deputy-none') : t('deputy', { name: deputy });
  const when = person.away ? t('away-now') : t('away-soon', { from: next.from, to: next.to });
  return <Badge tone={person.away ? 'warn' : 'plain'}>{`${when}${t('comma')}${who}`}</Badge>;
}
