import { CloseOutlined, DownOutlined, ExpandAltOutlined, UpOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import type { ObjectDef } from '../../../../domain/schema/types.ts';
import { useText } from '../../../i18n/core.ts';
import { RecordView } from './record-view.tsx';
import { useRecordText } from './texts.ts';
import type { TimelineMark } from './timeline.tsx';

/** The record beside the table. */
export function RecordPanel({
  object,
  id,
  historyOf,
  previous,
  next,
  actions,
  marks,
  gone,
  onGo,
  onClose,
}: {
  object: ObjectDef;
  id: string;
  historyOf?: string | undefined;
  previous?: string | undefined;
  next?: string | undefined;
  actions?: ReactNode;
  marks?: TimelineMark[];
  gone?: (otherwise: ReactNode) => ReactNode;
  onGo(id: string): void;
  onClose(): void;
}) {
  const t = useRecordText();
  const text = useText();
  const [day, setDay] = useState<string>();
  return (
    <RecordView
      object={object}
      id={id}
      day={day}
      onDay={setDay}
      layout="tabs"
      historyOf={historyOf}
      onDeleted={onClose}
      actions={actions}
      {...(marks && { marks })}
      {...(gone && { gone })}
      nav={
        <>
          <Button
            size="small"
            type="text"
            icon={<UpOutlined />}
            aria-label={t('previous')}
            title={t('previous')}
            disabled={!previous}
            onClick={() => previous && onGo(previous)}
          />
          <Button
            size="small"
            type="text"
            icon={<DownOutlined />}
            aria-label={t('next')}
            title={t('next')}
            disabled={!next}
            onClick={() => next && onGo(next)}
          />
          <span className="xk-status-gap" />
          <Link
            to="/o/$object/$id"
            params={{ object: object.name, id }}
            className="xk-icon-link"
            aria-label={t('open-page')}
            title={t('open-page')}
          >
            <ExpandAltOutlined />
          </Link>
          <Button
            size="small"
            type="text"
            icon={<CloseOutlined />}
            aria-label={text('close')}
            title={text('close')}
            onClick={onClose}
          />
        </>
      }
    />
  );
}
