import type { FieldDef } from './types.ts';

/** Whether stored values of the field may be ciphertext: it is encrypted, or on its way in or out. */
export const mayBeSealed = (field: Pick<FieldDef, 'encrypted' | 'moving'>): boolean =>
  field.encrypted === true || field.moving !== undefined;

/** Whether the field is to be encrypted in the end, wherever its values are by now. */
export const wantsEncryption = ({ encrypted, moving }: Pick<FieldDef, 'encrypted' | 'moving'>): boolean =>
  moving === undefined ? encrypted === true : moving === 'in';
