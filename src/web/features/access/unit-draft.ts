import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';

/** A department, team or territory while it is edited; `id` null: a new one. */
export interface UnitDraft {
  kind: 'department' | 'team' | 'territory';
  id: string | null;
  name: string;
  accounts: string[];
  parent: string | null;
  manager: string | null;
  object: string;
  field: string;
  values: string[];
}

export async function saveUnit({ kind, id: known, parent, manager, object, field, values, ...unit }: UnitDraft) {
  const params = { id: known ?? crypto.randomUUID() };
  const body = { ...unit, name: unit.name.trim() };
  if (kind === 'department') await call(api.access.saveDepartment, { params, body: { ...body, parent, manager } });
  else if (kind === 'team') await call(api.access.saveTeam, { params, body });
  else await call(api.access.saveTerritory, { params, body: { ...body, object, field, values } });
}

const REMOVE = {
  department: api.access.deleteDepartment,
  team: api.access.deleteTeam,
  territory: api.access.deleteTerritory,
};

export async function removeUnit(kind: UnitDraft['kind'], id: string): Promise<void> {
  await call(REMOVE[kind], { params: { id } });
}
