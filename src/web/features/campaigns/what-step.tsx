import { Button } from 'antd';
import { lazy, Suspense, useId, useRef, useState } from 'react';
import { useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Choice, NumberBox, Row } from '../../ui/form-parts.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import type { CampaignInput, Letter } from './campaigns-api.ts';
import { useCampaignText } from './texts/words.ts';

const LetterView = lazy(async () => ({ default: (await import('./letter-view.tsx')).LetterView }));

/** Fields that read well in a letter. */
const SPOKEN = new Set(['text', 'select', 'relation', 'date', 'user']);
const MOST_PLACES = 8;

/** What it says: one letter, or two that are tried; how fast; what is counted. */
export function WhatStep({ input, onChange }: { input: CampaignInput; onChange(patch: Partial<CampaignInput>): void }) {
  const t = useCampaignText();
  const [letter, setLetter] = useState<Letter>('a');
  const { variants, split, kind } = input;
  const two = variants.length > 1;
  const shown = two ? letter : 'a';
  const change = (patch: Partial<CampaignInput['split']>) => onChange({ split: { ...split, ...patch } });
  const form = <LetterForm key={shown} input={input} variant={shown} onChange={onChange} />;
  return (
    <div className="xk-campaign-what">
      <div className="xk-campaign-form">
        <Choice
          label={t('lang')}
          value={input.lang}
          options={[
            ['zh', '中文'],
            ['en', 'English'],
          ]}
          onChange={(lang) => onChange({ lang: lang === 'en' ? 'en' : 'zh' })}
        />
        {two ? (
          <Tabs
            label={t('text')}
            look="bar"
            tabs={[
              { key: 'a', label: t('letter-a') },
              { key: 'b', label: t('letter-b') },
            ]}
            value={letter}
            onChange={setLetter}
          >
            {form}
          </Tabs>
        ) : (
          form
        )}
        <label className="xk-check">
          <input
            type="checkbox"
            checked={two}
            onChange={({ target }) => {
              const [first = { subject: '', text: '' }] = variants;
              onChange({ variants: target.checked ? [first, { ...first }] : [first] });
              setLetter(target.checked ? 'b' : 'a');
            }}
          />
          {t('second-letter')}
        </label>
        {two && (
          <div className="xk-campaign-part xk-campaign-boxes">
            <NumberBox
              label={t('split-share')}
              hint={t('split-all')}
              min={5}
              max={100}
              value={Math.round(split.share * 100)}
              onChange={(value) => change({ share: value / 100 })}
            />
            <Choice
              label={t('split-by')}
              value={split.by}
              options={[
                ['clicks', t('by-clicks')],
                ['opens', t('by-opens')],
              ]}
              onChange={(by) => change({ by: by === 'opens' ? 'opens' : 'clicks' })}
            />
            <NumberBox
              label={t('split-hours')}
              hint={t('split-hours-hint')}
              min={0}
              max={168}
              value={split.hours}
              onChange={(hours) => change({ hours })}
            />
          </div>
        )}
        {kind === 'mail' && (
          <div>
            <label className="xk-check">
              <input
                type="checkbox"
                checked={input.tracked}
                onChange={({ target }) => onChange({ tracked: target.checked })}
              />
              {t('tracked')}
            </label>
            <small className="xk-muted xk-campaign-below">{t('tracked-hint')}</small>
          </div>
        )}
        <NumberBox
          label={t('rate')}
          hint={t('rate-hint')}
          min={1}
          max={36_000}
          value={input.rate}
          onChange={(rate) => onChange({ rate })}
        />
      </div>
      <Suspense fallback={<Skeleton lines={6} />}>
        <LetterView input={input} variant={shown} />
      </Suspense>
    </div>
  );
}

function LetterForm({
  input,
  variant,
  onChange,
}: {
  input: CampaignInput;
  variant: Letter;
  onChange(patch: Partial<CampaignInput>): void;
}) {
  const t = useCampaignText();
  const label = useLabel();
  const id = useId();
  const { objects } = useCatalog();
  const box = useRef<HTMLTextAreaElement>(null);
  const at = variant === 'b' ? 1 : 0;
  const letter = input.variants[at] ?? { subject: '', text: '' };
  const change = (patch: Partial<typeof letter>) =>
    onChange({ variants: input.variants.map((one, n) => (n === at ? { ...one, ...patch } : one)) });
  const object = objects.find((one) => one.name === (input.audience.of ?? input.audience.object));
  const fields = (object?.fields ?? [])
    .filter((field) => !field.retired && !field.encrypted && SPOKEN.has(field.type))
    .slice(0, MOST_PLACES);
  const insert = (name: string) => {
    const from = box.current?.selectionStart ?? letter.text.length;
    const to = box.current?.selectionEnd ?? from;
    change({ text: `${letter.text.slice(0, from)}{${name}}${letter.text.slice(to)}` });
    box.current?.focus();
  };
  return (
    <>
      {input.kind === 'mail' && (
        <Row id={`${id}s`} label={t('subject')}>
          <input
            id={`${id}s`}
            className="xk-plain-input"
            maxLength={200}
            value={letter.subject}
            onChange={({ target }) => change({ subject: target.value })}
          />
        </Row>
      )}
      <Row id={`${id}t`} label={t('text')} hint={t(input.kind === 'mail' ? 'text-hint' : 'sms-hint')}>
        <textarea
          ref={box}
          id={`${id}t`}
          className="xk-plain-input"
          rows={input.kind === 'mail' ? 12 : 4}
          maxLength={20_000}
          value={letter.text}
          onChange={({ target }) => change({ text: target.value })}
        />
      </Row>
      <fieldset className="xk-campaign-places">
        <legend>{t('insert')}</legend>
        {fields.map((field) => (
          <Button key={field.name} size="small" onClick={() => insert(field.name)}>
            {label(field.label)}
          </Button>
        ))}
        <Button size="small" onClick={() => insert('firm')}>
          {t('place-firm')}
        </Button>
        <Button size="small" onClick={() => insert('sender')}>
          {t('place-sender')}
        </Button>
      </fieldset>
    </>
  );
}
