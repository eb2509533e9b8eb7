import { AppError } from '../../../contract/errors.ts';
import { identity as api } from '../../../contract/identity.ts';
import { session } from '../../../contract/session.ts';
import { route } from '../../platform/http/route.ts';
import type { App } from '../../platform/http/server.ts';
import { findAccount, setPassword } from './accounts.ts';
import { createApiKey, deleteApiKey, listApiKeys } from './api-keys.ts';
import { confirmIdentity, passwordHash } from './confirm.ts';
import { fromOf } from './deps.ts';
import { passkeyHost } from './engine.ts';
import { beginTotp, confirmTotp, hasTotp, newRecoveryCodes, recoveryCodesLeft, removeTotp } from './factors.ts';
import type { Identity } from './identity.ts';
import { addPasskey, listPasskeys, passkeyCreation, removePasskey, renamePasskey } from './passkeys.ts';
import { factorRoles, needsFactors } from './policy.ts';
import { setCookies } from './reply-cookies.ts';
import { endDevice, endDevices, listDevices } from './session-store.ts';
import { tellOfChange, tellOfFactors } from './tell-of-change.ts';

const done = { ok: true as const };

/** My own account: who I am, my factors, devices and keys. */
export function ownRoutes(app: App, identity: Identity): void {
  const { db } = identity;

  route(app, session.me, async ({ caller }) => ({
    account: await findAccount(db, caller.account.id),
    acts: [...(await identity.actsOf(caller))],
    workspace: await identity.workspaceOf(caller),
    ...(caller.needsFactor && { needsFactor: true }),
  }));

  route(app, api.mine, async ({ caller }) => {
    const { id } = caller.account;
    const [hash, totp, passkeys, devices, required] = await Promise.all([
      passwordHash(db, id),
      hasTotp(db, id),
      listPasskeys(db, id),
      listDevices(db, id),
      factorRoles(db),
    ]);
    return {
      password: hash !== null,
      totp,
      recovery: totp ? await recoveryCodesLeft(identity, id) : 0,
      required: await needsFactors(required, { ...caller.account, role: caller.role }, identity.rolesOf),
      passkeyHost: passkeyHost(identity.publicUrl),
      passkeys,
      devices: devices.map((device) => ({ ...device, current: device.id === caller.credential })),
    };
  });

  route(app, api.changePassword, async ({ caller, body, lang }) => {
    await confirmIdentity(db, caller, body.password);
    await db.tx(async (tx) => {
      await setPassword(tx, caller.account, body.newPassword);
      await endDevices(tx, caller.account.id, caller.credential);
      await tellOfChange(identity, tx, 'changed', caller.account, lang);
    });
    identity.forget();
    return done;
  });

  route(app, api.beginTotp, async ({ caller, body, request, reply, lang }) => {
    const { answer, cookies } = await beginTotp(identity, caller, body.password, fromOf(request, lang));
    setCookies(reply, cookies);
    return answer;
  });
  route(app, api.confirmTotp, async ({ caller, body, request, reply, lang }) => {
    setCookies(reply, await confirmTotp(identity, caller, body.code, fromOf(request, lang)));
    tellOfFactors(identity, caller.account, lang);
    return done;
  });
  route(app, api.removeTotp, async ({ caller, body, request, reply, lang }) => {
    setCookies(reply, await removeTotp(identity, caller, body.password, fromOf(request, lang)));
    tellOfFactors(identity, caller.account, lang);
    return done;
  });
  route(app, api.newCodes, async ({ caller, body, request, lang }) => {
    const codes = await newRecoveryCodes(identity, caller, body.password, fromOf(request, lang));
    tellOfFactors(identity, caller.account, lang);
    return { codes };
  });

  route(app, api.passkeyCreation, async ({ caller, body, request, reply, lang }) => {
    const { options, cookies } = await passkeyCreation(identity, caller, body.password, fromOf(request, lang));
    setCookies(reply, cookies);
    return options;
  });
  route(app, api.addPasskey, async ({ caller, body, request, lang }) => {
    const added = await addPasskey(identity, caller, body, fromOf(request, lang));
    tellOfFactors(identity, caller.account, lang);
    return added;
  });
  route(app, api.renamePasskey, async ({ caller, params, body }) => {
    await renamePasskey(db, caller.account.id, params.id, body.name);
    return done;
  });
  route(app, api.removePasskey, async ({ caller, params, body, lang }) => {
    await removePasskey(identity, caller, params.id, body.password);
    tellOfFactors(identity, caller.account, lang);
    return done;
  });

  route(app, api.endDevice, async ({ caller, params }) => {
    await endDevice(db, caller.account.id, params.id);
    identity.forget();
    return done;
  });
  route(app, api.endOtherDevices, async ({ caller }) => {
    const but = caller.via === 'session' ? caller.credential : undefined;
    const ended = await endDevices(db, caller.account.id, but);
    identity.forget();
    return { ended };
  });

  route(app, session.apiKeys, async ({ caller }) => ({ keys: await listApiKeys(db, caller.account.id) }));
  route(app, session.createApiKey, async ({ caller, body }) => {
    // A key that makes keys would outlive being taken away.
    if (caller.via !== 'session') throw new AppError('session-needed');
    return createApiKey(db, caller.account.id, body.name, body);
  });
  route(app, session.deleteApiKey, async ({ caller, params }) => {
    await deleteApiKey(db, caller.account.id, params.id);
    identity.forget();
    return done;
  });
}
