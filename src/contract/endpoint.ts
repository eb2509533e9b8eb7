import type { z } from 'zod';

/** Who may call. `record` means: signed in, and the doors decide per object, row and field. */
export type Permission = 'public' | 'signed-in' | 'record' | 'admin';

export interface Endpoint<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below /api/v1, `:name` for parameters. */
  path: string;
  summary: string;
  permission: Permission;
  params?: P;
  query?: Q;
  body?: B;
  /** JSON reply. Absent: the reply is a file or an event stream. */
  response?: R;
  /** Takes an Idempotency-Key header. */
  idempotent?: boolean;
}

/** Declares one endpoint; server, web client and OpenAPI all read the same object. */
export function endpoint<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  declaration: Endpoint<P, Q, B, R>,
): Endpoint<P, Q, B, R> {
  return declaration;
}
