import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Modal } from 'antd';
import { api } from '../../../contract/api.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { Failure } from '../../ui/error-boundary.tsx';
import { Skeleton } from '../../ui/page.tsx';
import type { Finding, Scan } from './findings.ts';
import { useScanText } from './texts.ts';

/** The records behind a figure, each a step away. */
export function FoundRecords({
  object,
  scan,
  finding,
  title,
  onClose,
}: {
  object: ObjectDef;
  scan: Scan;
  finding: Finding;
  title: string;
  onClose(): void;
}) {
  const t = useScanText();
  const { data, error, refetch } = useQuery({
    queryKey: ['scans', object.name, scan.id, finding.kind],
    queryFn: async ({ signal }) =>
      (await call(api.scans.items, { params: { id: scan.id }, query: { kind: finding.kind }, signal })).items,
  });
  return (
    <Modal open title={title} footer={null} onCancel={onClose}>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={5} />}
      {data?.length === 0 && <p>{t('items-none')}</p>}
      {data && data.length > 0 && (
        <ul className="xk-scan-items">
          {data.map(({ record, title: name }) => (
            <li key={record}>
              <Link to="/o/$object/$id" params={{ object: object.name, id: record }}>
                {name || t('no-title')}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {data && data.length < finding.count && data.length > 0 && (
        <p className="xk-muted">{t('items-more', { n: data.length })}</p>
      )}
    </Modal>
  );
}
