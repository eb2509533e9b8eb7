import { ArrowDownOutlined, ArrowUpOutlined, EditOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useRulesText } from './rules-texts.ts';

interface Listed {
  id: string;
  name: string;
  off?: boolean | undefined;
}

/** Rules in their order, each as a sentence with its switch. */
export function RuleList<Rule extends Listed>({
  rules,
  ordered,
  editable,
  words,
  below,
  onChange,
  onEdit,
}: {
  rules: Rule[];
  /** The order counts, so it can be changed. */
  ordered: boolean;
  editable: boolean;
  words(rule: Rule): ReactNode;
  below(rule: Rule): string | null;
  onChange(next: Rule[]): void;
  onEdit(rule: Rule): void;
}) {
  const t = useRulesText();
  const move = (at: number, by: 1 | -1) => {
    const next = [...rules];
    const [one] = next.splice(at, 1);
    if (one) next.splice(at + by, 0, one);
    onChange(next);
  };
  return (
    <ol className="xk-rules">
      {rules.map((rule, at) => (
        <li key={rule.id} data-off={rule.off || undefined}>
          <label className="xk-check">
            <input
              type="checkbox"
              aria-label={t('on', { name: rule.name })}
              disabled={!editable}
              checked={!rule.off}
              onChange={({ target }) =>
                onChange(rules.map((one) => (one === rule ? { ...one, off: !target.checked || undefined } : one)))
              }
            />
            <strong>{rule.name}</strong>
          </label>
          {editable && (
            <span className="xk-rules-do">
              {ordered && (
                <>
                  <Button
                    size="small"
                    type="text"
                    icon={<ArrowUpOutlined />}
                    aria-label={t('up', { name: rule.name })}
                    disabled={at === 0}
                    onClick={() => move(at, -1)}
                  />
                  <Button
                    size="small"
                    type="text"
                    icon={<ArrowDownOutlined />}
                    aria-label={t('down', { name: rule.name })}
                    disabled={at === rules.length - 1}
                    onClick={() => move(at, 1)}
                  />
                </>
              )}
              <Button
                size="small"
                type="text"
                icon={<EditOutlined />}
                aria-label={t('edit', { name: rule.name })}
                onClick={() => onEdit(rule)}
              />
            </span>
          )}
          <p>{words(rule)}</p>
          {below(rule) !== null && <p className="xk-muted xk-rules-below">{below(rule)}</p>}
        </li>
      ))}
    </ol>
  );
}
