import { PrinterOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { useSession } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Skeleton, useDocumentTitle } from '../../ui/page.tsx';
import { FormCode } from './form-share.tsx';
import { formKeys } from './forms-api.ts';
import { useFormsText } from './texts.ts';
import './forms.css';

/** A sheet of paper with the form's QR code. */
export function FormPoster({ id }: { id: string }) {
  const t = useFormsText();
  const label = useLabel();
  const { workspace } = useSession();
  const { data, error, refetch } = useQuery({
    queryKey: formKeys.one(id),
    queryFn: ({ signal }) => call(api.forms.get, { params: { id }, signal }),
  });
  useDocumentTitle(data?.design.name);
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  const { title, intro } = data.design;
  return (
    <main className="xk-poster">
      <Button className="xk-poster-print" type="primary" icon={<PrinterOutlined />} onClick={() => window.print()}>
        {t('print')}
      </Button>
      <p className="xk-poster-firm">{workspace.name}</p>
      <h1>{label(title)}</h1>
      {label(intro).trim() !== '' && <p className="xk-poster-intro">{label(intro)}</p>}
      <FormCode form={data} size={320} />
      <p>{t('scan')}</p>
      <code>{data.url}</code>
    </main>
  );
}
