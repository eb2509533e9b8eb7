import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { api } from '../../../contract/api.ts';
import type { FieldDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys, useMay } from '../../api/query.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { useDesignerText } from './texts.ts';

/** Where a field looks personal by its content and is not marked so: one tap marks it. */
export function MarkHint({ field }: { field: FieldDef }) {
  const t = useDesignerText();
  const toasts = useToasts();
  const client = useQueryClient();
  const may = useMay('privacy');
  const { data } = useQuery({
    queryKey: ['privacy', 'marks'],
    queryFn: ({ signal }) => call(api.privacy.marks, { signal }),
    enabled: may,
  });
  const mark = data?.marks.find((one) => one.object === field.object && one.field === field.name);
  const accept = useMutation({
    mutationFn: () =>
      call(api.privacy.answerMark, { params: { object: field.object, field: field.name }, body: { accept: true } }),
    onSuccess: () => {
      toasts.success(t('mark-done'));
      void client.invalidateQueries({ queryKey: ['privacy'] });
      void client.invalidateQueries({ queryKey: keys.catalog });
    },
    onError: (problem) => toasts.error(sentence(problem)),
  });
  if (!mark) return null;
  return (
    <Button size="small" className="xk-mark-hint" loading={accept.isPending} onClick={() => accept.mutate()}>
      {t(`looks-${mark.sensitivity}`)}
    </Button>
  );
}
