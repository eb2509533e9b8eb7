/** An error of the protocol, for programs: RFC 6749 §5.2. `description` is ASCII and for developers. */
export class OAuthError extends Error {
  readonly error: string;
  readonly status: number;
  /** It was told by a code or token that came twice: what was granted to the app for this account has been ended. */
  readonly breach: Breach | undefined;
  constructor(error: string, description: string, status = 400, breach?: Breach) {
    super(description);
    this.name = 'OAuthError';
    this.error = error;
    this.status = status;
    this.breach = breach;
  }
}

export interface Breach {
  why: 'replayed-code' | 'reused-token';
  account: string;
  app: string;
}
