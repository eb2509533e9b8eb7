import { useNavigate, useParams } from '@tanstack/react-router';
import { DropZone } from '../features/imports/drop-zone.tsx';
import { ImportList } from '../features/imports/import-list.tsx';
import { ImportWizard } from '../features/imports/import-wizard.tsx';
import { sampleFile } from '../features/imports/sample-files.ts';
import { useImportText } from '../features/imports/texts.ts';
import { useUpload } from '../features/imports/use-upload.ts';
import { useLang } from '../i18n/core.ts';
import { Page, PageHeader } from '../ui/page.tsx';

/** `/import`: a new file and what was imported before. `/import/:id`: one import at the step where it stands. */
export function ImportScreen() {
  const { id } = useParams({ strict: false });
  return <Page>{id ? <ImportWizard key={id} id={id} /> : <NewImport />}</Page>;
}

function NewImport() {
  const t = useImportText();
  const lang = useLang();
  const navigate = useNavigate();
  const { busy, send } = useUpload('customer', (id) => void navigate({ to: '/import/$id', params: { id } }));
  return (
    <>
      <PageHeader
        title={t('title')}
        hint={t('hint')}
        actions={
          <a className="xk-link-button xk-link-small" href={sampleFile(lang)} download>
            {t('sample')}
          </a>
        }
      />
      <DropZone busy={busy} onFile={(file) => void send(file)} />
      <ImportList />
    </>
  );
}
