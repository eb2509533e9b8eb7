import { z } from 'zod';
import { STAGE_KINDS } from '../domain/schema/types.ts';
import { endpoint } from './endpoint.ts';
import { filterSchema } from './records.ts';

/** A share of n with the ends of its 95 % interval. */
const share = z.object({ value: z.number(), low: z.number(), high: z.number(), n: z.number() });
/** How many, and the first hundred of them. */
const some = z.object({ n: z.number(), ids: z.array(z.string()) });
const stage = z.object({
  value: z.string(),
  label: z.object({ zh: z.string(), en: z.string() }),
  kind: z.enum(STAGE_KINDS),
  probability: z.number(),
});

const range = { value: z.number(), low: z.number(), high: z.number() };
const forecast = z.object({
  ...range,
  deals: z.object(range),
  /** Deals open at the moment. */
  open: z.number(),
  /** Deals of the past whose course it rests on. */
  learned: z.number(),
});

const asked = {
  /** Any object with a stage field; opportunities unless named. */
  object: z.string().max(60).optional(),
  filter: filterSchema.optional(),
};

export const funnelReply = z.object({
  object: z.string(),
  field: z.string(),
  /** Deals that began in the period. */
  deals: z.number(),
  /** Deals of the period that were over already when they came into the system; not counted. */
  cameFinished: z.number(),
  steps: z.array(
    z.object({
      stage,
      reached: some,
      here: some,
      /** Went on, of those that left the stage. */
      onward: share.nullable(),
      stay: z.object({ days: z.number().nullable(), n: z.number(), ongoing: z.number() }),
    }),
  ),
  won: some,
  lost: some,
  winRate: share.nullable(),
  /** There are more deals than are counted at once: the newest of them are. */
  clipped: z.boolean(),
});

export const forecastReply = z.object({
  object: z.string(),
  /** Money field; null: amounts may not be read, or there are none: counts only. */
  amount: z.string().nullable(),
  currency: z.string().nullable(),
  until: z.string(),
  open: z.number(),
  /** Amount × chance of the stage, over open deals expected until then; null without amounts. */
  weighted: z
    .object({
      value: z.number(),
      counted: z.number(),
      /** Open deals without a date, left out. */
      undated: z.number(),
    })
    .nullable(),
  /** By how such deals went before, 80 % interval; null: fewer than twenty went before. */
  history: forecast.nullable(),
  backTests: z.array(
    z.object({
      at: z.string(),
      until: z.string(),
      forecast,
      came: z.number(),
      cameDeals: z.number(),
      within: z.boolean(),
    }),
  ),
  clipped: z.boolean(),
});

export const sales = {
  funnel: endpoint({
    method: 'POST',
    path: '/sales/funnel',
    summary: 'How deals that began in a period went through the stages: conversion, time in stage, win rate',
    permission: 'record',
    scoped: true,
    reading: true,
    body: z.strictObject({
      ...asked,
      from: z.iso.datetime({ offset: true }),
      to: z.iso.datetime({ offset: true }).optional(),
    }),
    response: funnelReply,
  }),
  forecast: endpoint({
    method: 'POST',
    path: '/sales/forecast',
    summary:
      'What the open deals bring within some days: by the chances set, and by history, with what it would have said before',
    permission: 'record',
    scoped: true,
    reading: true,
    body: z.strictObject({ ...asked, days: z.int().min(7).max(366).optional() }),
    response: forecastReply,
  }),
};
