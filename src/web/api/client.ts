import type { z } from 'zod';
import type { Endpoint } from '../../contract/endpoint.ts';
import { currentLang } from '../i18n/lang.ts';
import { ApiError, toApiError } from './errors.ts';
import { viewHeaders } from './view-as.ts';

export const API = '/api/v1';

/** One part of a call's input: required when the endpoint declares it with required keys, absent when it declares none. */
type Part<Key extends string, S extends z.ZodType> =
  unknown extends z.input<S>
    ? { [K in Key]?: undefined }
    : Record<never, never> extends z.input<S>
      ? { [K in Key]?: z.input<S> }
      : { [K in Key]: z.input<S> };

export type CallInput<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = Part<'params', P> &
  Part<'query', Q> &
  Part<'body', B> & { signal?: AbortSignal | undefined; idempotencyKey?: string };

type Loose = {
  params?: unknown;
  query?: unknown;
  body?: unknown;
  signal?: AbortSignal | undefined;
  idempotencyKey?: string;
};

/** Address of a call: `:name` filled from params, the query appended; undefined values are left out. */
export function address(endpoint: { path: string }, input: { params?: unknown; query?: unknown } = {}): string {
  const params = (input.params ?? {}) as Record<string, unknown>;
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries((input.query ?? {}) as Record<string, unknown>)) {
    if (value !== undefined && value !== null) query.set(key, String(value));
  }
  const text = query.toString();
  return API + path + (text === '' ? '' : `?${text}`);
}

async function send(endpoint: Endpoint, input: Loose): Promise<Response> {
  const headers: Record<string, string> = {
    'Accept-Language': currentLang() === 'zh' ? 'zh-CN' : 'en',
    ...viewHeaders(),
  };
  const init: RequestInit = { method: endpoint.method, headers, credentials: 'same-origin' };
  if (input.signal) init.signal = input.signal;
  if (input.body instanceof Blob) {
    headers['Content-Type'] = 'application/octet-stream';
    init.body = input.body;
  } else if (input.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    init.body = JSON.stringify(input.body);
  }
  if (endpoint.idempotent) headers['Idempotency-Key'] = input.idempotencyKey ?? crypto.randomUUID();
  let response: Response;
  try {
    response = await fetch(address(endpoint, input), init);
  } catch (cause) {
    if (input.signal?.aborted) throw cause;
    throw new ApiError({ code: 'network', status: 0 });
  }
  if (!response.ok) throw await toApiError(response);
  return response;
}

/** Calls one endpoint of the contract. Throws ApiError, with the sentence to show. */
export async function call<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  ...[input]: Record<never, never> extends CallInput<P, Q, B> ? [CallInput<P, Q, B>?] : [CallInput<P, Q, B>]
): Promise<z.output<R>> {
  const response = await send(endpoint as unknown as Endpoint, (input ?? {}) as Loose);
  return (await response.json()) as z.output<R>;
}

/** Calls an endpoint that answers with a file, and hands the file to the browser's downloads. What comes instead of a file (202) is given back. */
export async function download<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  input: CallInput<P, Q, B>,
  fallbackName: string,
): Promise<unknown> {
  const response = await send(endpoint as unknown as Endpoint, input as Loose);
  if (response.status === 202) return response.json();
  const disposition = response.headers.get('Content-Disposition') ?? '';
  const starred = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename="?([^";]+)"?/i.exec(disposition)?.[1];
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = starred ? decodeURIComponent(starred) : (plain ?? fallbackName);
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return undefined;
}

/** Sends a file as the body, telling how far it is (0..1). XMLHttpRequest because fetch can't tell upload progress. */
export function upload<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  input: { query?: z.input<Q>; params?: z.input<P>; file: Blob; onProgress?: (done: number) => void },
): Promise<z.output<R>> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(endpoint.method, address(endpoint, input));
    request.setRequestHeader('Accept-Language', currentLang() === 'zh' ? 'zh-CN' : 'en');
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    for (const [name, value] of Object.entries(viewHeaders())) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.lengthComputable && input.onProgress?.(event.loaded / event.total);
    request.onerror = () => reject(new ApiError({ code: 'network', status: 0 }));
    request.onload = () => {
      const response = new Response(request.responseText, { status: request.status });
      if (response.ok) resolve(JSON.parse(request.responseText) as z.output<R>);
      else void toApiError(response).then(reject);
    };
    request.send(input.file);
  });
}
