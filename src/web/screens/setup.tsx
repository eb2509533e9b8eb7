import { useQuery } from '@tanstack/react-query';
import { Navigate, useNavigate, useSearch } from '@tanstack/react-router';
import { Button } from 'antd';
import { sessionQuery, setupQuery } from '../api/query.ts';
import { DropZone } from '../features/imports/drop-zone.tsx';
import { demoFile, sampleFile } from '../features/imports/sample-files.ts';
import { useUpload } from '../features/imports/use-upload.ts';
import { PresetCards } from '../features/policies/preset-cards.tsx';
import { SetupForm } from '../features/start/setup-form.tsx';
import { Promises, StartFrame, type StartStep, StartSteps } from '../features/start/start-frame.tsx';
import { useStartText } from '../features/start/texts.ts';
import { useLang, useText } from '../i18n/core.ts';
import { Skeleton } from '../ui/page.tsx';

/** From nothing to the first file: account → scenario → file. Every step but the first can be skipped and repeated. */
export function SetupScreen() {
  const { step } = useSearch({ from: '/setup' });
  const navigate = useNavigate();
  const { data: setup } = useQuery(setupQuery);
  const session = useQuery({ ...sessionQuery, enabled: setup?.needed === false });
  const go = (next: StartStep) => void navigate({ to: '/setup', search: next === 'account' ? {} : { step: next } });
  const at: StartStep = setup?.needed ? 'account' : (step ?? 'scenario');
  if (setup && !setup.needed && session.isError) return <Navigate to="/sign-in" />;
  return (
    <StartFrame wide={at !== 'account'}>
      {!setup || (at !== 'account' && !session.data) ? (
        <Skeleton title lines={8} />
      ) : at === 'account' ? (
        <AccountStep onDone={() => go('scenario')} />
      ) : at === 'scenario' ? (
        <ScenarioStep onDone={() => go('file')} />
      ) : (
        <FileStep onBack={() => go('scenario')} />
      )}
    </StartFrame>
  );
}

function AccountStep({ onDone }: { onDone: () => void }) {
  const t = useStartText();
  return (
    <div className="xk-start-two">
      <div>
        <h1>{t('setup-title')}</h1>
        <p>{t('setup-hint')}</p>
        <SetupForm onDone={onDone} />
      </div>
      <Promises />
    </div>
  );
}

function ScenarioStep({ onDone }: { onDone: () => void }) {
  const t = useStartText();
  return (
    <>
      <StartSteps current="scenario" />
      <h1>{t('scenario-title')}</h1>
      <p>{t('scenario-hint')}</p>
      <PresetCards onApplied={onDone} />
      <div className="xk-start-foot">
        <Button onClick={onDone}>{t('skip-now')}</Button>
      </div>
    </>
  );
}

function FileStep({ onBack }: { onBack: () => void }) {
  const t = useStartText();
  const words = useText();
  const lang = useLang();
  const navigate = useNavigate();
  const { busy, send } = useUpload('customer', (id) => void navigate({ to: '/import/$id', params: { id } }));
  return (
    <>
      <StartSteps current="file" />
      <h1>{t('file-title')}</h1>
      <p>{t('file-hint')}</p>
      <DropZone busy={busy} onFile={(file) => void send(file)} />
      <div className="xk-start-foot">
        <div>
          <Button disabled={busy !== null} onClick={() => void demoFile(t('demo-name')).then(send)}>
            {t('use-demo')}
          </Button>
          <span className="xk-muted">{t('demo-hint')}</span>
        </div>
        <div>
          <a className="xk-link-button xk-link-small" href={sampleFile(lang)} download>
            {t('sample')}
          </a>
          <Button type="text" onClick={onBack}>
            {words('back')}
          </Button>
          <Button type="text" onClick={() => void navigate({ to: '/today' })}>
            {t('skip-now')}
          </Button>
        </div>
      </div>
    </>
  );
}
