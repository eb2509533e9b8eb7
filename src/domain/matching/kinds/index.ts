import type { Kind, KindName } from '../types.ts';
import { date, identifier, number, postcode, uscc } from './code.ts';
import { company } from './company.ts';
import { email, phone, url } from './contact.ts';
import { family, given, person } from './person.ts';
import { address, place } from './place.ts';
import { category, text } from './text.ts';

/** A kind whose parsed form only the kind itself looks into. */
export type AnyKind = Kind<unknown>;

/** Every kind by name. Values made by a kind's `parse` are only ever given back to the same kind. */
const KINDS = {
  company,
  person,
  given,
  family,
  phone,
  email,
  url,
  uscc,
  identifier,
  date,
  address,
  number,
  postcode,
  place,
  category,
  text,
} as unknown as Record<KindName, AnyKind>;

export function kindOf(name: KindName): AnyKind {
  return KINDS[name];
}
