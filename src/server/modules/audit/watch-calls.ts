import type { FastifyRequest } from 'fastify';
import { access } from '../../../contract/access.ts';
import { apps } from '../../../contract/apps.ts';
import { audit as log } from '../../../contract/audit.ts';
import type { Endpoint } from '../../../contract/endpoint.ts';
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
];
/** Bodies of these say who may do what; those of others may hold secrets of other systems. */
const SECRET = /password|secret|token|code/i;
const MOST_BODY = 4000;

/**
 * Notes what is done through the API beside the two doors: sign-ins, changes of permissions, acts of administration, and what was refused. Told from
 * the contract, so that a new endpoint is noted without a line of its own.
 */
export function watchCalls(app: App, { audit, workspace, workspaces, now }: CallDeps): void {
  // Before the first account there is no log: a first password that was refused is nobody's sign-in.
  let founded = false;
  app.addHook('onSend', async (request, reply, payload) => {
    const { endpoint } = request.routeOptions.config;
    const kind = endpoint && kindOf(endpoint, request, reply.statusCode);
    if (!endpoint || !kind) return;
    founded ||= (await workspaces()).includes(workspace);
    if (!founded) return;
    const at = now();
    await audit.append(workspace, { at, ...actOf(endpoint, kind, request, reply.statusCode, payload) });
  });
}

function kindOf(endpoint: Endpoint, request: FastifyRequest, status: number): AuditKind | null {
  const declared: unknown = endpoint;
  if (declared === session.signIn || declared === session.setup) return status < 400 ? 'sign-in' : 'sign-in-failed';
  if (declared === session.signOut) return status < 400 ? 'sign-out' : null;
  if (status === 403) return request.caller ? 'refused' : null;
  if (status >= 400) return null;
  if (declared === log.export) return 'export';
  if (endpoint.method === 'GET' || endpoint.reading) return null;
  if (PERMISSIONS.includes(declared)) return 'permission';
  return endpoint.permission.startsWith('admin') ? 'admin' : null;
}

function actOf(
  endpoint: Endpoint,
  kind: AuditKind,
  request: FastifyRequest,
  status: number,
  payload: unknown,
): Omit<Act, 'at'> {
  const { caller } = request;
  const source = caller && caller.via !== 'session' ? 'api' : 'page';
  const where = { address: request.ip, agent: (request.headers['user-agent'] ?? '').slice(0, 300) };
  if (kind === 'sign-in' || kind === 'sign-in-failed') {
    const { email } = (request.body ?? {}) as { email?: unknown };
    const secret = { ...where, email: typeof email === 'string' ? email.slice(0, 200) : '' };
    return {
      kind,
      source,
      actor: signedIn(payload) ?? 'visitor',
      body: kind === 'sign-in' ? {} : { status },
      private: secret,
    };
  }
  const actor = caller?.viewer ?? caller?.actor ?? 'visitor';
  const params = (request.params ?? {}) as Record<string, string>;
  const body = {
    call: `${endpoint.method} ${endpoint.path}`,
    ...(Object.keys(params).length > 0 && { params: { ...params } }),
    ...(caller?.viewer !== undefined && { as: caller.actor }),
  };
  if (kind !== 'permission') return { kind, source, actor, body, private: where };
  const said = JSON.stringify(request.body ?? {}, (key, value: unknown) => (SECRET.test(key) ? undefined : value));
  const secret: Plain = { ...where, said: said.slice(0, MOST_BODY) };
  return { kind, source, actor, body, private: secret };
}

/** Who came in, out of the reply. */
function signedIn(payload: unknown): string | undefined {
  if (typeof payload !== 'string') return undefined;
  try {
    const { account } = JSON.parse(payload) as { account?: { id?: string } };
    return account?.id && `user:${account.id}`;
  } catch {
    return undefined;
  }
}
