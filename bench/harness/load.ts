import { Agent, request } from 'node:http';
import type { Cpu } from './cpu.ts';
import { median, percentile } from './figure.ts';

/** One request; `i` counts from 0 over a whole run. */
export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Target {
  url: string;
  /** Sent with every request: authorisation. */
  headers?: Record<string, string>;
  call: (i: number) => Call;
}

/** A keep-alive client for one server. */
export class Client {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 });
  readonly url: string;
  readonly #headers: Record<string, string>;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.url = url;
    this.#headers = headers;
  }

  /** The body of the reply as text; throws on any status but 2xx. */
  send({ method, path, body, headers }: Call): Promise<string> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const message = request(
        this.url + path,
        {
          agent: this.#agent,
          method: method ?? (text === undefined ? 'GET' : 'POST'),
          headers: {
            ...this.#headers,
            ...headers,
            ...(text !== undefined && {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(text),
            }),
          },
        },
        (reply) => {
          const pieces: Buffer[] = [];
          reply.on('data', (piece: Buffer) => pieces.push(piece));
          reply.on('error', reject);
          reply.on('end', () => {
            const answer = Buffer.concat(pieces).toString();
            const status = reply.statusCode ?? 0;
            if (status >= 200 && status < 300) resolve(answer);
            else reject(new Error(`${method ?? ''} ${path} ${status} ${answer.slice(0, 500)}`));
          });
        },
      );
      message.on('error', reject);
      message.end(text);
    });
  }

  async json<T>(call: Call): Promise<T> {
    return JSON.parse(await this.send(call)) as T;
  }

  close(): void {
    this.#agent.destroy();
  }
}

export interface Load {
  /** Milliseconds, sorted. */
  times: Float64Array;
  p50: number;
  p95: number;
  /** Requests per second over all connections. */
  rate: number;
}

/** Closed loop: each of `connections` sends its next request when the last one is answered. */
export async function load(
  send: (i: number) => Promise<unknown>,
  options: { connections: number; requests: number; from?: number },
): Promise<Load> {
  const { connections, requests, from = 0 } = options;
  const times = new Float64Array(requests);
  let next = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (next < requests) {
        const i = next++;
        const at = performance.now();
        await send(from + i);
        times[i] = performance.now() - at;
      }
    }),
  );
  const rate = (1000 * requests) / (performance.now() - began);
  times.sort();
  return { times, p50: percentile(times, 50), p95: percentile(times, 95), rate };
}

export interface Comparison<Name extends string> {
  of: Record<Name, Load>;
  /** Processor milliseconds per request, of the server and of PostgreSQL: hardly disturbed by what else the machine does. */
  cpu: Record<Name, Cpu>;
  /** Median over the rounds of one's figure over another's: what disturbs one round falls out. */
  ratio(figure: 'p50' | 'p95' | 'rate', a: Name, b: Name): number;
}

/** Measures several ways of doing the same thing in turn, round by round, so that what else the machine does meets all of them. */
export async function compare<Name extends string>(
  ways: Record<Name, (i: number) => Promise<unknown>>,
  options: {
    connections: number;
    requests: number;
    rounds: number;
    warmUp?: number;
    /** Processor time so far of whoever answers this way. */
    cpu: (name: NoInfer<Name>) => Cpu;
  },
): Promise<Comparison<Name>> {
  const names = Object.keys(ways) as Name[];
  const { connections, requests, rounds, warmUp = Math.ceil(requests / 2) } = options;
  const rows: Record<Name, Load>[] = [];
  const spent = Object.fromEntries(names.map((name) => [name, { node: 0, postgres: 0 }])) as Record<Name, Cpu>;
  let from = 0;
  for (const name of names) await load(ways[name], { connections, requests: warmUp, from });
  from += warmUp;
  for (let round = 0; round < rounds; round++) {
    const row = {} as Record<Name, Load>;
    const order = round % 2 === 0 ? names : [...names].reverse();
    for (const name of order) {
      const before = options.cpu(name);
      row[name] = await load(ways[name], { connections, requests, from });
      const after = options.cpu(name);
      spent[name].node += (1000 * (after.node - before.node)) / (requests * rounds);
      spent[name].postgres += (1000 * (after.postgres - before.postgres)) / (requests * rounds);
    }
    rows.push(row);
    from += requests;
  }
  const of = Object.fromEntries(names.map((name) => [name, pool(rows.map((row) => row[name]))])) as Record<Name, Load>;
  return { of, cpu: spent, ratio: (figure, a, b) => median(rows.map((row) => row[a][figure] / row[b][figure])) };
}

function pool(loads: readonly Load[]): Load {
  const times = Float64Array.from(loads.flatMap((one) => [...one.times])).sort();
  return {
    times,
    p50: percentile(times, 50),
    p95: percentile(times, 95),
    rate: median(loads.map((one) => one.rate)),
  };
}
