import { z } from 'zod';
import { SERVICE_STATES } from '../domain/service/index.ts';
import { labelSchema } from './catalog.ts';
import { endpoint } from './endpoint.ts';
import { filterSchema } from './records.ts';

const time = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/);
const day = z.iso.date();
const name = z.string().min(1).max(60);

export const workCalendarSchema = z.strictObject({
  /** IANA zone of the wall clock. */
  timeZone: z
    .string()
    .max(60)
    .refine((zone) => {
      try {
        return new Intl.DateTimeFormat('en', { timeZone: zone }) !== null;
      } catch {
        return false;
      }
    }),
  /** Hours by weekday, 1 Monday … 7 Sunday. */
  week: z.record(z.enum(['1', '2', '3', '4', '5', '6', '7']), z.array(z.strictObject({ from: time, to: time })).max(6)),
  off: z.array(day).max(400),
  /** Days worked that would be free (调休). */
  work: z.array(day).max(200),
});
export type WorkCalendarSettings = z.infer<typeof workCalendarSchema>;

/** Working minutes. */
const minutes = z.int().min(1).max(600_000);

export const serviceClockSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/),
  name: labelSchema,
  object: name,
  /** Field with the moment at which it starts; absent: when the record was entered. */
  start: name.optional(),
  /** Field that gets the moment by which it must be done. */
  due: name,
  /** Own fields: what is done. */
  done: filterSchema,
  /** Own fields: while it holds, the clock stands. */
  pause: filterSchema.optional(),
  /** The first that takes the record counts. */
  targets: z
    .array(z.strictObject({ if: filterSchema.optional(), minutes }))
    .min(1)
    .max(20),
  /** So long before the time is up it is near. */
  near: z.int().min(0).max(60_000),
  off: z.boolean().optional(),
});
export type ServiceClock = z.infer<typeof serviceClockSchema>;

export const serviceSchema = z.strictObject({
  calendar: workCalendarSchema,
  clocks: z.array(serviceClockSchema).max(40),
  /** Choice fields that say how a record stands with its clocks (src/domain/service/clock.ts). */
  states: z.array(z.strictObject({ object: name, field: name })).max(20),
});
export type ServiceSettings = z.infer<typeof serviceSchema>;

export const service = {
  get: endpoint({
    method: 'GET',
    path: '/service',
    summary: 'Working hours, holidays, and by when what must be answered and solved',
    permission: 'signed-in',
    response: serviceSchema,
  }),
  saveCalendar: endpoint({
    method: 'PUT',
    path: '/service/calendar',
    summary: 'Change working hours and holidays; times of what is open are worked out anew',
    permission: 'admin:settings',
    body: workCalendarSchema,
    response: serviceSchema,
  }),
  saveClocks: endpoint({
    method: 'PUT',
    path: '/service/clocks',
    summary: 'Change by when what must be answered and solved; times of what is open are worked out anew',
    permission: 'admin:settings',
    body: z.strictObject({ clocks: serviceSchema.shape.clocks }),
    response: serviceSchema,
  }),
  clocksOf: endpoint({
    method: 'GET',
    path: '/records/:object/:id/clocks',
    summary: 'How a record stands with its service clocks',
    permission: 'record',
    params: z.object({ object: name, id: z.uuid() }),
    response: z.object({
      clocks: z.array(
        z.object({
          id: z.string(),
          name: labelSchema,
          phase: z.enum(['runs', 'pauses', 'done']),
          state: z.enum(SERVICE_STATES).nullable(),
          due: z.string().nullable(),
          doneAt: z.string().nullable(),
          /** Working minutes until it is due (negative: since); of a clock that stands, those that are left; null where there is no time. */
          left: z.int().nullable(),
        }),
      ),
    }),
  }),
};
