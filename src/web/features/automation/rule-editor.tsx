import { PlusOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert, Button, Drawer } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useCatalog } from '../../api/query.ts';
import { TextBox, Tick } from '../../ui/form-parts.tsx';
import { type ConditionTools, type RuleInput, subjectName, type Then } from './automation-api.ts';
import { useAutomationText } from './texts/words.ts';
import { newAction, ThenForm } from './then-form.tsx';
import { WhenForm } from './when-form.tsx';

const DAYS = 30;

/** One rule in words that are boxes: when, if, then. It can be tried on the last month before it is saved. */
export function RuleEditor({
  rule: given,
  isNew,
  tools,
  saving,
  onClose,
  onSave,
  onRemove,
}: {
  rule: RuleInput;
  isNew: boolean;
  tools: ConditionTools;
  saving: boolean;
  onClose(): void;
  onSave(rule: RuleInput): void;
  onRemove(): void;
}) {
  const t = useAutomationText();
  const { objects } = useCatalog();
  const [rule, setRule] = useState(given);
  const trial = useMutation({
    mutationFn: (wanted: RuleInput) => call(api.automation.try, { body: { rule: wanted, days: DAYS } }),
  });
  const set = (patch: Partial<RuleInput>) => {
    trial.reset();
    setRule({ ...rule, ...patch });
  };
  const subject = objects.find(({ name }) => name === subjectName(rule.when, objects));
  const named = { ...rule, name: rule.name.trim() || t('new-title') };
  const putAction = (at: number, action: Then) => set(actions(rule.steps.map((one, n) => (n === at ? action : one))));
  return (
    <Drawer
      open
      size={560}
      title={isNew ? t('new-title') : t('edit-title')}
      onClose={onClose}
      footer={
        <div className="xk-auto-foot">
          {!isNew && (
            <Button danger onClick={onRemove}>
              {t('remove')}
            </Button>
          )}
          <span />
          <Button loading={trial.isPending} onClick={() => trial.mutate(named)}>
            {t('try')}
          </Button>
          <Button type="primary" loading={saving} disabled={rule.name.trim() === ''} onClick={() => onSave(rule)}>
            {t('save')}
          </Button>
        </div>
      }
    >
      <TextBox label={t('name')} example={t('name-example')} value={rule.name} onChange={(name) => set({ name })} />
      <section className="xk-auto-part">
        <h3>{t('when')}</h3>
        <WhenForm
          when={rule.when}
          tools={tools}
          onChange={(when) => {
            const moved = subjectName(when, objects) !== subject?.name;
            set({ when, ...(moved && { if: undefined }) });
          }}
        />
      </section>
      {subject && (
        <section className="xk-auto-part">
          <h3>{t('if')}</h3>
          <tools.Editor
            label={t('if')}
            object={subject}
            own={rule.when.on === 'deleted' || (rule.when.on === 'changed' && rule.when.becomes === true)}
            filter={rule.if}
            onChange={(filter) => set({ if: filter })}
          />
          <small className="xk-muted">{t('if-hint')}</small>
        </section>
      )}
      {subject && (
        <section className="xk-auto-part">
          <h3>{t('then-head')}</h3>
          {rule.steps.map((action, at) => (
            <ThenForm
              // biome-ignore lint/suspicious/noArrayIndexKey: actions have no identity but their place
              key={at}
              action={action}
              subject={subject}
              onChange={(next) => putAction(at, next)}
              onRemove={rule.steps.length > 1 ? () => set(actions(rule.steps.filter((_, n) => n !== at))) : undefined}
            />
          ))}
          <Button
            size="small"
            type="text"
            icon={<PlusOutlined />}
            onClick={() => set(actions([...rule.steps, newAction('notify', subject)]))}
          >
            {t('add-then')}
          </Button>
        </section>
      )}
      <Tick label={t('off')} checked={rule.off === true} onChange={(off) => set({ off: off || undefined })} />
      {trial.error && <Alert type="error" showIcon title={sentence(trial.error)} />}
      {trial.data && (
        <div className="xk-auto-trial" role="status">
          <p>
            {trial.data.count === 0
              ? t('try-none', { days: trial.data.days })
              : t('try-result', { days: trial.data.days, n: trial.data.count, m: trial.data.records })}{' '}
            {trial.data.capped && t('try-more')}
          </p>
          <ul>
            {trial.data.samples.map(({ id, title, at }) => (
              <li key={id}>
                <Link to="/o/$object/$id" params={{ object: trial.data.object, id }} target="_blank">
                  {title}
                </Link>{' '}
                <span className="xk-muted">{at.slice(0, 10)}</span>
              </li>
            ))}
          </ul>
          <p className="xk-muted">{t('try-hint')}</p>
        </div>
      )}
    </Drawer>
  );
}

const actions = (list: Then[]): Pick<RuleInput, 'steps'> => ({ steps: list });
