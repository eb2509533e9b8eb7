import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { keys, useCatalog } from '../../api/query.ts';
import { useFormatEnv } from '../../fields/sources.ts';
import { defineTexts, useLabel } from '../../i18n/core.ts';
import { withoutScore } from './queue-model.ts';
import { typedSoFar } from './typed-so-far.ts';
import './duplicates.css';

const useHintText = defineTexts(
  'duplicate-hint',
  {
    maybe: '可能已存在',
    owner: '负责人 {name}',
    open: '打开',
    'open-of': '在新标签页打开“{title}”',
    'go-on': '不是同一个，继续新建',
    refused: '按规则“{rule}”不能重复保存',
    'by-rule': '规则“{rule}”',
    'new-tab': '（新标签页）',
  },
  {
    maybe: 'May exist already',
    owner: 'owner {name}',
    open: 'Open',
    'open-of': 'Open “{title}” in a new tab',
    'go-on': 'Not the same, go on',
    refused: 'by the rule “{rule}” it can’t be saved twice',
    'by-rule': 'rule “{rule}”',
    'new-tab': '(new tab)',
  },
);

/** Milliseconds of rest before it is asked: above the pace of typing. */
const REST_MS = 350;

/**
 * While a record is typed in: whom it may be. The form hands over what is typed, never during a composition (IME). It says so politely, opens the
 * other in a new tab so that nothing typed is lost, and is quiet about those that were said to be another.
 */
export function TypingHint({ object, values }: { object: ObjectDef; values: Record<string, FieldValue> }) {
  const t = useHintText();
  const label = useLabel();
  const env = useFormatEnv([]);
  const { objects } = useCatalog();
  const nameOf = (name: string) => label(objects.find((one) => one.name === name)?.label);
  const told = JSON.stringify(typedSoFar(object, values));
  const [asked, setAsked] = useState('{}');
  const [apart, setApart] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const timer = setTimeout(() => setAsked(told), REST_MS);
    return () => clearTimeout(timer);
  }, [told]);
  const { data } = useQuery({
    queryKey: [...keys.duplicates, object.name, 'hint', asked],
    enabled: asked !== '{}',
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    queryFn: async ({ signal }) =>
      (
        await call(api.duplicates.hint, {
          body: { object: object.name, values: JSON.parse(asked) as Record<string, unknown> },
          signal,
        })
      ).matches,
  });
  const matches = (asked === '{}' ? [] : (data ?? [])).filter(({ id }) => !apart.has(id)).slice(0, 3);
  return (
    <div className="xk-typing-hint" aria-live="polite">
      {matches.length > 0 && (
        <div className="xk-typing-hint-box">
          <strong>{t('maybe')}</strong>
          <ul>
            {matches.map((match) => (
              <li key={match.id}>
                <span className="xk-merge-value">
                  <span>{match.title}</span>
                  <small className="xk-muted">
                    {[
                      ...(match.object === object.name ? [] : [nameOf(match.object)]),
                      ...(match.rule ? [t(match.rule.refuses ? 'refused' : 'by-rule', { rule: match.rule.name })] : []),
                      ...match.reasons
                        .filter(({ total }) => total > 0)
                        .slice(0, 2)
                        .map(({ sentence }) => withoutScore(label(sentence))),
                      ...(match.owner ? [t('owner', { name: env.title(match.owner) ?? '…' })] : []),
                    ].join(' · ')}
                  </small>
                </span>
                <Link
                  to="/o/$object/$id"
                  params={{ object: match.object, id: match.id }}
                  target="_blank"
                  aria-label={t('open-of', { title: match.title })}
                >
                  {t('open')}
                </Link>
              </li>
            ))}
          </ul>
          <Button
            size="small"
            type="link"
            onClick={() => setApart((old) => new Set([...old, ...matches.map(({ id }) => id)]))}
          >
            {t('go-on')}
          </Button>
        </div>
      )}
    </div>
  );
}
