import { lazy, Suspense, useState } from 'react';
import type { ObjectDef } from '../../domain/schema/types.ts';
import type { MassTarget } from '../features/mass/mass-api.ts';
import type { MassDraft, MassKind } from '../features/mass/mass-draft.ts';
import type { Finding, Remedy, Scan } from '../features/scans/findings.ts';
import { ScansPanel } from '../features/scans/scans-panel.tsx';
import { useFormatEnv } from '../fields/sources.ts';

const MassDialog = lazy(async () => ({ default: (await import('../features/mass/mass-dialog.tsx')).MassDialog }));

interface Begun {
  kind: MassKind;
  begin: Partial<MassDraft>;
  target: MassTarget;
  n: number;
}

/** Field and choice that say 待验证 (reminders make it the first time somebody needs it). */
const MARK = { field: 'contact_state', value: 'pending' };
const NO_TITLES: ReadonlyMap<string, string> = new Map();

/** Scans on the health page: what was found, and mass operations as its remedies. */
export function HealthScans({ object }: { object: ObjectDef }) {
  const [begun, setBegun] = useState<Begun | null>(null);
  const env = useFormatEnv(object.fields, NO_TITLES);
  const marked = object.fields.some(
    (field) => field.name === MARK.field && !field.retired && field.options?.some(({ value }) => value === MARK.value),
  );
  return (
    <>
      <ScansPanel
        key={object.name}
        object={object}
        marked={marked}
        onRemedy={(remedy, scan, finding) => setBegun(begin(remedy, object, scan, finding))}
      />
      {begun && (
        <Suspense fallback={null}>
          <MassDialog
            object={object}
            env={env}
            {...begun}
            onClose={() => setBegun(null)}
            onStarted={() => setBegun(null)}
          />
        </Suspense>
      )}
    </>
  );
}

function begin(remedy: Exclude<Remedy, 'check' | 'review'>, object: ObjectDef, scan: Scan, finding: Finding): Begun {
  const target: MassTarget = {
    object: object.name,
    ...(finding.what === 'missing'
      ? { filter: { field: finding.field, op: 'empty' } }
      : { scan: { id: scan.id, kind: finding.kind } }),
  };
  const kinds = { standardise: 'standardise', mark: 'set', assign: 'assign', bin: 'delete' } as const;
  const filled: Partial<MassDraft> =
    remedy === 'standardise' ? { fields: [finding.field] } : remedy === 'mark' ? { ...MARK, how: 'set' } : {};
  return { kind: kinds[remedy], begin: filled, target, n: finding.count };
}
