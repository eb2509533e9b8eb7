import { CalendarOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { useCatalog } from '../../../api/query.ts';
import { useLabel } from '../../../i18n/core.ts';
import { RecordLink } from './record-link.tsx';
import { useRecordText } from './texts.ts';

interface Occasion {
  object: string;
  id: string;
  title: string;
  field: string;
  next: string;
  days: number;
}

const FEW = 4;

/** Birthdays, ends of contracts and warranties: what comes next, and what has just passed. */
export function ImportantDates({ dates }: { dates: readonly Occasion[] }) {
  const t = useRecordText();
  const label = useLabel();
  const catalog = useCatalog();
  const [all, setAll] = useState(false);
  if (dates.length === 0) return null;
  const when = (days: number) =>
    days === 0 ? t('date-today') : days > 0 ? t('date-in', { n: days }) : t('date-ago', { n: -days });
  return (
    <section className="xk-related-list">
      <div className="xk-related-head">
        <h2>{t('dates')}</h2>
      </div>
      <ul className="xk-dates">
        {(all ? dates : dates.slice(0, FEW)).map((date) => {
          const field = catalog.objects
            .find((one) => one.name === date.object)
            ?.fields.find((one) => one.name === date.field);
          return (
            <li
              key={`${date.id}${date.field}`}
              className={date.days < 0 ? 'xk-date-past' : date.days <= 30 ? 'xk-date-near' : ''}
            >
              <CalendarOutlined aria-hidden="true" />
              <span>
                {label(field?.label)} <RecordLink object={date.object} id={date.id} title={date.title} />
              </span>
              <span className="xk-num xk-muted">
                {date.next} · {when(date.days)}
              </span>
            </li>
          );
        })}
      </ul>
      {dates.length > FEW && !all && (
        <Button size="small" type="link" onClick={() => setAll(true)}>
          {t('dates-all', { n: dates.length })}
        </Button>
      )}
    </section>
  );
}
