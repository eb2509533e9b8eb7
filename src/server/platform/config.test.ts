import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { openKeys } from './keys.ts';
import { createLog } from './log.ts';

describe('readConfig', () => {
  it('needs nothing, and takes an empty variable as not set', () => {
    const config = readConfig({ DATABASE_URL: '', PORT: '' });
    expect(config).toMatchObject({ host: '127.0.0.1', port: undefined, databaseUrl: undefined, runJobs: true });
    expect(config.dataDir).toBe(join(process.cwd(), 'data'));
  });

  it('names every wrong variable at once', () => {
    const wrong = { PORT: '70000', DATABASE_URL: 'mysql://x', PUBLIC_URL: 'crm.example.com' };
    expect(() => readConfig(wrong)).toThrow(/PORT.*DATABASE_URL.*PUBLIC_URL/);
  });

  it('drops the slash behind PUBLIC_URL, for origins have none', () => {
    expect(readConfig({ PUBLIC_URL: 'https://crm.example.com/' }).publicUrl).toBe('https://crm.example.com');
  });
});

describe('openKeys', () => {
  it('makes one private key, whoever comes first, and derives different ones per purpose', () => {
    const directory = mkdtempSync(join(tmpdir(), 'xianke-keys-'));
    const [first, second] = [openKeys(directory), openKeys(directory)];
    expect(first.derive('session')).toEqual(second.derive('session'));
    expect(first.derive('session')).not.toEqual(first.derive('files'));
    expect(first.derive('session')).toHaveLength(32);
    expect(readdirSync(directory)).toEqual(['secret.key']);
    expect(statSync(join(directory, 'secret.key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(directory, 'secret.key'), 'utf8')).not.toContain(
      first.derive('session').toString('base64'),
    );
    rmSync(directory, { recursive: true });
  });
});

describe('createLog', () => {
  it('never holds secrets, at the depths at which they come', () => {
    let text = '';
    const sink = new Writable({
      write(chunk, _encoding, done) {
        text += chunk;
        done();
      },
    });
    const log = createLog('info', sink);
    log.info(
      { password: 'hunter2', request: { headers: { authorization: 'Bearer hunter2', cookie: 'a=hunter2' } } },
      'seen',
    );
    log.info({ body: { token: 'hunter2' } });
    expect(text).toContain('seen');
    expect(text).not.toContain('hunter2');
  });
});
