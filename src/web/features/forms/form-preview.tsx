import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { useLang } from '../../i18n/core.ts';
import { Skeleton } from '../../ui/page.tsx';
import { type Design, formKeys } from './forms-api.ts';
import { useFormsText } from './texts.ts';

const CALM_MS = 400;

/** The page as the server would show it, a moment after the last change; conditions work in it, sending does not. */
export function FormPreview({ design, onProblems }: { design: Design; onProblems(problems: string[]): void }) {
  const t = useFormsText();
  const lang = useLang();
  const [calm, setCalm] = useState(design);
  useEffect(() => {
    const timer = setTimeout(() => setCalm(design), CALM_MS);
    return () => clearTimeout(timer);
  }, [design]);
  const { data } = useQuery({
    queryKey: formKeys.preview(calm, lang),
    queryFn: ({ signal }) => call(api.forms.preview, { body: { design: calm, lang }, signal }),
    placeholderData: (old) => old,
    retry: false,
  });
  const problems = data?.problems;
  useEffect(() => {
    if (problems) onProblems(problems);
  }, [problems, onProblems]);
  if (!data) return <Skeleton lines={8} />;
  return (
    <iframe
      className="xk-form-preview"
      title={t('preview-of')}
      sandbox="allow-scripts allow-same-origin"
      srcDoc={data.html}
    />
  );
}
