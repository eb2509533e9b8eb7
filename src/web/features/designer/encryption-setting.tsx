import { Checkbox } from 'antd';
import { whyNotEncrypted } from '../../../domain/schema/encryption.ts';
import type { FieldDef, ObjectDef } from '../../../domain/schema/types.ts';
import { useCatalog } from '../../api/query.ts';
import type { FieldInput } from './field-draft.ts';
import { useDesignerText } from './texts.ts';

/** Whether values are stored encrypted; where that can't be, why. */
export function EncryptionSetting({
  object,
  field,
  draft,
  onChange,
}: {
  object: ObjectDef;
  field: FieldDef | null;
  draft: FieldInput;
  onChange: (change: Partial<FieldInput>) => void;
}) {
  const t = useDesignerText();
  const { objects } = useCatalog();
  const why = whyNotEncrypted(object, { name: field?.name ?? '', type: draft.type }, objects);
  const moving = field?.moving !== undefined;
  return (
    <div className="xk-encrypt-setting">
      <Checkbox
        checked={draft.encrypted === true && why === null}
        disabled={why !== null || moving}
        onChange={(event) => onChange({ encrypted: event.target.checked || undefined })}
      >
        {t('encrypted')}
      </Checkbox>
      <p className="xk-muted">{moving ? t('encrypted-moving') : t(why ?? 'encrypted-hint')}</p>
    </div>
  );
}
