import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { reportDefinition, type reportSchema } from '../../../contract/insight.ts';
import type { Label } from '../../../domain/issue.ts';
import { root } from '../../platform/root.ts';

type Report = z.input<typeof reportSchema>;

const fileSchema = z.array(
  z.strictObject({
    id: z.string(),
    label: z.strictObject({ zh: z.string(), en: z.string() }),
    definition: reportDefinition,
  }),
);

let read: Report[] | null = null;

/** templates/reports.json: what a firm finds on its first day. Nobody's, seen by all who see the object. */
export function templateReports(): Report[] {
  read ??= fileSchema
    .parse(JSON.parse(readFileSync(join(root, 'templates', 'reports.json'), 'utf8')))
    .map(({ id, label, definition }) => ({
      id,
      name: label.zh,
      label: label satisfies Label,
      owner: null,
      shared: true,
      definition,
      version: 1,
    }));
  return read;
}
