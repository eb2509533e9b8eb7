import type { z } from 'zod';
import type { Act } from '../domain/access/types.ts';

/**
 * Who may call. `record`: signed in, and the doors decide per object, row and field. `admin:ACT`: an administrator, or whose role
 * has that act.
 */
export type Permission = 'public' | 'signed-in' | 'record' | 'admin' | `admin:${Act}`;

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
  /** Changes nothing although it is no GET: allowed while an administrator views as somebody else. */
  reading?: boolean;
  /**
   * A key or app with scopes may call it: all that it tells and does goes through the two doors with what the scopes leave.
   * Not said: refused to them.
   */
  scoped?: boolean;
  /** Answers somebody who still has to set up the second factor that his role asks for. */
  beforeFactor?: boolean;
}

/** Declares one endpoint; server, web client and OpenAPI all read the same object. */
export function endpoint<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  declaration: Endpoint<P, Q, B, R>,
): Endpoint<P, Q, B, R> {
  return declaration;
}
