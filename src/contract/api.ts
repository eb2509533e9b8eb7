import { catalog } from './catalog.ts';
import { events } from './events.ts';
import { freshness } from './freshness.ts';
import { imports } from './imports.ts';
import { records } from './records.ts';
import { session } from './session.ts';

/** Every endpoint of the product, by group. */
export const api = { session, catalog, records, freshness, imports, events };
