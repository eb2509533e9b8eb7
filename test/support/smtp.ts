import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  from: string;
  to: string[];
  user: string | undefined;
  mail: ParsedMail;
}

export interface TestMailServer {
  port: number;
  received: ReceivedMail[];
  /** Answers the next messages with this SMTP error instead of taking them; 0 times takes all again. */
  refuseNext(code: number, times: number): void;
  /** There is no such mailbox: refused when it is named (RCPT TO), with 550. */
  unknown: Set<string>;
  /** Connections so far. */
  connections(): number;
  close(): Promise<void>;
}

/** A real SMTP server on this machine that keeps what it gets. With `password` it wants a sign-in as `user`. */
export async function startMailServer(options: { user?: string; password?: string } = {}): Promise<TestMailServer> {
  const received: ReceivedMail[] = [];
  const refusals: number[] = [];
  const unknown = new Set<string>();
  let connections = 0;
  const server = new SMTPServer({
    authOptional: options.password === undefined,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onConnect(_session, done) {
      connections += 1;
      done();
    },
    onRcptTo({ address }, _session, done) {
      if (unknown.has(address)) done(Object.assign(new Error('no such user'), { responseCode: 550 }));
      else done();
    },
    onAuth({ username, password }, _session, done) {
      if (username === options.user && password === options.password) done(null, { user: username ?? '' });
      else done(new Error(`wrong password ${password}`));
    },
    onData(stream, session, done) {
      const code = refusals.shift();
      simpleParser(stream).then((mail) => {
        if (code !== undefined) {
          done(Object.assign(new Error('not now'), { responseCode: code }));
          return;
        }
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map((one) => one.address),
          user: session.user,
          mail,
        });
        done();
      }, done);
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    unknown,
    refuseNext(code, times) {
      refusals.splice(0, refusals.length, ...Array.from({ length: times }, () => code));
    },
    connections: () => connections,
    close: () => new Promise((done) => server.close(() => done())),
  };
}
