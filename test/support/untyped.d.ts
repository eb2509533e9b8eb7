// The parts we use of test packages that bring no types.
declare module 'smtp-server' {
  import type { Server } from 'node:net';
  import type { Readable } from 'node:stream';

  interface Session {
    user?: string;
    envelope: { mailFrom: { address: string } | false; rcptTo: { address: string }[] };
  }
  type Done = (error?: Error | null) => void;
  export class SMTPServer {
    constructor(options: {
      authOptional?: boolean;
      allowInsecureAuth?: boolean;
      disabledCommands?: string[];
      onConnect?(session: Session, done: Done): void;
      onAuth?(
        auth: { username?: string; password?: string },
        session: Session,
        done: (error: Error | null, reply?: { user: string }) => void,
      ): void;
      onData?(stream: Readable, session: Session, done: Done): void;
    });
    readonly server: Server;
    listen(port: number, host: string): void;
    close(done: () => void): void;
  }
}
declare module 'mailparser' {
  import type { Readable } from 'node:stream';
  export interface ParsedMail {
    subject?: string;
    text?: string;
    html?: string | false;
    messageId?: string;
    from?: { text: string };
    to?: { text: string };
    headers: Map<string, unknown>;
  }
  export function simpleParser(source: Readable): Promise<ParsedMail>;
}
