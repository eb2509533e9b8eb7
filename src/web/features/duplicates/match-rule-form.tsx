import { CloseOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { reasonOf } from '../../api/errors.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Choice, type Option, Row } from '../../ui/form-parts.tsx';
import {
  comparable,
  type MatchRule,
  type MatchTest,
  newTest,
  partnersOf,
  settled,
  testOn,
} from './match-rule-draft.ts';
import { useMatchRulesText } from './match-rules-texts.ts';

const EFFECTS = ['show', 'refuse', 'never'] as const;

/** One rule, in words: when any of these groups holds, then that. It can be tried before it is saved. */
export function MatchRuleForm({
  object,
  begin,
  saving,
  onSave,
  onCancel,
  onRemove,
}: {
  object: ObjectDef;
  begin: MatchRule;
  saving: boolean;
  onSave(rule: MatchRule): void;
  onCancel(): void;
  onRemove?(): void;
}) {
  const t = useMatchRulesText();
  const label = useLabel();
  const id = useId();
  const { objects } = useCatalog();
  const [rule, setRule] = useState(begin);
  const other = objects.find(({ name }) => name === rule.other) ?? object;
  const attempt = useMutation({
    mutationFn: () => call(api.duplicates.tryRule, { params: { object: object.name }, body: { rule } }),
  });
  const change = (patch: Partial<MatchRule>, against = other) => {
    attempt.reset();
    setRule((old) => settled({ ...old, ...patch }, object, against));
  };
  const setGroup = (at: number, tests: MatchTest[]) =>
    change({ any: rule.any.map((one, n) => (n === at ? tests : one)) });
  const others = objects.filter(
    (one) => !one.retired && !one.appendOnly && one.name !== object.name && comparable(object, one).length > 0,
  );
  const first = newTest(object, other, []);
  return (
    <form
      className="xk-match-rule"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(rule);
      }}
    >
      <div className="xk-match-rule-head">
        <Row id={id} label={t('name')}>
          <input
            id={id}
            className="xk-plain-input"
            required
            maxLength={60}
            value={rule.name}
            onChange={({ target }) => setRule((old) => ({ ...old, name: target.value }))}
          />
        </Row>
        <Choice
          label={t('with')}
          value={rule.other ?? ''}
          options={[
            ['', t('with-own', { object: label(object.plural) })],
            ...others.map((one): Option => [one.name, label(one.plural)]),
          ]}
          onChange={(name) => change({ other: name || undefined }, others.find((one) => one.name === name) ?? object)}
        />
      </div>
      <fieldset className="xk-match-groups">
        <legend>{t('when')}</legend>
        {rule.any.map((tests, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups have no name of their own
          <fieldset key={at} aria-label={t('group-of', { n: at + 1 })} className="xk-match-group">
            {at > 0 && <span className="xk-muted">{t('or')}</span>}
            {tests.map((test, n) => (
              <TestRow
                // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no name of their own
                key={n}
                {...{ object, other, test }}
                at={{ group: at + 1, n: n + 1 }}
                exact={rule.effect === 'refuse'}
                onChange={(next) =>
                  setGroup(
                    at,
                    tests.map((one, k) => (k === n ? next : one)),
                  )
                }
                {...((tests.length > 1 || rule.any.length > 1) && {
                  onRemove: () =>
                    tests.length > 1
                      ? setGroup(
                          at,
                          tests.filter((_, k) => k !== n),
                        )
                      : change({ any: rule.any.filter((_, k) => k !== at) }),
                })}
              />
            ))}
            <Button
              size="small"
              disabled={tests.length >= 6}
              onClick={() => {
                const next = newTest(object, other, tests);
                if (next) setGroup(at, [...tests, next]);
              }}
            >
              + {t('add-test')}
            </Button>
          </fieldset>
        ))}
        <Button
          size="small"
          disabled={rule.any.length >= 8 || first === null}
          onClick={() => first && change({ any: [...rule.any, [first]] })}
        >
          + {t('add-group')}
        </Button>
        {rule.effect !== 'refuse' && <small className="xk-muted">{t('like-hint')}</small>}
      </fieldset>
      <Choice
        label={t('effect')}
        hint={rule.effect === 'show' ? undefined : t(`effect-${rule.effect}-hint`)}
        value={rule.effect}
        options={EFFECTS.map((one): Option => [one, t(`effect-${one}`)])}
        onChange={(next) => change({ effect: EFFECTS.find((one) => one === next) ?? 'show' })}
      />
      <div role="status" className="xk-match-tried">
        {attempt.error && <p className="xk-over">{reasonOf(attempt.error)}</p>}
        {attempt.data && (
          <>
            <p>
              {t(attempt.data.found > 0 ? 'try-found' : 'try-none', {
                looked: attempt.data.looked,
                found: attempt.data.found,
              })}
            </p>
            <ul>
              {attempt.data.samples.map(({ one, other: partner }) => (
                <li key={one.id}>
                  <Link to="/o/$object/$id" params={{ object: object.name, id: one.id }} target="_blank">
                    {one.title}
                  </Link>
                  {' — '}
                  <Link to="/o/$object/$id" params={{ object: partner.object, id: partner.id }} target="_blank">
                    {partner.title}
                  </Link>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      <div className="xk-match-do">
        <Button type="primary" htmlType="submit" loading={saving} disabled={rule.any.length === 0}>
          {t('save')}
        </Button>
        <Button loading={attempt.isPending} disabled={rule.any.length === 0} onClick={() => attempt.mutate()}>
          {t('try')}
        </Button>
        <Button onClick={onCancel}>{t('cancel')}</Button>
        {onRemove && (
          <Button danger onClick={onRemove}>
            {t('remove')}
          </Button>
        )}
      </div>
    </form>
  );
}

/** One condition: a field, how it is compared, and with which field of the other side. */
function TestRow({
  object,
  other,
  test,
  at,
  exact,
  onChange,
  onRemove,
}: {
  object: ObjectDef;
  other: ObjectDef;
  test: MatchTest;
  at: { group: number; n: number };
  exact: boolean;
  onChange(next: MatchTest): void;
  onRemove?(): void;
}) {
  const t = useMatchRulesText();
  const label = useLabel();
  const field = object.fields.find(({ name }) => name === test.field);
  const partners = field ? partnersOf(field, other) : [];
  const across = object.name !== other.name;
  const choose = (name: string) => {
    const next = object.fields.find((one) => one.name === name);
    const made = next && testOn(next, object, other, test.how);
    if (made) onChange(made);
  };
  return (
    <div className="xk-match-test">
      {at.n > 1 && <span className="xk-muted">{t('and')}</span>}
      <select
        className="xk-plain-input"
        aria-label={t('field-n', at)}
        value={test.field}
        onChange={({ target }) => choose(target.value)}
      >
        {comparable(object, other).map((one) => (
          <option key={one.name} value={one.name}>
            {label(one.label)}
          </option>
        ))}
      </select>
      {(across || partners.length > 1) && (
        <>
          <span className="xk-muted">{t('with-field', { object: label(other.label) })}</span>
          <select
            className="xk-plain-input"
            aria-label={t('theirs-n', at)}
            value={test.with ?? test.field}
            onChange={({ target }) => {
              const { with: _, ...rest } = test;
              onChange(!across && target.value === test.field ? rest : { ...rest, with: target.value });
            }}
          >
            {partners.map((one) => (
              <option key={one.name} value={one.name}>
                {label(one.label)}
              </option>
            ))}
          </select>
        </>
      )}
      <select
        className="xk-plain-input"
        aria-label={t('how-n', at)}
        value={exact ? 'same' : test.how}
        disabled={exact}
        onChange={({ target }) => onChange({ ...test, how: target.value === 'like' ? 'like' : 'same' })}
      >
        <option value="same">{t('how-same')}</option>
        <option value="like">{t('how-like')}</option>
      </select>
      {onRemove && (
        <Button
          size="small"
          type="text"
          icon={<CloseOutlined />}
          aria-label={t('remove-test', at)}
          onClick={onRemove}
        />
      )}
    </div>
  );
}
