import { api } from '../../contract/api.ts';
import { call } from './client.ts';

// @simplewebauthn/browser turns what browsers take and give into JSON and back; it loads when somebody uses a passkey.
const library = () => import('@simplewebauthn/browser');

/** Can this browser, at this address, use passkeys of the site? `host` is where they are at home. */
export const passkeysWork = (host: string): boolean =>
  window.isSecureContext &&
  'PublicKeyCredential' in window &&
  (location.hostname === host || location.hostname.endsWith(`.${host}`));

/** @returns what the server says; null: the person changed his mind */
export async function signInWithPasskey() {
  const options = await call(api.identity.passkeyRequest);
  const { startAuthentication } = await library();
  const response = await chosen(() => startAuthentication({ optionsJSON: options as never }));
  return response && call(api.identity.passkey, { body: { response: { ...response } } });
}

/** Makes a passkey on this device or a phone beside it. @returns null: the person changed his mind */
export async function makePasskey(name: string, password: string | undefined): Promise<{ id: string } | null> {
  const options = await call(api.identity.passkeyCreation, { body: { ...(password && { password }) } });
  const { startRegistration } = await library();
  const response = await chosen(() => startRegistration({ optionsJSON: options as never }));
  return response && call(api.identity.addPasskey, { body: { name, response: { ...response } } });
}

/** Browsers say NotAllowedError when somebody closes their window or waits too long (WebAuthn §5.1.4). */
async function chosen<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    const { name } = error as { name?: string };
    if (name === 'NotAllowedError' || name === 'AbortError') return null;
    throw error;
  }
}
