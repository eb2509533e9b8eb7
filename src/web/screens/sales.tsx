import { stageField } from '../../domain/schema/stages.ts';
import { useObject } from '../api/query.ts';
import { SalesPage } from '../features/sales/sales-page.tsx';
import { useSalesText } from '../features/sales/texts.ts';
import { EmptyState, Page, PageHeader } from '../ui/page.tsx';

/** Funnel and forecast of opportunities. */
export function SalesScreen() {
  const t = useSalesText();
  const object = useObject('opportunity');
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      {object && stageField(object) ? <SalesPage object={object} /> : <EmptyState title={t('read-hidden')} />}
    </Page>
  );
}
