import { useQuery } from '@tanstack/react-query';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { useCatalog } from '../../api/query.ts';
import { useLabel, useNoun } from '../../i18n/core.ts';
import { Choices } from '../../ui/choices.tsx';
import { Choice, type Option, Row } from '../../ui/form-parts.tsx';
import {
  addressFields,
  type CampaignInput,
  childrenOf,
  type FilterEditor,
  fitting,
  reachable,
  useSegments,
} from './campaigns-api.ts';
import { Size } from './segment-list.tsx';
import { useCampaignText } from './texts/words.ts';

const OWN = '-';
/** A condition of one's own over an object, as the list of segments has it. */
const own = (object: string) => `${OWN}${object}`;

/** Whom it goes to: a segment or conditions, they themselves or what belongs to them, and what for. */
export function WhoStep({
  input,
  sms,
  Editor,
  onChange,
}: {
  input: CampaignInput;
  /** Text messages are set up. */
  sms: boolean;
  Editor: FilterEditor;
  onChange(patch: Partial<CampaignInput>): void;
}) {
  const t = useCampaignText();
  const label = useLabel();
  const noun = useNoun();
  const { objects } = useCatalog();
  const segments = useSegments();
  const purposes = useQuery({
    queryKey: ['privacy', 'purposes'],
    queryFn: async ({ signal }) => (await call(api.privacy.purposes, { signal })).purposes,
  });
  const { kind, audience } = input;
  const object = objects.find((one) => one.name === audience.object);
  const change = (patch: Partial<CampaignInput['audience']>) => {
    const { view: _view, filter: _filter, ...rest } = audience;
    onChange({ audience: fitting(objects, kind, { ...rest, ...patch }) });
  };
  const possible = reachable(objects, kind);
  const known = segments.data?.filter((one) => possible.some(({ name }) => name === one.object)) ?? [];
  const chosen = known.find((one) => one.id === audience.view);
  const options: Option[] = [
    ...known.map((one): Option => [one.id, one.label ? label(one.label) : one.name]),
    ...possible.map((one): Option => [own(one.name), `${t('segment-own')} · ${label(one.plural)}`]),
  ];
  const children = object ? childrenOf(objects, object.name).filter((one) => addressFields(one, kind).length > 0) : [];
  const receivers: Option[] = [
    ...(addressFields(object, kind).length > 0
      ? [['', t('recipients-self', { object: noun(object?.plural) })] as Option]
      : []),
    ...children.map(
      (one): Option => [one.name, t('recipients-below', { object: noun(object?.plural), child: label(one.plural) })],
    ),
  ];
  const addressed = objects.find((one) => one.name === (audience.of ?? audience.object));
  const addresses = addressFields(addressed, kind);
  return (
    <div className="xk-campaign-form">
      <div className="xk-form-row">
        <span className="xk-campaign-legend">{t('kind')}</span>
        <Choices
          label={t('kind')}
          value={kind}
          options={[
            { value: 'mail', label: t('mail') },
            { value: 'sms', label: t('sms') },
          ]}
          onChange={(next) => onChange({ kind: next, audience: fitting(objects, next, audience) })}
        />
        {kind === 'sms' && !sms && <small className="xk-campaign-warn">{t('sms-off')}</small>}
      </div>
      <Choice
        label={t('segment')}
        value={chosen ? chosen.id : own(audience.object)}
        options={options}
        onChange={(value) => {
          const segment = known.find(({ id }) => id === value);
          if (segment) change({ object: segment.object, view: segment.id, filter: segment.filter });
          else change({ object: value.slice(OWN.length) });
        }}
      />
      {chosen ? (
        <p className="xk-muted">
          <Size count={chosen.count} />
        </p>
      ) : (
        object && (
          <Editor
            object={object}
            own={false}
            label={t('conditions')}
            filter={audience.filter}
            onChange={(filter) => change(filter ? { filter } : {})}
          />
        )
      )}
      {receivers.length > 0 ? (
        <Choice
          label={t('recipients')}
          value={audience.of ?? ''}
          options={receivers}
          onChange={(of) => {
            const { of: _, ...rest } = audience;
            onChange({ audience: fitting(objects, kind, { ...rest, ...(of !== '' && { of }) }) });
          }}
        />
      ) : (
        <p className="xk-campaign-warn">{t('no-address-object')}</p>
      )}
      {addresses.length > 1 && (
        <Choice
          label={t('address')}
          value={audience.field}
          options={addresses.map((field) => [field.name, label(field.label)])}
          onChange={(field) => onChange({ audience: { ...audience, field } })}
        />
      )}
      <Choice
        label={t('purpose')}
        hint={t('purpose-hint')}
        value={input.purpose}
        options={(purposes.data ?? []).filter(({ retired }) => !retired).map((one) => [one.id, label(one.label)])}
        onChange={(purpose) => onChange({ purpose })}
      />
      <Row id="campaign-name" label={t('name')}>
        <input
          id="campaign-name"
          className="xk-plain-input"
          required
          maxLength={80}
          placeholder={t('name-example')}
          value={input.name}
          onChange={({ target }) => onChange({ name: target.value })}
        />
      </Row>
    </div>
  );
}
