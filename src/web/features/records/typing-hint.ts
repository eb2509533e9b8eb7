import { createContext, type ReactNode } from 'react';
import type { FieldValue, ObjectDef } from '../../../domain/schema/types.ts';

/** Says something about a record while it is typed into a form. */
export type TypingHintOf = (object: ObjectDef, values: Record<string, FieldValue>) => ReactNode;

/** What another feature has to say below a new record's form; the screen brings them together. */
export const TypingHintContext = createContext<TypingHintOf | null>(null);
