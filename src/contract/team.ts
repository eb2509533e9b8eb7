import { z } from 'zod';
import { endpoint } from './endpoint.ts';

const duty = z.enum(['sales', 'service', 'marketing', 'finance', 'steward']);
const day = z.iso.date();
const absence = z.strictObject({ from: day, to: day });

const teamSchema = z.object({
  /** Minutes a day of everybody who has none of his own: the hours a week of the settings over five days. */
  defaultMinutes: z.number(),
  people: z.array(
    z.object({
      account: z.string(),
      name: z.string(),
      disabled: z.boolean(),
      /** What he answers for; a policy entrusts a field to `role:service`. */
      duties: z.array(duty),
      dailyMinutes: z.number().nullable(),
      /** Who gets his share while he is away; null: those with the same duties. */
      deputy: z.string().nullable(),
      /** Days away, both ends included, past ones left out. */
      absences: z.array(absence),
      away: z.boolean(),
    }),
  ),
});
export type TeamView = z.infer<typeof teamSchema>;

export const team = {
  list: endpoint({
    method: 'GET',
    path: '/team',
    summary: 'Who answers for what, minutes a day, days away and deputies',
    permission: 'signed-in',
    response: teamSchema,
  }),
  save: endpoint({
    method: 'PUT',
    path: '/team/:account',
    summary: 'Set what a person answers for, his minutes a day, days away and deputy',
    permission: 'admin:team',
    params: z.object({ account: z.string().max(80) }),
    body: z
      .strictObject({
        duties: z.array(duty).max(5),
        dailyMinutes: z.number().min(0).max(600).nullable(),
        deputy: z.string().max(80).nullable(),
        absences: z.array(absence).max(50),
      })
      .refine(({ absences }) => absences.every(({ from, to }) => from <= to), { message: 'from is after to' }),
    response: teamSchema,
  }),
  saveAway: endpoint({
    method: 'PUT',
    path: '/team-away',
    summary: 'Set one’s own days away and deputy',
    permission: 'signed-in',
    body: z
      .strictObject({ deputy: z.string().max(80).nullable(), absences: z.array(absence).max(50) })
      .refine(({ absences }) => absences.every(({ from, to }) => from <= to), { message: 'from is after to' }),
    response: teamSchema,
  }),
};
