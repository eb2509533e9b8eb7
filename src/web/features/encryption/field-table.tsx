import type { EncryptionState } from '../../../contract/encryption.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { formatNumber } from '../../i18n/phrase.ts';
import { Card } from '../../ui/page.tsx';
import { useEncryptionText } from './texts.ts';

type Fields = EncryptionState['fields'];

/** Which fields are encrypted, how many values that is, and how far those are that are on their way. */
export function FieldTable({ fields }: { fields: Fields }) {
  const t = useEncryptionText();
  const label = useLabel();
  const lang = useLang();
  const { objects } = useCatalog();
  const stateOf = ({ moving, done, error }: Fields[number]): string => {
    if (error) return t('state-locked');
    return moving ? t(`state-${moving}`, { done }) : t('state-on');
  };
  return (
    <Card title={t('fields')}>
      <table className="xk-encryption-table">
        <thead>
          <tr>
            <th scope="col">{t('object')}</th>
            <th scope="col">{t('field')}</th>
            <th scope="col" className="xk-num">
              {t('values')}
            </th>
            <th scope="col">{t('state')}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((one) => {
            const object = objects.find(({ name }) => name === one.object);
            const field = object?.fields.find(({ name }) => name === one.field);
            return (
              <tr key={`${one.object}.${one.field}`}>
                <td>{label(object?.label)}</td>
                <td>{label(field?.label)}</td>
                <td className="xk-num">{formatNumber(one.values, lang)}</td>
                <td>{stateOf(one)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Card>
  );
}
