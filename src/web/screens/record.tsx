import { ArrowLeftOutlined, LeftOutlined, RightOutlined } from '@ant-design/icons';
import { useNavigate, useParams, useRouter, useSearch } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense } from 'react';
import type { ObjectDef } from '../../domain/schema/types.ts';
import { useObject } from '../api/query.ts';
import { AccessAction } from '../features/access/access-action.tsx';
import { AskAction } from '../features/asking/ask-action.tsx';
import { AuditAction } from '../features/audit/audit-action.tsx';
import { LettersAction } from '../features/campaigns/letters-action.tsx';
import { MergeAction } from '../features/duplicates/merge-action.tsx';
import { MovedNote, MovedRecord, useMergeMarks } from '../features/duplicates/record-merges.tsx';
import { PrivacyAction } from '../features/privacy/privacy-action.tsx';
import { neighboursOf } from '../features/records/record/neighbours.ts';
import { RecordView } from '../features/records/record/record-view.tsx';
import { useRecordText } from '../features/records/record/texts.ts';
import { useRecordsText } from '../features/records/texts.ts';
import { TypingHintContext, type TypingHintOf } from '../features/records/typing-hint.ts';
import { ServiceChips } from '../features/service/service-chips.tsx';
import { useLabel, useText } from '../i18n/core.ts';
import { EmptyState, useDocumentTitle } from '../ui/page.tsx';
import { usePhone } from '../ui/use-media.ts';
import { useShortcuts, useShortcutsOn } from '../ui/use-shortcuts.ts';

const TypingHint = lazy(async () => ({ default: (await import('../features/duplicates/typing-hint.tsx')).TypingHint }));
const GiveUpAction = lazy(async () => ({
  default: (await import('../features/pool/give-up-action.tsx')).GiveUpAction,
}));
const TagReasons = lazy(async () => ({ default: (await import('../features/tagging/tag-reasons.tsx')).TagReasons }));
const hintWhileTyping: TypingHintOf = (object, values) => (
  <Suspense fallback={null}>
    <TypingHint object={object} values={values} />
  </Suspense>
);

/** The 360 page of one record; the day it shows is in the address. */
export function RecordScreen() {
  const params = useParams({ strict: false });
  const { asOf, from } = useSearch({ strict: false }) as { asOf?: string; from?: string };
  const name = params.object ?? 'customer';
  const id = params.id ?? '';
  const object = useObject(name);
  const t = useRecordText();
  const records = useRecordsText();
  const text = useText();
  const label = useLabel();
  const phone = usePhone();
  const navigate = useNavigate();
  const router = useRouter();
  useDocumentTitle(object && label(object.label));
  const marks = useMergeMarks(object, id);
  const { previous, next } = neighboursOf(name, id);
  const go = (to: string) => void navigate({ to: '/o/$object/$id', params: { object: name, id: to } });
  const back = () => {
    if (router.history.canGoBack()) router.history.back();
    else void navigate({ to: '/o/$object', params: { object: name } });
  };
  const [keysOn] = useShortcutsOn();
  useShortcuts(keysOn, {
    ...(next && { j: () => go(next) }),
    ...(previous && { k: () => go(previous) }),
  });
  const goTo = (to: string, search: { from?: string } = {}) =>
    void navigate({ to: '/o/$object/$id', params: { object: name, id: to }, search, replace: true });
  if (!object) return <EmptyState title={records('unknown-object')} />;
  return (
    <TypingHintContext value={hintWhileTyping}>
      <RecordView
        key={id}
        object={object}
        id={id}
        day={asOf}
        onDay={(day) => void navigate({ to: '.', search: day ? { asOf: day } : {} })}
        layout={phone ? 'tabs' : 'columns'}
        onDeleted={back}
        actions={
          <>
            <AskAction object={object} id={id} />
            <AccessAction object={object} id={id} />
            <AuditAction id={id} />
            <LettersAction object={object} id={id} />
            {isAboutPeople(object) && <PrivacyAction object={name} id={id} onGone={back} />}
            {object.owner && asOf === undefined && (
              <Suspense fallback={null}>
                <GiveUpAction object={object} id={id} />
              </Suspense>
            )}
            <MergeAction object={object} id={id} onMerged={(winner) => winner !== id && goTo(winner)} />
          </>
        }
        marks={marks}
        beside={
          name === 'customer' && (
            <Suspense fallback={null}>
              <TagReasons object={object} id={id} />
            </Suspense>
          )
        }
        note={
          <>
            {from && <MovedNote object={object} id={id} from={from} />}
            {asOf === undefined && <ServiceChips object={name} id={id} />}
          </>
        }
        gone={(otherwise) => (
          <MovedRecord object={object} id={id} onMoved={(to) => goTo(to, { from: id })} fallback={otherwise} />
        )}
        nav={
          <>
            <Button size="small" type="text" icon={<ArrowLeftOutlined />} onClick={back}>
              {text('back')}
            </Button>
            <span className="xk-status-gap" />
            <Button
              size="small"
              type="text"
              icon={<LeftOutlined />}
              disabled={!previous}
              {...(keysOn && { title: 'K' })}
              onClick={() => previous && go(previous)}
            >
              {t('previous')}
            </Button>
            <Button
              size="small"
              type="text"
              icon={<RightOutlined />}
              iconPlacement="end"
              disabled={!next}
              {...(keysOn && { title: 'J' })}
              onClick={() => next && go(next)}
            >
              {t('next')}
            </Button>
          </>
        }
      />
    </TypingHintContext>
  );
}

/** Firms and people, not what was bought. */
const isAboutPeople = ({ fields }: ObjectDef): boolean => fields.some(({ sensitivity }) => sensitivity === 'personal');
