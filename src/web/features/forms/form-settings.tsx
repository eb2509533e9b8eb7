import { useQuery } from '@tanstack/react-query';
import { api } from '../../../contract/api.ts';
import type { FieldDef } from '../../../domain/schema/types.ts';
import { call } from '../../api/client.ts';
import { useAccounts, useObject } from '../../api/query.ts';
import { useLabel } from '../../i18n/core.ts';
import { Choice, NumberBox, type Option, Row, TextBox, Ticks } from '../../ui/form-parts.tsx';
import type { Design, FormView } from './forms-api.ts';
import { LabelBox } from './label-box.tsx';
import { useFormsText } from './texts.ts';

/** What becomes of what comes in, who is told, until when it is open, and what it takes of one address. */
export function FormSettings({
  form,
  design,
  onChange,
}: {
  form: FormView;
  design: Design;
  onChange(patch: Partial<Design>): void;
}) {
  const t = useFormsText();
  const label = useLabel();
  const object = useObject(design.object);
  const people = useAccounts().filter(({ disabled }) => !disabled);
  const purposes = useQuery({
    queryKey: ['forms', 'purposes'],
    queryFn: ({ signal }) => call(api.privacy.purposes, { signal }),
  }).data?.purposes.filter(({ retired }) => !retired);
  const accounts: Option[] = people.map(({ id, name }) => [id, name]);
  return (
    <>
      <LabelBox label={t('intro')} long value={design.intro} onChange={(intro) => onChange({ intro })} />
      <LabelBox label={t('thanks')} long value={design.thanks} onChange={(thanks) => onChange({ thanks })} />
      <Choice
        label={t('outcome')}
        hint={t('outcome-hint')}
        value={design.outcome}
        options={[
          ['create', t('outcome-create')],
          ['review', t('outcome-review')],
        ]}
        onChange={(outcome) => onChange({ outcome: outcome === 'review' ? 'review' : 'create' })}
      />
      {object?.owner !== undefined && (
        <Choice
          label={t('owner')}
          value={design.owner ?? ''}
          options={[['', t('owner-rule')], ...accounts]}
          onChange={(owner) => onChange({ owner: owner || undefined })}
        />
      )}
      <Ticks legend={t('tell')} options={accounts} chosen={design.tell} onChange={(tell) => onChange({ tell })} />
      <Choice
        label={t('consent')}
        hint={t('consent-hint')}
        value={design.consent?.purpose ?? ''}
        options={[['', t('consent-none')], ...(purposes?.map((one): Option => [one.id, label(one.label)]) ?? [])]}
        onChange={(purpose) => onChange({ consent: purpose === '' ? undefined : { purpose } })}
      />
      {object && <Fixed design={design} fields={object.fields} onChange={onChange} />}
      <Deadline design={design} onChange={onChange} />
      <NumberBox
        label={t('most')}
        hint={t('most-none')}
        min={0}
        max={1_000_000}
        value={design.most ?? 0}
        onChange={(most) => onChange({ most: most === 0 ? undefined : most })}
      />
      <section className="xk-form-part">
        <h2>{t('limits')}</h2>
        <NumberBox
          label={t('per-address')}
          hint={t('per-address-hint')}
          min={1}
          max={100_000}
          value={design.perAddress}
          onChange={(perAddress) => onChange({ perAddress: Math.max(1, perAddress) })}
        />
        <NumberBox
          label={t('per-minute')}
          min={1}
          max={1_000_000}
          value={design.perMinute}
          onChange={(perMinute) => onChange({ perMinute: Math.max(1, perMinute) })}
        />
        <p className="xk-muted">{t('limits-hint')}</p>
      </section>
      <TextBox
        label={t('sites')}
        hint={t('sites-hint')}
        long
        value={design.sites.join('\n')}
        onChange={(text) => onChange({ sites: text.split('\n').slice(0, 20) })}
      />
      <p className="xk-muted">{t('author-hint', { name: form.authorName })}</p>
    </>
  );
}

/** One choice field that says where a record came from. */
function Fixed({
  design,
  fields,
  onChange,
}: {
  design: Design;
  fields: readonly FieldDef[];
  onChange(patch: Partial<Design>): void;
}) {
  const t = useFormsText();
  const label = useLabel();
  const choices = fields.filter((field) => field.type === 'select' && !field.retired && !field.readonly);
  if (choices.length === 0) return null;
  const options: Option[] = choices.flatMap((field) =>
    (field.options ?? [])
      .filter(({ retired }) => !retired)
      .map((one): Option => [`${field.name}=${one.value}`, `${label(field.label)}：${label(one.label)}`]),
  );
  const [now] = design.fixed;
  return (
    <Choice
      label={t('fixed')}
      hint={t('fixed-hint')}
      value={now ? `${now.field}=${String(now.value)}` : ''}
      options={[['', t('fixed-none')], ...options]}
      onChange={(key) => {
        const at = key.indexOf('=');
        onChange({ fixed: at < 0 ? [] : [{ field: key.slice(0, at), value: key.slice(at + 1) }] });
      }}
    />
  );
}

function Deadline({ design, onChange }: { design: Design; onChange(patch: Partial<Design>): void }) {
  const t = useFormsText();
  // As the input has it: a moment of this device's zone without the zone.
  const shown = design.closesAt === undefined ? '' : localOf(new Date(design.closesAt));
  return (
    <Row id="xk-form-closes" label={t('closes-at')}>
      <input
        id="xk-form-closes"
        type="datetime-local"
        className="xk-plain-input xk-form-date"
        value={shown}
        onChange={({ target }) =>
          onChange({ closesAt: target.value === '' ? undefined : new Date(target.value).toISOString() })
        }
      />
    </Row>
  );
}

function localOf(moment: Date): string {
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
