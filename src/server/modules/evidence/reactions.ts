import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from '../../../domain/change/types.ts';
import { type EvidenceKind, fieldsOfKind } from '../../../domain/freshness/cell.ts';
import type { Policy } from '../../../domain/freshness/policy.ts';
import type { FieldValue, ObjectDef } from '../../../domain/schema/types.ts';
import { root } from '../../platform/root.ts';

/** Evidence that a record is when it is written. Data: templates/evidence.json. */
export interface Reaction {
  object: string;
  /** All of these fields have one of these values. */
  when: Record<string, string[]>;
  evidence: string;
  /** Relations in order: the first that is filled names the record it is about. */
  on: string[];
  /** Field with the moment; absent: when it was written. */
  at?: string;
  /** Fields of that record; absent: those the kind speaks about. */
  fields?: string[];
  /** Only the first filled of them: the number one dials. */
  first?: boolean;
}

export function readReactions(): Reaction[] {
  const text = readFileSync(join(root, 'templates', 'evidence.json'), 'utf8');
  return (JSON.parse(text) as { reactions: Reaction[] }).reactions;
}

type Values = Record<string, FieldValue>;

/** Relation and target of a reaction to one record, or null when it does not react. */
export function targetOf(reaction: Reaction, object: ObjectDef, values: Values): { object: string; id: string } | null {
  for (const [name, allowed] of Object.entries(reaction.when))
    if (!allowed.includes(String(values[name] ?? ''))) return null;
  for (const name of reaction.on) {
    const target = object.fields.find((field) => field.name === name && !field.retired)?.target;
    const id = values[name];
    if (target && typeof id === 'string') return { object: target, id };
  }
  return null;
}

/** The change that a reaction makes to its target, or null when it says nothing about it: no field of the kind is filled, no policy asks. */
export function changeOf(
  reaction: Reaction,
  kind: EvidenceKind,
  target: ObjectDef,
  id: string,
  values: Values,
  policies: readonly Policy[],
  at: Date,
): (Change & { id: string }) | null {
  const asked = policies
    .filter((policy) => policy.object === target.name && policy.after?.includes(kind.kind))
    .map((policy) => policy.field);
  const named = reaction.fields ?? [...fieldsOfKind(kind, target.name, target.fields), ...asked];
  const filled = target.fields
    .filter(
      (field) => named.includes(field.name) && field.tracked && !field.retired && (values[field.name] ?? null) !== null,
    )
    .map((field) => field.name);
  const fields = reaction.first ? filled.slice(0, 1) : filled;
  if (fields.length === 0) return null;
  return { op: 'update', object: target.name, id, evidence: { kind: kind.kind, fields, at: at.toISOString() } };
}
