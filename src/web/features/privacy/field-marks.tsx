import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { api } from '../../../contract/api.ts';
import type { FieldMark } from '../../../contract/privacy.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, useCatalog } from '../../api/query.ts';
import { DAY_AND_TIME, useDateFormat } from '../../api/use-date-format.ts';
import { useLabel } from '../../i18n/core.ts';
import { formatShare } from '../../i18n/phrase.ts';
import { Card } from '../../ui/page.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { privacyKeys } from './privacy-api.ts';
import { usePrivacyText } from './texts/texts.ts';

/** Fields that look personal by their content: one tap marks them. */
export function FieldMarks({ onLook, looking }: { onLook(): void; looking: boolean }) {
  const t = usePrivacyText();
  const label = useLabel();
  const toasts = useToasts();
  const client = useQueryClient();
  const at = useDateFormat(DAY_AND_TIME);
  const { objects } = useCatalog();
  const { data } = useQuery({
    queryKey: [...privacyKeys.all, 'marks'],
    queryFn: ({ signal }) => call(api.privacy.marks, { signal }),
  });
  const answer = useMutation({
    mutationFn: ({ mark, accept }: { mark: FieldMark; accept: boolean }) =>
      call(api.privacy.answerMark, { params: { object: mark.object, field: mark.field }, body: { accept } }),
    onSuccess: (_, { accept }) => {
      if (accept) toasts.success(t('marked'));
      void client.invalidateQueries({ queryKey: privacyKeys.all });
      void client.invalidateQueries({ queryKey: keys.catalog });
    },
    onError: (problem) => toasts.error(sentence(problem)),
  });
  const marks = data?.marks ?? [];
  return (
    <Card
      title={<span id="xk-marks">{t('marks')}</span>}
      extra={
        <Button size="small" loading={looking} onClick={onLook}>
          {t('look')}
        </Button>
      }
    >
      <p className="xk-muted xk-privacy-hint">
        {t('marks-hint')}{' '}
        {data?.lookedAt ? t('marks-at', { at: at.format(new Date(data.lookedAt)) }) : t('marks-never')}
      </p>
      {data && marks.length === 0 && data.lookedAt !== null && <p>{t('marks-none')}</p>}
      <ul className="xk-privacy-list">
        {marks.map((mark) => (
          <li key={`${mark.object}.${mark.field}`}>
            <span className="xk-privacy-what">
              <strong>{label(mark.label)}</strong>{' '}
              <span className="xk-muted">
                {label(objects.find((one) => one.name === mark.object)?.label)} · {t(`kind-${mark.kind}`)}
                {mark.looked > 0 && ` · ${t('mark-share', { share: formatShare(mark.share), n: mark.looked })}`}
              </span>
            </span>
            <span className="xk-privacy-do">
              <Button
                size="small"
                type="primary"
                disabled={answer.isPending}
                onClick={() => answer.mutate({ mark, accept: true })}
              >
                {t('mark-as', { mark: t(mark.sensitivity).toLowerCase() })}
              </Button>
              <Button size="small" disabled={answer.isPending} onClick={() => answer.mutate({ mark, accept: false })}>
                {t('decline')}
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
