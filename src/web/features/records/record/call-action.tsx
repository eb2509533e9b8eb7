import { DownOutlined, PhoneOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import type { ObjectDef } from '../../../../domain/schema/types.ts';
import { useCatalog } from '../../../api/query.ts';
import { useLabel } from '../../../i18n/core.ts';
import { Floating } from '../../../ui/floating.tsx';
import type { Row } from '../block-store.ts';
import { parentField } from './add-interaction.tsx';
import type { Callee } from './log-call.tsx';
import { useRecordText } from './texts.ts';
import { useRelated } from './use-related.ts';

const LogCall = lazy(async () => ({ default: (await import('./log-call.tsx')).LogCall }));

/** One tap dials, the next says what came of it. */
export function CallAction({ object, row }: { object: ObjectDef; row: Row }) {
  const t = useRecordText();
  const label = useLabel();
  const catalog = useCatalog();
  const { parts } = useRelated(object.name, row.id, undefined);
  const [others, setOthers] = useState<DOMRect | null>(null);
  const [called, setCalled] = useState<Callee | null>(null);
  const notes = catalog.objects.find((one) => isCallLog(one) && !one.retired && parentField(one, object.name));
  const numbers = [
    ...numbersOf(object, row, label),
    ...parts.flatMap((part) => part.page.rows.flatMap((one) => numbersOf(part.object, one, label))),
  ].filter((callee, at, all) => all.findIndex((one) => one.number === callee.number) === at);
  const [first, ...more] = numbers;
  if (!notes || !first) return null;
  const link = (callee: Callee, className: string, content: React.ReactNode) => (
    <a
      key={callee.number}
      className={className}
      href={`tel:${callee.number}`}
      onClick={() => {
        setOthers(null);
        setCalled(callee);
      }}
    >
      {content}
    </a>
  );
  return (
    <span className="xk-call-action">
      {link(
        first,
        'xk-button',
        <>
          <PhoneOutlined aria-hidden="true" />
          {t('call')}
          <span className="xk-visually-hidden"> {first.who}</span>
        </>,
      )}
      {more.length > 0 && (
        <Button
          size="small"
          icon={<DownOutlined />}
          aria-label={t('call-others')}
          title={t('call-others')}
          onClick={(event) => setOthers(event.currentTarget.getBoundingClientRect())}
        />
      )}
      {others && (
        <Floating anchor={others} onOutside={() => setOthers(null)} label={t('call-others')}>
          <ul className="xk-call-list">
            {numbers.map((callee) => (
              <li key={callee.number}>
                {link(
                  callee,
                  'xk-call-number',
                  <>
                    <span>{callee.who}</span> <span className="xk-num xk-muted">{callee.number}</span>
                  </>,
                )}
              </li>
            ))}
          </ul>
        </Floating>
      )}
      {called && (
        <Suspense fallback={null}>
          <LogCall notes={notes} parent={object.name} id={row.id} callee={called} onClose={() => setCalled(null)} />
        </Suspense>
      )}
    </span>
  );
}

/** What is said of a call: how it was made, and what came of it. */
export function isCallLog(object: ObjectDef): boolean {
  const options = (name: string) => object.fields.find((field) => field.name === name && !field.retired)?.options ?? [];
  return (
    object.appendOnly === true && options('kind').some(({ value }) => value === 'call') && options('outcome').length > 0
  );
}

/** Numbers of a record that are shown in full. */
function numbersOf(object: ObjectDef, row: Row, label: ReturnType<typeof useLabel>): Callee[] {
  return object.fields.flatMap((field): Callee[] => {
    const value = row.values[field.name];
    if (field.type !== 'phone' || field.retired || typeof value !== 'string' || value === '' || value.includes('*'))
      return [];
    const name = String(row.values[object.title] ?? '');
    return [{ object: object.name, id: row.id, who: `${name} · ${label(field.label)}`, number: value }];
  });
}
