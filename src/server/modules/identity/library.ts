/** What better-auth gives back with `returnHeaders`. */
export interface Answer<T> {
  response: T;
  headers: Headers;
}

interface Asked {
  headers: Headers;
  returnHeaders: true;
}

export type Json = Record<string, unknown>;

/**
 * Of the functions of better-auth 1.7 and its plugins those that we call. Written down because its own type depends on the list of plugins, which is
 * chosen when it is loaded.
 */
export interface LibraryApi {
  /** `twoFactorRedirect`: the password is right, the second factor is awaited; there is no session yet. */
  signInEmail(
    input: Asked & { body: { email: string; password: string; rememberMe: true } },
  ): Promise<Answer<{ user?: { id: string }; twoFactorRedirect?: boolean }>>;
  signOut(input: Asked): Promise<Answer<unknown>>;
  enableTwoFactor(
    input: Asked & { body: { password?: string; method: 'totp' } },
  ): Promise<Answer<{ totpURI: string; backupCodes: string[] }>>;
  disableTwoFactor(input: Asked & { body: { password?: string } }): Promise<Answer<unknown>>;
  verifyTOTP(input: Asked & { body: { code: string } }): Promise<Answer<{ token: string }>>;
  verifyBackupCode(input: Asked & { body: { code: string } }): Promise<Answer<{ token: string }>>;
  generateBackupCodes(input: Asked & { body: { password?: string } }): Promise<Answer<{ backupCodes: string[] }>>;
  viewBackupCodes(input: { body: { userId: string } }): Promise<{ backupCodes: string[] }>;
  generatePasskeyRegistrationOptions(input: Asked & { query: { name?: string } }): Promise<Answer<Json>>;
  verifyPasskeyRegistration(input: Asked & { body: { response: Json; name: string } }): Promise<Answer<{ id: string }>>;
  generatePasskeyAuthenticationOptions(input: Asked): Promise<Answer<Json>>;
  verifyPasskeyAuthentication(
    input: Asked & { body: { response: Json } },
  ): Promise<Answer<{ session: { token: string } }>>;
  signInSocial(
    input: Asked & { body: { provider: string; callbackURL: string; errorCallbackURL: string; disableRedirect: true } },
  ): Promise<Answer<{ url: string }>>;
  callbackOAuth(input: {
    method: 'GET';
    params: { id: string };
    query: Record<string, string>;
    headers: Headers;
    asResponse: true;
  }): Promise<Response>;
}

/** better-auth's APIError with a status below 500: it was asked for something that it refuses. */
export function isRefusal(error: unknown): boolean {
  const { name, statusCode } = error as { name?: string; statusCode?: number };
  return name === 'APIError' && statusCode !== undefined && statusCode < 500;
}
