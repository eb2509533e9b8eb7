import { PlusOutlined, SettingOutlined } from '@ant-design/icons';
import { Alert, Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { useCatalog, useMay } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { useDesigner, useFilling } from './designer-api.ts';
import { FieldList } from './field-list.tsx';
import type { ConditionEditor } from './rollup-setting.tsx';
import { useDesignerText } from './texts.ts';
import './designer.css';

const FieldDrawer = lazy(async () => ({ default: (await import('./field-drawer.tsx')).FieldDrawer }));
const ObjectDrawer = lazy(async () => ({ default: (await import('./object-drawer.tsx')).ObjectDrawer }));

/** Objects at the left, the fields of one at the right. Zero code, while the system runs. */
export function Designer({
  selected,
  conditions,
  onSelect,
}: {
  selected: string;
  /** Edits which records count in a roll-up. */
  conditions: ConditionEditor;
  onSelect: (object: string) => void;
}) {
  const t = useDesignerText();
  const label = useLabel();
  const toasts = useToasts();
  const may = useMay('fields');
  const objects = [...useCatalog().objects].sort((a, b) => a.position - b.position);
  const designer = useDesigner();
  const filling = useFilling(may);
  const [editing, setEditing] = useState<FieldDef | 'new' | null>(null);
  const [objectDrawer, setObjectDrawer] = useState<ObjectDef | 'new' | null>(null);
  const object = objects.find((one) => one.name === selected) ?? objects[0];
  if (!may) return <Alert type="info" showIcon title={t('admin-only')} />;
  if (!object) return null;
  return (
    <div className="xk-designer">
      <nav aria-label={t('objects')}>
        <ul>
          {objects.map((one) => (
            <li key={one.name}>
              <button
                type="button"
                aria-current={one.name === object.name ? 'true' : undefined}
                className={one.retired ? 'xk-object-retired' : undefined}
                onClick={() => onSelect(one.name)}
              >
                <strong>{label(one.label)}</strong>
                <span className="xk-muted">
                  {one.retired
                    ? t('object-retired')
                    : t('object-fields', { n: one.fields.filter((field) => !field.retired).length })}
                </span>
              </button>
            </li>
          ))}
        </ul>
        <Button block type="dashed" icon={<PlusOutlined />} onClick={() => setObjectDrawer('new')}>
          {t('new-object')}
        </Button>
      </nav>
      <div>
        <div className="xk-designer-actions">
          {object.retired ? (
            <Button
              onClick={() => designer.updateObject.mutate({ object: object.name, body: { retired: false } })}
              loading={designer.updateObject.isPending}
            >
              {t('bring-back')}
            </Button>
          ) : (
            <>
              <Button icon={<SettingOutlined />} onClick={() => setObjectDrawer(object)}>
                {t('edit-object')}
              </Button>
              <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing('new')}>
                {t('new-field')}
              </Button>
            </>
          )}
        </div>
        <FieldList
          key={object.name}
          object={object}
          filling={filling.filter((one) => one.object === object.name)}
          onReorder={(names) => designer.reorder.mutate({ object: object.name, names })}
          onEdit={setEditing}
          onBringBack={(field) =>
            designer.updateField.mutate(
              { object: object.name, field: field.name, body: { retired: false } },
              { onSuccess: () => toasts.success(t('field-back', { field: label(field.label) })) },
            )
          }
        />
      </div>
      <Suspense fallback={null}>
        {editing && (
          <FieldDrawer
            object={object}
            field={editing === 'new' ? null : editing}
            conditions={conditions}
            onClose={() => setEditing(null)}
          />
        )}
        {objectDrawer && (
          <ObjectDrawer
            object={objectDrawer === 'new' ? null : objectDrawer}
            onClose={() => setObjectDrawer(null)}
            onCreated={(name) => {
              setObjectDrawer(null);
              onSelect(name);
            }}
          />
        )}
      </Suspense>
    </div>
  );
}
