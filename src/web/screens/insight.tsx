import { PlusOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { ReportBoard } from '../features/insight/report-board.tsx';
import { useInsightText } from '../features/insight/texts.ts';
import { Page, PageHeader } from '../ui/page.tsx';

/** The board of reports. */
export function InsightScreen() {
  const t = useInsightText();
  return (
    <Page width="wide">
      <PageHeader
        title={t('title')}
        hint={t('hint')}
        actions={
          <Link to="/insight/$id" params={{ id: 'new' }} className="xk-link-button">
            <PlusOutlined aria-hidden="true" /> {t('new')}
          </Link>
        }
      />
      <ReportBoard />
    </Page>
  );
}
