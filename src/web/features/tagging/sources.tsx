import { Button } from 'antd';
import { useState } from 'react';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Card } from '../../ui/page.tsx';
import { useTaggingText } from './texts.ts';

interface Source {
  object: string;
  of: string | null;
  fields: string[];
}

/** Which texts are read: those of customers, and of what belongs to one. */
export function Sources({
  chosen,
  readable,
  saving,
  onSave,
}: {
  chosen: Source[];
  readable: Source[];
  saving: boolean;
  onSave(sources: Source[]): void;
}) {
  const t = useTaggingText();
  const label = useLabel();
  const { objects } = useCatalog();
  const [draft, setDraft] = useState<Source[] | null>(null);
  const now = draft ?? chosen;
  const fieldsOf = ({ object, of }: Source) => now.find((one) => one.object === object && one.of === of)?.fields ?? [];
  const toggle = (source: Source, field: string, on: boolean) => {
    const fields = on ? [...fieldsOf(source), field] : fieldsOf(source).filter((one) => one !== field);
    const others = now.filter(({ object, of }) => object !== source.object || of !== source.of);
    setDraft(fields.length > 0 ? [...others, { ...source, fields }] : others);
  };
  return (
    <Card
      title={t('sources')}
      extra={
        draft && (
          <Button type="primary" size="small" loading={saving} onClick={() => onSave(draft)}>
            {t('save')}
          </Button>
        )
      }
    >
      <p className="xk-muted">{t('sources-hint')}</p>
      <p>{now.map(({ object, of, fields }) => wordsOf(objects, label, { object, of, fields })).join(t('list-gap'))}</p>
      <details>
        <summary>{t('sources-change')}</summary>
        <div className="xk-tagging-sources">
          {readable.map((source) => {
            const object = objects.find(({ name }) => name === source.object);
            return (
              <fieldset key={`${source.object} ${source.of}`}>
                <legend>{label(object?.label)}</legend>
                {source.fields.map((field) => (
                  <label key={field} className="xk-check">
                    <input
                      type="checkbox"
                      checked={fieldsOf(source).includes(field)}
                      onChange={({ target }) => toggle(source, field, target.checked)}
                    />
                    {label(object?.fields.find(({ name }) => name === field)?.label) || field}
                  </label>
                ))}
              </fieldset>
            );
          })}
        </div>
      </details>
    </Card>
  );
}

/** 跟进记录（跟进内容、下一步） */
function wordsOf(objects: readonly ObjectDef[], label: ReturnType<typeof useLabel>, source: Source): string {
  const object = objects.find(({ name }) => name === source.object);
  const fields = source.fields.map((field) => label(object?.fields.find(({ name }) => name === field)?.label) || field);
  return `${label(object?.label) || source.object} (${fields.join(' / ')})`;
}
