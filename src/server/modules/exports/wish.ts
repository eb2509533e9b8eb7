import type { Query } from '../../records/types.ts';
import type { ExportFormat } from '../records/index.ts';

/** An export as somebody asked for it; this is what is approved. */
export interface ExportWish {
  query: Query;
  format: ExportFormat;
  forEditing: boolean;
}
