import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Drawer } from 'antd';
import { useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import { DUTIES } from '../../../domain/freshness/duties.ts';
import { call } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { keys } from '../../api/query.ts';
import { useText } from '../../i18n/core.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { type Member, teamKey } from './team-api.ts';
import { useTeamText } from './texts.ts';

/** Duties, minutes a day, days away and deputy of one person. */
export function MemberDrawer({
  person,
  all,
  people,
  defaultMinutes,
  onClose,
}: {
  person: Member;
  /** Everything, or his own days away only. */
  all: boolean;
  people: Member[];
  defaultMinutes: number;
  onClose: () => void;
}) {
  const t = useTeamText();
  const words = useText();
  const toasts = useToasts();
  const client = useQueryClient();
  const id = useId();
  const { duties, dailyMinutes, deputy, absences, name, account } = person;
  const [draft, setDraft] = useState({
    duties,
    dailyMinutes,
    deputy,
    // Rows one types into need a name that stays when another goes.
    absences: absences.map((absence, key) => ({ ...absence, key })),
  });
  const [tried, setTried] = useState(false);
  const set = (change: Partial<typeof draft>) => setDraft((now) => ({ ...now, ...change }));
  const change = (key: number, part: { from?: string; to?: string }) =>
    set({ absences: draft.absences.map((one) => (one.key === key ? { ...one, ...part } : one)) });
  const whole = draft.absences.filter(({ from, to }) => from !== '' || to !== '');
  const turned = whole.some(({ from, to }) => from === '' || to === '' || from > to);
  const save = useMutation({
    mutationFn: () => {
      const away = { deputy: draft.deputy, absences: whole.map(({ from, to }) => ({ from, to })) };
      return all
        ? call(api.team.save, { params: { account }, body: { ...draft, ...away } })
        : call(api.team.saveAway, { body: away });
    },
    onSuccess: (team) => {
      client.setQueryData(teamKey, team);
      void client.invalidateQueries({ queryKey: keys.today });
      toasts.success(t('saved', { name }));
      onClose();
    },
  });
  const submit = () => {
    setTried(true);
    if (!turned) save.mutate();
  };
  return (
    <Drawer
      open
      size={440}
      title={t('edit-title', { name })}
      onClose={onClose}
      footer={
        <div className="xk-team-foot">
          <Button onClick={onClose}>{words('cancel')}</Button>
          <Button type="primary" loading={save.isPending} onClick={submit}>
            {words('save')}
          </Button>
        </div>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {all && (
          <>
            <fieldset className="xk-form-row">
              <legend>{t('duties')}</legend>
              <div className="xk-team-boxes">
                {DUTIES.map((duty) => (
                  <label key={duty} className="xk-check">
                    <input
                      type="checkbox"
                      checked={draft.duties.includes(duty)}
                      onChange={({ target }) =>
                        set({
                          duties: DUTIES.filter((one) => (one === duty ? target.checked : draft.duties.includes(one))),
                        })
                      }
                    />
                    <span>{t(duty)}</span>
                  </label>
                ))}
              </div>
              <small className="xk-muted">{t('duties-hint')}</small>
            </fieldset>
            <label htmlFor={`${id}-minutes`} className="xk-form-row">
              <span>{t('daily-minutes')}</span>
              <input
                id={`${id}-minutes`}
                type="number"
                className="xk-plain-input xk-small-input"
                min={0}
                max={600}
                aria-describedby={`${id}-minutes-hint`}
                value={draft.dailyMinutes ?? ''}
                onChange={({ target }) =>
                  set({
                    dailyMinutes: target.value === '' ? null : Math.min(600, Math.max(0, target.valueAsNumber || 0)),
                  })
                }
              />
              <small id={`${id}-minutes-hint`} className="xk-muted">
                {t('daily-hint', { n: Math.round(defaultMinutes) })}
              </small>
            </label>
          </>
        )}
        <label htmlFor={`${id}-deputy`} className="xk-form-row">
          <span>{t('deputy-label')}</span>
          <select
            id={`${id}-deputy`}
            className="xk-plain-input"
            value={draft.deputy ?? ''}
            onChange={({ target }) => set({ deputy: target.value || null })}
          >
            <option value="">{t('deputy-share')}</option>
            {people
              .filter((one) => one.account !== account && (!one.disabled || one.account === deputy))
              .map((one) => (
                <option key={one.account} value={one.account}>
                  {one.name}
                </option>
              ))}
          </select>
        </label>
        <fieldset className="xk-form-row">
          <legend>{t('absences')}</legend>
          {draft.absences.map(({ key, from, to }) => (
            <div key={key} className="xk-team-days">
              <label>
                <span>{t('from')}</span>
                <input
                  type="date"
                  className="xk-plain-input"
                  value={from}
                  onChange={({ target }) => change(key, { from: target.value, ...(to === '' && { to: target.value }) })}
                />
              </label>
              <label>
                <span>{t('to')}</span>
                <input
                  type="date"
                  className="xk-plain-input"
                  min={from}
                  value={to}
                  onChange={({ target }) => change(key, { to: target.value })}
                />
              </label>
              <Button
                size="small"
                aria-label={`${words('delete')} ${from} – ${to}`}
                onClick={() => set({ absences: draft.absences.filter((one) => one.key !== key) })}
              >
                {words('delete')}
              </Button>
            </div>
          ))}
          {tried && turned && (
            <p className="xk-team-problem" role="alert">
              {t('absence-turned')}
            </p>
          )}
          <div>
            <Button
              size="small"
              onClick={() =>
                set({
                  absences: [
                    ...draft.absences,
                    { from: '', to: '', key: Math.max(-1, ...draft.absences.map((one) => one.key)) + 1 },
                  ],
                })
              }
            >
              {t('absence-add')}
            </Button>
          </div>
        </fieldset>
        {save.error && <Alert type="error" showIcon title={sentence(save.error)} />}
        <button type="submit" hidden />
      </form>
    </Drawer>
  );
}
