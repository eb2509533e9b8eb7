import { useMutation, useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useSession } from '../../api/query.ts';
import { Skeleton } from '../../ui/page.tsx';
import { ScopeList } from './scope-list.tsx';
import { useAppsText } from './texts.ts';

/** What an app asks for, in plain words, and the person's yes or no. `asked`: the parameters of the request. */
export function Consent({ asked, onHome }: { asked: string; onHome: () => void }) {
  const t = useAppsText();
  const { account } = useSession();
  const { data, error } = useQuery({
    queryKey: ['consent', asked],
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: ({ signal }) => call(api.apps.request, { body: { asked }, signal }),
  });
  const decide = useMutation({
    mutationFn: (allow: boolean) => call(api.apps.decide, { body: { asked, allow } }),
    // Not a route of ours: back to the app.
    onSuccess: ({ redirect }) => location.assign(redirect),
  });
  if (error)
    return (
      <>
        <h1>{t('consent-unknown')}</h1>
        <p>{sentence(error)}</p>
        <Button onClick={onHome}>{t('go-home')}</Button>
      </>
    );
  if (!data) return <Skeleton title lines={6} />;
  const { app, wrong } = data;
  if (wrong)
    return (
      <>
        <h1>{t('consent-wrong')}</h1>
        <p>{t('consent-wrong-hint')}</p>
        <pre className="xk-consent-wrong">
          {app.name}
          {'\n'}
          {wrong.error}: {wrong.why}
        </pre>
        <Button href={wrong.redirect}>{t('go-back')}</Button>
      </>
    );
  const going = decide.isPending || decide.isSuccess;
  return (
    <>
      <h1>{t('consent-title', { name: app.name })}</h1>
      <p>{t('consent-as', { name: account.name, email: account.email })}</p>
      {app.about && <p className="xk-consent-about">{app.about}</p>}
      <section className="xk-card xk-consent">
        <h2>{t('consent-may')}</h2>
        <p>{t('consent-you')}</p>
        <ScopeList scopes={data.scopes} />
        <p className="xk-muted">{t('consent-limit')}</p>
      </section>
      {decide.error && <Alert type="error" showIcon title={sentence(decide.error)} />}
      <div className="xk-consent-do">
        <Button type="primary" size="large" loading={going && decide.variables} onClick={() => decide.mutate(true)}>
          {t('allow')}
        </Button>
        <Button size="large" disabled={going} onClick={() => decide.mutate(false)}>
          {t('deny')}
        </Button>
      </div>
      <p className="xk-consent-goes">
        {t('consent-goes', { address: data.returnsTo })}
        {app.homeUrl && (
          <>
            {' · '}
            <a href={app.homeUrl} target="_blank" rel="noreferrer">
              {t('consent-site')}
            </a>
          </>
        )}
      </p>
    </>
  );
}
