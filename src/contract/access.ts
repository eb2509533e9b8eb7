import { z } from 'zod';
import { ROW_RULES } from '../domain/access/role.ts';
import { ACTIONS, ACTS, MODES } from '../domain/access/types.ts';
import { endpoint } from './endpoint.ts';
import { filterSchema } from './records.ts';

const words = z.object({ zh: z.string().min(1).max(80), en: z.string().min(1).max(80) });
const id = z.string().max(80);
const ok = z.object({ ok: z.literal(true) });
const mode = z.enum(MODES);
const action = z.enum(ACTIONS);

const rowRule = z.union([
  z.strictObject({ rule: z.enum(ROW_RULES).exclude(['filter']) }),
  z.strictObject({ rule: z.literal('filter'), filter: filterSchema }),
]);

export const roleObjectSchema = z.strictObject({
  rows: z.array(rowRule).max(10),
  actions: z.array(action).max(ACTIONS.length),
  fields: z.record(z.string().max(60), mode),
});

const roleBody = z.strictObject({
  label: words,
  objects: z.record(z.string().max(60), roleObjectSchema),
  acts: z.array(z.enum(ACTS)).max(ACTS.length),
});

export const roleSchema = z.object({
  id,
  label: z.object({ zh: z.string(), en: z.string() }),
  help: z.object({ zh: z.string(), en: z.string() }).optional(),
  objects: z.record(z.string(), roleObjectSchema),
  acts: z.array(z.enum(ACTS)),
  admin: z.boolean(),
  starting: z.boolean(),
  /** Open accounts that have it. */
  holders: z.number(),
});
export type RoleView = z.infer<typeof roleSchema>;

const personSchema = z.object({
  account: z.string(),
  name: z.string(),
  disabled: z.boolean(),
  /** Ids of the roles in force. */
  roles: z.array(z.string()),
  /** Nobody has given him roles: he has what new people have. */
  starting: z.boolean(),
});
export type PersonRoles = z.infer<typeof personSchema>;

const unitSchema = z.object({
  departments: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      parent: z.string().nullable(),
      manager: z.string().nullable(),
      accounts: z.array(z.string()),
    }),
  ),
  teams: z.array(z.object({ id: z.string(), name: z.string(), accounts: z.array(z.string()) })),
  territories: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      object: z.string(),
      field: z.string(),
      values: z.array(z.string()),
      accounts: z.array(z.string()),
    }),
  ),
});
export type Units = z.infer<typeof unitSchema>;

const accounts = z.array(id).max(2000);
const name = z.string().min(1).max(80);

const reasonSchema = z.object({
  /** Id of the role, or null where no role says so. */
  role: z.string().nullable(),
  code: z.string(),
  /** A whole sentence in the reader's language. */
  message: z.string(),
});

export const explanationSchema = z.object({
  can: z.boolean(),
  mode: mode.nullable(),
  reasons: z.array(reasonSchema),
});
export type ExplanationView = z.infer<typeof explanationSchema>;

const requestSchema = z.object({
  id: z.string(),
  account: z.string(),
  name: z.string(),
  object: z.string(),
  record: z.string(),
  title: z.string(),
  field: z.string(),
  label: z.object({ zh: z.string(), en: z.string() }),
  reason: z.string().nullable(),
  askedAt: z.string(),
  state: z.enum(['open', 'granted', 'refused']),
  until: z.string().nullable(),
  mine: z.boolean(),
});
export type AccessRequest = z.infer<typeof requestSchema>;

export const access = {
  roles: endpoint({
    method: 'GET',
    path: '/roles',
    summary: 'Roles, and who has them',
    permission: 'admin',
    response: z.object({ roles: z.array(roleSchema), people: z.array(personSchema) }),
  }),
  saveRole: endpoint({
    method: 'PUT',
    path: '/roles/:id',
    summary: 'Make or change a role',
    permission: 'admin',
    params: z.object({ id: z.string().regex(/^[a-z][a-z0-9_-]{0,59}$/) }),
    body: roleBody,
    response: ok,
  }),
  deleteRole: endpoint({
    method: 'DELETE',
    path: '/roles/:id',
    summary: 'Remove a role that nobody has',
    permission: 'admin',
    params: z.object({ id }),
    response: ok,
  }),
  preview: endpoint({
    method: 'POST',
    path: '/roles/preview',
    summary: 'What a changed role would give somebody: rows reached and modes of fields, before and after',
    permission: 'admin',
    reading: true,
    body: z.strictObject({ role: roleBody.extend({ id }), account: id, object: z.string().max(60) }),
    response: z.object({
      before: z.object({ rows: z.number(), exact: z.boolean() }),
      after: z.object({ rows: z.number(), exact: z.boolean() }),
      fields: z.array(z.object({ field: z.string(), before: mode, after: mode })),
    }),
  }),
  giveRoles: endpoint({
    method: 'PUT',
    path: '/people/:account/roles',
    summary: 'Give a person roles; works within a second',
    permission: 'admin',
    params: z.object({ account: id }),
    body: z.strictObject({ roles: z.array(id).max(20) }),
    response: ok,
  }),
  units: endpoint({
    method: 'GET',
    path: '/departments',
    summary: 'Departments, teams and territories with their people',
    permission: 'admin:team',
    response: unitSchema,
  }),
  saveDepartment: endpoint({
    method: 'PUT',
    path: '/departments/:id',
    summary: 'Make or change a department',
    permission: 'admin',
    params: z.object({ id: z.uuid() }),
    body: z.strictObject({ name, parent: z.uuid().nullable(), manager: id.nullable(), accounts }),
    response: ok,
  }),
  deleteDepartment: endpoint({
    method: 'DELETE',
    path: '/departments/:id',
    summary: 'Remove a department that has none below',
    permission: 'admin',
    params: z.object({ id: z.uuid() }),
    response: ok,
  }),
  saveTeam: endpoint({
    method: 'PUT',
    path: '/teams/:id',
    summary: 'Make or change a team',
    permission: 'admin',
    params: z.object({ id: z.uuid() }),
    body: z.strictObject({ name, accounts }),
    response: ok,
  }),
  deleteTeam: endpoint({
    method: 'DELETE',
    path: '/teams/:id',
    summary: 'Remove a team',
    permission: 'admin',
    params: z.object({ id: z.uuid() }),
    response: ok,
  }),
  saveTerritory: endpoint({
    method: 'PUT',
    path: '/territories/:id',
    summary: 'Make or change a territory: records whose field has one of these values',
    permission: 'admin',
    params: z.object({ id: z.uuid() }),
    body: z.strictObject({
      name,
      object: z.string().max(60),
      field: z.string().max(60),
      values: z.array(z.string().min(1).max(200)).min(1).max(500),
      accounts,
    }),
    response: ok,
  }),
  deleteTerritory: endpoint({
    method: 'DELETE',
    path: '/territories/:id',
    summary: 'Remove a territory',
    permission: 'admin',
    params: z.object({ id: z.uuid() }),
    response: ok,
  }),
  explain: endpoint({
    method: 'GET',
    path: '/access/explain',
    summary: 'Why somebody can or can’t see a value or do something, naming the role and the rule',
    permission: 'record',
    query: z.object({
      object: z.string().max(60),
      record: z.uuid().optional(),
      field: z.string().max(60).optional(),
      action: action.optional(),
      /** Somebody else: administrators only. */
      account: id.optional(),
    }),
    response: explanationSchema,
  }),
  shares: endpoint({
    method: 'GET',
    path: '/shares/:object/:id',
    summary: 'With whom a record is shared',
    permission: 'record',
    params: z.object({ object: z.string().max(60), id: z.uuid() }),
    response: z.object({
      may: z.boolean(),
      people: z.array(z.object({ id: z.string(), name: z.string() })),
      teams: z.array(z.object({ id: z.string(), name: z.string() })),
      shares: z.array(
        z.object({
          id: z.string(),
          account: z.string().nullable(),
          team: z.string().nullable(),
          name: z.string(),
          edit: z.boolean(),
          until: z.string(),
        }),
      ),
    }),
  }),
  share: endpoint({
    method: 'POST',
    path: '/shares/:object/:id',
    summary: 'Share a record with a person or a team until a day; never more than one sees oneself',
    permission: 'record',
    params: z.object({ object: z.string().max(60), id: z.uuid() }),
    body: z.strictObject({
      account: id.nullable(),
      team: z.uuid().nullable(),
      edit: z.boolean(),
      days: z.int().min(1).max(366),
    }),
    response: ok,
  }),
  unshare: endpoint({
    method: 'DELETE',
    path: '/shares/:object/:id/:share',
    summary: 'End a share',
    permission: 'record',
    params: z.object({ object: z.string().max(60), id: z.uuid(), share: z.uuid() }),
    response: ok,
  }),
  ask: endpoint({
    method: 'POST',
    path: '/access/requests',
    summary: 'Ask to see a value in plain',
    permission: 'record',
    body: z.strictObject({
      object: z.string().max(60),
      record: z.uuid(),
      field: z.string().max(60),
      reason: z.string().max(300).optional(),
    }),
    response: ok,
  }),
  requests: endpoint({
    method: 'GET',
    path: '/access/requests',
    summary: 'What one asked to see, and what one may decide',
    permission: 'record',
    response: z.object({ requests: z.array(requestSchema) }),
  }),
  decide: endpoint({
    method: 'POST',
    path: '/access/requests/:id',
    summary: 'Grant for some days, or refuse; the owner of the record or an administrator',
    permission: 'record',
    params: z.object({ id: z.uuid() }),
    body: z.strictObject({ grant: z.boolean(), days: z.int().min(1).max(366).optional() }),
    response: ok,
  }),
  secrecy: endpoint({
    method: 'GET',
    path: '/access/secrecy',
    summary: 'Fields that are often asked for and then granted: hidden more than the work allows',
    permission: 'admin',
    response: z.object({
      days: z.number(),
      fields: z.array(
        z.object({
          object: z.string(),
          field: z.string(),
          label: z.object({ zh: z.string(), en: z.string() }),
          asked: z.number(),
          granted: z.number(),
          people: z.number(),
          /** Asked at least three times, and granted in at least two of three. */
          needless: z.boolean(),
        }),
      ),
    }),
  }),
};
