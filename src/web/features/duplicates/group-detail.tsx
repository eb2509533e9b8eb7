import { CheckOutlined, ClockCircleOutlined, MergeOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { useFormatEnv } from '../../fields/sources.ts';
import { Choices } from '../../ui/choices.tsx';
import { CompareRecords } from './compare-records.tsx';
import { type Group, letterOf, likeness } from './queue-model.ts';
import { ReasonBars } from './reason-bars.tsx';
import { useDuplicatesText } from './texts.ts';

/** One group: the records side by side, why they are taken for one, and the three answers. */
export function GroupDetail({
  object,
  group,
  titles,
  may,
  taking,
  busy,
  keysOn,
  onTake,
  onMerge,
  onDecide,
}: {
  object: ObjectDef;
  group: Group;
  titles: ReadonlyMap<string, string>;
  may: { merge: boolean; decide: boolean };
  taking: ReadonlySet<string>;
  busy: boolean;
  /** The keys are named beside the buttons. */
  keysOn: boolean;
  onTake(id: string, on: boolean): void;
  onMerge(): void;
  onDecide(decision: 'different' | 'later'): void;
}) {
  const t = useDuplicatesText();
  const env = useFormatEnv(object.fields, titles);
  const [chosen, setChosen] = useState(0);
  const among = group.pairs.filter(({ a, b }) => taking.has(a) && taking.has(b));
  // What the server found nothing about has no reasons: then the best pair's are shown.
  const pairs = among.length > 0 ? among : group.pairs.slice(0, 1);
  const pair = pairs[chosen] ?? pairs[0];
  const letter = (id: string) => letterOf(group.records.findIndex((row) => row.id === id));
  const few = taking.size < 2;
  return (
    <article className="xk-group-detail">
      <CompareRecords object={object} rows={group.records} env={env} taking={taking} onTake={onTake} />
      <div className="xk-group-answers">
        <Button
          type="primary"
          icon={<MergeOutlined />}
          aria-keyshortcuts="m"
          disabled={!may.merge || few || busy}
          onClick={onMerge}
        >
          {t('merge')} {keysOn && <kbd>M</kbd>}
        </Button>
        <Button
          icon={<CheckOutlined />}
          aria-keyshortcuts="n"
          disabled={!may.decide || few || busy}
          onClick={() => onDecide('different')}
        >
          {t('different')} {keysOn && <kbd>N</kbd>}
        </Button>
        <Button
          icon={<ClockCircleOutlined />}
          aria-keyshortcuts="s"
          disabled={!may.decide || few || busy}
          onClick={() => onDecide('later')}
        >
          {t('later')} {keysOn && <kbd>S</kbd>}
        </Button>
        {few && <span className="xk-muted">{t('pick-two')}</span>}
        {!may.merge && <span className="xk-muted">{t('may-not-merge')}</span>}
      </div>
      {pair && (
        <div className="xk-group-why-box">
          <h2>{t('reasons')}</h2>
          {pairs.length > 1 && (
            <Choices
              label={t('reasons')}
              value={String(pairs.indexOf(pair))}
              onChange={(next) => setChosen(Number(next))}
              options={pairs.slice(0, 6).map((one, index) => ({
                value: String(index),
                label: t('pair-of', { a: letter(one.a), b: letter(one.b), share: likeness(one.probability) }),
              }))}
            />
          )}
          <ReasonBars pair={pair} label={t('reasons-of', { a: letter(pair.a), b: letter(pair.b) })} />
        </div>
      )}
    </article>
  );
}
