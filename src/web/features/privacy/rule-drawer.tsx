import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Drawer, Popconfirm } from 'antd';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useCatalog } from '../../api/query.ts';
import { useDateFormat } from '../../api/use-date-format.ts';
import { useLabel } from '../../i18n/core.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { Chosen } from './consent-list.tsx';
import { DAY, privacyKeys } from './privacy-api.ts';
import type { RuleDraft } from './retention.tsx';
import { usePrivacyText } from './texts/texts.ts';

const CLOCKS = ['contact', 'confirmed', 'changed', 'created'] as const;
const MODES = ['anonymise', 'erase'] as const;

/** One rule: what, how long, and before it is saved, whom it would reach today. */
export function RuleDrawer({
  id,
  rule,
  known,
  onChange,
  onClose,
}: {
  id: string;
  rule: RuleDraft;
  known: boolean;
  onChange(next: RuleDraft): void;
  onClose(): void;
}) {
  const t = usePrivacyText();
  const label = useLabel();
  const toasts = useToasts();
  const client = useQueryClient();
  const day = useDateFormat(DAY);
  const { objects } = useCatalog();
  const body = { ...rule, name: rule.name.trim() };
  const look = useMutation({
    mutationFn: () => call(api.retention.tryRule, { body: { ...body, name: body.name || '-' } }),
    onError: (problem) => toasts.error(sentence(problem)),
  });
  const done = (word: string) => {
    toasts.success(word);
    void client.invalidateQueries({ queryKey: privacyKeys.all });
    onClose();
  };
  const save = useMutation({
    mutationFn: () => call(api.retention.saveRule, { params: { id }, body }),
    onSuccess: () => done(t('saved')),
    onError: (problem) => toasts.error(sentence(problem)),
  });
  const remove = useMutation({
    mutationFn: () => call(api.retention.deleteRule, { params: { id } }),
    onSuccess: () => done(t('saved')),
    onError: (problem) => toasts.error(sentence(problem)),
  });
  const set = (more: Partial<RuleDraft>) => {
    look.reset();
    onChange({ ...rule, ...more });
  };
  const number = (key: 'days' | 'grace') => (
    <label>
      {t(key)}
      <input
        className="xk-plain-input"
        type="number"
        min={key === 'days' ? 1 : 0}
        max={3650}
        value={rule[key]}
        onChange={(event) => set({ [key]: Math.max(0, Math.round(Number(event.target.value))) })}
      />
    </label>
  );
  const valid = body.name !== '' && rule.days >= 1;
  return (
    <Drawer open size={520} title={rule.name || t('new-rule')} onClose={onClose}>
      <form
        className="xk-privacy-form"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <label>
          {t('rule-name')}
          <input
            className="xk-plain-input"
            maxLength={80}
            value={rule.name}
            onChange={(event) => onChange({ ...rule, name: event.target.value })}
          />
        </label>
        <div className="xk-privacy-pair">
          <label>
            {t('object')}
            <select
              className="xk-plain-input"
              value={rule.object}
              onChange={(event) => set({ object: event.target.value, filter: null })}
            >
              {objects
                .filter(({ retired }) => !retired)
                .map((object) => (
                  <option key={object.name} value={object.name}>
                    {label(object.label)}
                  </option>
                ))}
            </select>
          </label>
          <Chosen
            head="clock"
            options={CLOCKS}
            word={(one) => t(`clock-${one}`)}
            value={rule.clock}
            onChange={(clock) => set({ clock })}
          />
        </div>
        <div className="xk-privacy-pair">
          {number('days')}
          {number('grace')}
          <Chosen
            head="mode"
            options={MODES}
            word={(one) => t(`mode-${one}`)}
            value={rule.mode}
            onChange={(mode) => set({ mode })}
          />
        </div>
        <label className="xk-check">
          <input type="checkbox" checked={rule.invite} onChange={({ target }) => set({ invite: target.checked })} />
          {t('invite')}
        </label>
        <label className="xk-check">
          <input
            type="checkbox"
            checked={rule.active}
            onChange={({ target }) => onChange({ ...rule, active: target.checked })}
          />
          {t('active')}
        </label>
        {look.data && (
          <section role="status">
            <p>
              {look.data.n === 0 ? t('try-none') : t('try-of', { n: look.data.n, of: look.data.of, grace: rule.grace })}
            </p>
            {look.data.n > 0 && (
              <>
                <ul className="xk-privacy-reach">
                  {look.data.ages.map(({ years, n }) => (
                    <li key={years}>
                      {t('try-age', { n: years + 1 })}: {n}
                    </li>
                  ))}
                </ul>
                <p className="xk-muted">
                  {t('try-samples')}:{' '}
                  {look.data.samples.map(({ title, last }) => `${title} (${day.format(new Date(last))})`).join('、')}
                </p>
              </>
            )}
          </section>
        )}
        <div className="xk-privacy-do">
          <Button loading={look.isPending} onClick={() => look.mutate()}>
            {t('try')}
          </Button>
          <Button htmlType="submit" type="primary" disabled={!valid} loading={save.isPending}>
            {t('save')}
          </Button>
          {known && (
            <Popconfirm
              title={t('remove-sure')}
              okText={t('remove')}
              cancelText={t('cancel')}
              onConfirm={() => remove.mutate()}
            >
              <Button danger type="text">
                {t('remove')}
              </Button>
            </Popconfirm>
          )}
        </div>
      </form>
    </Drawer>
  );
}
