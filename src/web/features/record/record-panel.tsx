import type { ObjectDef } from '../../../domain/schema/types.ts';

export function RecordPanel({
  object,
  id,
}: {
  object: ObjectDef;
  id: string;
  historyOf?: string | undefined;
  onClose(): void;
}) {
  return (
    <div>
      {object.name} {id}
    </div>
  );
}
