import { z } from 'zod';
import { endpoint } from './endpoint.ts';

const OCTANT = z.enum(['diamond', 'rising', 'gold', 'potential', 'loyal', 'active', 'old-friend', 'watch']);

export const thresholdsSchema = z.strictObject({
  /** Deals of the period. */
  count: z.number().min(1).max(10_000),
  amount: z.number().min(0).max(1e15),
  years: z.number().min(0).max(100),
});

const settings = z.strictObject({
  on: z.boolean(),
  /** What counts as a deal: orders that were not cancelled, or payments that arrived. */
  basis: z.enum(['orders', 'payments']),
  /** Frequency and amount are those of the last months. */
  months: z.int().min(1).max(120),
  thresholds: thresholdsSchema,
});
export type ValueSettingsView = z.infer<typeof settings>;

const cell = z.object({ customers: z.int(), ids: z.array(z.string()) });

export const value = {
  overview: endpoint({
    method: 'GET',
    path: '/value',
    summary: 'Customers in sight by the eight corners of value: how many, how many deals, what they were worth',
    permission: 'record',
    response: z.object({
      version: z.int(),
      settings,
      /** When it was last counted; null: never. */
      computedAt: z.string().nullable(),
      /** Sums may be read. */
      sums: z.boolean(),
      octants: z.array(
        z.object({
          octant: OCTANT.nullable(),
          customers: z.int(),
          deals: z.number().nullable(),
          amount: z.string().nullable(),
        }),
      ),
    }),
  }),
  moves: endpoint({
    method: 'GET',
    path: '/value/moves',
    summary: 'How customers in sight moved between the corners of value from one day to another',
    permission: 'record',
    query: z.object({ from: z.iso.date(), to: z.iso.date() }),
    response: z.object({
      /** null: no deals yet, or not counted yet. */
      moves: z.array(cell.extend({ from: OCTANT.nullable(), to: OCTANT.nullable() })),
    }),
  }),
  suggestion: endpoint({
    method: 'GET',
    path: '/value/suggestion',
    summary: 'Thresholds from the data: medians of the customers who bought, and what lies behind them',
    permission: 'admin:settings',
    query: z.object({ basis: z.enum(['orders', 'payments']), months: z.coerce.number().int().min(1).max(120) }),
    response: z.object({
      /** null: too few bought to say. */
      thresholds: thresholdsSchema.nullable(),
      enough: z.int(),
      buyers: z.int(),
      customers: z.int(),
      medianCount: z.number(),
      medianAmount: z.number(),
      medianYears: z.number(),
      fourFifths: z.object({ amount: z.number(), share: z.number() }).nullable(),
    }),
  }),
  save: endpoint({
    method: 'PUT',
    path: '/value/settings',
    summary: 'Say how value is counted; it is counted anew soon, and every night',
    permission: 'admin:settings',
    body: z.strictObject({ settings, version: z.int() }),
    response: z.object({ version: z.int() }),
  }),
};
