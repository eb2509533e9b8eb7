import type { FastifyRequest } from 'fastify';
import { access } from '../../../contract/access.ts';
import { apps } from '../../../contract/apps.ts';
import { audit as log } from '../../../contract/audit.ts';
import type { Endpoint } from '../../../contract/endpoint.ts';
import { identity } from '../../../contract/identity.ts';
import { session } from '../../../contract/session.ts';
import type { AuditKind, Plain } from '../../../domain/audit/index.ts';
import type { App } from '../../platform/http/server.ts';
import type { Act, AuditStore } from './audit-store.ts';

interface CallDeps {
  audit: AuditStore;
  /** Of the workspace that calls are for. */
  workspace: string;
  workspaces: () => Promise<string[]>;
  now: () => Date;
}

const PERMISSIONS: readonly unknown[] = [
  ...Object.values(access),
  session.createAccount,
  session.updateAccount,
  session.createApiKey,
  session.deleteApiKey,
  ...Object.values(apps),
  identity.requestReset,
  identity.changePassword,
  identity.beginTotp,
  identity.confirmTotp,
  identity.removeTotp,
  identity.newCodes,
  identity.addPasskey,
  identity.renamePasskey,
  identity.removePasskey,
  identity.invite,
  identity.makeLink,
  identity.removeFactors,
  identity.saveFactorRoles,
  identity.saveSso,
];
const SIGN_INS: readonly unknown[] = [
  session.signIn,
  session.setup,
  identity.second,
  identity.passkey,
  identity.useLink,
  identity.finishSso,
];
const SIGN_OUTS: readonly unknown[] = [session.signOut, identity.endDevice, identity.endOtherDevices];
/** Bodies of these say who may do what; those of others may hold secrets of other systems. */
const SECRET = /password|secret|token|code|response/i;
const MOST_BODY = 4000;

/**
 * Notes what is done through the API beside the two doors: sign-ins, changes of permissions, acts of administration, and what was refused. Told from
 * the contract, so that a new endpoint is noted without a line of its own.
 */
export function watchCalls(app: App, { audit, workspace, workspaces, now }: CallDeps): void {
  // Before the first account there is no log: a first password that was refused is nobody's sign-in.
  let founded = false;
  app.addHook('onSend', async (request, reply) => {
    const { endpoint } = request.routeOptions.config;
    const kind = endpoint && kindOf(endpoint, request, reply.statusCode);
    if (!endpoint || !kind) return;
    founded ||= (await workspaces()).includes(workspace);
    if (!founded) return;
    const at = now();
    await audit.append(workspace, { at, ...actOf(endpoint, kind, request, reply.statusCode) });
  });
}

function kindOf(endpoint: Endpoint, request: FastifyRequest, status: number): AuditKind | null {
  const declared: unknown = endpoint;
  if (SIGN_INS.includes(declared)) return status < 400 && !request.signIn?.failed ? 'sign-in' : 'sign-in-failed';
  if (SIGN_OUTS.includes(declared)) return status < 400 ? 'sign-out' : null;
  // 401 with somebody there: a factor that he did not show.
  if (status === 403 || status === 401) return request.caller ? 'refused' : null;
  if (status >= 400) return null;
  if (declared === log.export) return 'export';
  if (endpoint.method === 'GET' || endpoint.reading) return null;
  if (PERMISSIONS.includes(declared)) return 'permission';
  return endpoint.permission.startsWith('admin') ? 'admin' : null;
}

function actOf(endpoint: Endpoint, kind: AuditKind, request: FastifyRequest, status: number): Omit<Act, 'at'> {
  const { caller } = request;
  const source = caller && caller.via !== 'session' ? 'api' : 'page';
  const where = { address: request.ip, agent: (request.headers['user-agent'] ?? '').slice(0, 300) };
  if (kind === 'sign-in' || kind === 'sign-in-failed') {
    const { email } = (request.body ?? {}) as { email?: unknown };
    const secret = { ...where, email: typeof email === 'string' ? email.slice(0, 200) : '' };
    const { way, account, waiting } = request.signIn ?? {};
    const how = { ...(way !== undefined && { way }), ...(waiting && { waiting }) };
    // Who failed has not shown that he is the one he says.
    if (kind === 'sign-in-failed') {
      const body = { status, ...how, ...(account !== undefined && { account }) };
      return { kind, source, actor: 'visitor', body, private: secret };
    }
    return { kind, source, actor: account === undefined ? 'visitor' : `user:${account}`, body: how, private: secret };
  }
  const actor = caller?.viewer ?? caller?.actor ?? 'visitor';
  const params = (request.params ?? {}) as Record<string, string>;
  const body = {
    call: `${endpoint.method} ${endpoint.path}`,
    ...(Object.keys(params).length > 0 && { params: { ...params } }),
    ...(caller?.viewer !== undefined && { as: caller.actor }),
    ...(caller?.app && { app: caller.app.id }),
  };
  if (kind !== 'permission') return { kind, source, actor, body, private: where };
  const said = JSON.stringify(request.body ?? {}, (key, value: unknown) => (SECRET.test(key) ? undefined : value));
  const secret: Plain = { ...where, said: said.slice(0, MOST_BODY) };
  return { kind, source, actor, body, private: secret };
}
