import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { api } from '../../../contract/api.ts';
import type { ReviewRulesInput } from '../../../contract/review.ts';
import { call } from '../../api/client.ts';
import { useSession } from '../../api/query.ts';
import { formatMoment } from '../../fields/format.ts';
import { Skeleton } from '../../ui/page.tsx';
import { rulesKey } from './review-api.ts';
import { useRulesText } from './rules-texts.ts';

/** Who changed the rules when and why; any version can be brought back into the draft. */
export function RuleVersions({
  inForce,
  editable,
  onRestore,
}: {
  inForce: number;
  editable: boolean;
  onRestore(rules: ReviewRulesInput, version: number): void;
}) {
  const t = useRulesText();
  const { workspace } = useSession();
  const { data } = useQuery({
    queryKey: [...rulesKey, 'versions', inForce],
    queryFn: ({ signal }) => call(api.review.versions, { signal }),
  });
  if (!data) return <Skeleton lines={2} />;
  if (data.versions.length === 0) return <p className="xk-muted">{t('versions-none')}</p>;
  return (
    <ol className="xk-rules">
      {data.versions.map(({ version, at, authorName, reason, rules }) => (
        <li key={version}>
          <span>{t('version-line', { n: version, who: authorName, at: formatMoment(at, workspace.timeZone) })}</span>
          {editable && version !== inForce && (
            <span className="xk-rules-do">
              <Button size="small" onClick={() => onRestore(rules, version)}>
                {t('restore')}
              </Button>
            </span>
          )}
          <p className="xk-muted">
            {[
              t('version-rules', { decide: rules.decide.length, hold: rules.hold.length }),
              ...(reason ? [reason] : []),
            ].join(' · ')}
          </p>
        </li>
      ))}
    </ol>
  );
}
