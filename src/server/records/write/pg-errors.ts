/** SQLSTATE of an error from the driver, or null. https://www.postgresql.org/docs/18/errcodes-appendix.html */
function sqlState(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}

/** Deadlock or serialization failure: the same work may succeed at once. */
export function isContention(error: unknown): boolean {
  return ['40001', '40P01', '55P03'].includes(sqlState(error) ?? '');
}

export function uniqueViolation(error: unknown): boolean {
  return sqlState(error) === '23505';
}
