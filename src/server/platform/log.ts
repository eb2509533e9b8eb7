import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Pick<Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'child' | 'level'>;

/** Never in a log, at whatever depth they are named: secrets, and what people typed. */
const SECRET_KEYS = ['password', 'secret', 'token', 'cookie', 'authorization', 'apiKey', 'set-cookie'];
const redact = {
  paths: SECRET_KEYS.flatMap((key) => [`["${key}"]`, `*["${key}"]`, `*.*["${key}"]`]),
  censor: '***',
};

/** JSON lines on stderr: stdout belongs to what a command answers. */
export function createLog(
  level: string,
  destination: DestinationStream = pino.destination({ fd: 2, sync: true }),
): Logger {
  return pino({ level, redact, base: { pid: process.pid } }, destination);
}

/** For tests and commands that say nothing. */
export const silentLog: Logger = pino({ level: 'silent' });
