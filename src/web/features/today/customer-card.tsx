import { CheckOutlined, MailOutlined, PhoneFilled } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import type { FieldValue } from '../../../domain/schema/types.ts';
import { useCatalog } from '../../api/query.ts';
import type { FormatEnv } from '../../fields/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { CellLine } from './cell-line.tsx';
import { beginsRecord, type ShownItem, type TodayCell, type VisibleItem } from './list-state.ts';
import { CannotReach, Later, type Unreached } from './put-off.tsx';
import { useTodayText } from './texts.ts';

export interface CardActions {
  right: (shown: ShownItem, cells: TodayCell[]) => void;
  correct: (shown: ShownItem, cell: TodayCell, value: FieldValue) => void;
  unreached: (shown: ShownItem, how: Unreached) => void;
  snooze: (shown: ShownItem, days: number, reason: string) => void;
  discard: (key: string) => void;
  focus: (cell: string) => void;
  edit: (cell: string | null) => void;
  later: (item: string | null) => void;
  expand: (item: string) => void;
}

/** One customer: one call verifies everything on the card. Buttons for the thumb are at the bottom edge of each line. */
export function CustomerCard({
  shown,
  env,
  cursor,
  editing,
  laterOpen,
  actions,
}: {
  shown: VisibleItem;
  env: FormatEnv;
  cursor: string | null;
  editing: string | null;
  laterOpen: boolean;
  actions: CardActions;
}) {
  const t = useTodayText();
  const catalog = useCatalog();
  const { item } = shown;
  const { contact } = item;
  const open = shown.cells.filter((one) => one.mark === null && one.cell.text !== '');
  const who = contact?.name ?? item.title;
  const titleId = `today-${item.id}`;
  return (
    <article className="xk-today-card" aria-labelledby={titleId}>
      <header>
        <div className="xk-today-who">
          <h2 id={titleId}>
            {item.object === 'customer' ? (
              <Link to="/customers/$id" params={{ id: item.id }}>
                {item.title}
              </Link>
            ) : (
              <Link to="/o/$object/$id" params={{ object: item.object, id: item.id }}>
                {item.title}
              </Link>
            )}
          </h2>
          <p className="xk-muted">
            {contact?.name && <span>{contact.name}</span>}
            <span className="xk-num">{t('minutes', { n: Math.max(1, Math.round(item.minutes)) })}</span>
            {item.hard && <Badge tone="warn">{t('hard')}</Badge>}
          </p>
        </div>
        {contact?.phone ? (
          <a className="xk-call" href={`tel:${contact.phone}`} title={t('call', { name: who })}>
            <PhoneFilled aria-hidden />
            <span className="xk-visually-hidden">{t('call', { name: who })}</span>
            <span className="xk-num">{spoken(contact.phone)}</span>
          </a>
        ) : (
          contact?.email && (
            <a className="xk-call" href={`mailto:${contact.email}`} title={t('mail', { name: who })}>
              <MailOutlined aria-hidden />
              <span className="xk-visually-hidden">{t('mail', { name: who })}</span>
              <span>{contact.email}</span>
            </a>
          )
        )}
      </header>
      <ul className="xk-cells">
        {shown.cells.map((one, index) => (
          <CellLine
            key={one.key}
            shown={one}
            heading={headingOf(shown, index)}
            field={catalog.objects
              .find((object) => object.name === one.cell.object)
              ?.fields.find((field) => field.name === one.cell.field)}
            env={env}
            current={cursor === one.key}
            editing={editing === one.key}
            onFocus={() => actions.focus(one.key)}
            onRight={() => actions.right(shown, [one.cell])}
            onEdit={(on) => actions.edit(on ? one.key : null)}
            onCorrect={(value) => actions.correct(shown, one.cell, value)}
            onDiscard={() => actions.discard(one.key)}
          />
        ))}
      </ul>
      {shown.more > 0 && (
        <Button type="link" size="small" className="xk-cells-more" onClick={() => actions.expand(shown.key)}>
          {t('more-values', { n: shown.more })}
        </Button>
      )}
      {shown.refused !== null && (
        <p className="xk-cell-refused" role="alert">
          {t('not-saved', { message: shown.refused })}{' '}
          <Button type="link" size="small" onClick={() => actions.discard(shown.key)}>
            {t('discard')}
          </Button>
        </p>
      )}
      <footer>
        <CannotReach onChoose={(how) => actions.unreached(shown, how)} />
        <Later
          open={laterOpen}
          onOpenChange={(next) => actions.later(next ? shown.key : null)}
          onChoose={(days, reason) => actions.snooze(shown, days, reason)}
        />
        {open.length > 1 && (
          <Button
            className="xk-all-right"
            type="primary"
            icon={<CheckOutlined />}
            onClick={() =>
              actions.right(
                shown,
                open.map((one) => one.cell),
              )
            }
          >
            {t('all-right')}
          </Button>
        )}
      </footer>
    </article>
  );
}

/** Name above the first line of another record; a card of the customer alone needs none. */
function headingOf(shown: VisibleItem, index: number): string | null {
  const one = shown.cells[index];
  if (!one || !beginsRecord(shown.cells, index)) return null;
  const alone = shown.cells.every((other) => other.cell.id === shown.item.id);
  return alone ? null : one.cell.title;
}

/** 138 1234 5678: the way a mobile number is read aloud; others as they are. */
export function spoken(phone: string): string {
  const digits = phone.replace(/^\+?86[- ]?/, '').replace(/\D/g, '');
  return /^1\d{10}$/.test(digits) ? `${digits.slice(0, 3)} ${digits.slice(3, 7)} ${digits.slice(7)}` : phone;
}
