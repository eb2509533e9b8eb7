import type { Lang } from '../../../domain/issue.ts';
import type { Db } from '../../platform/postgres/db.ts';
import type { CatalogEditor } from '../../records/catalog/define.ts';
import type { CatalogStore } from '../../records/catalog/store.ts';
import { type Account, setUp } from '../identity/index.ts';
import { createWorkspace, DEFAULT_TIME_ZONE, installTemplate } from '../workspace/index.ts';

/** The one workspace of an installation; the schema can hold many. */
export const WORKSPACE = 'main';

interface Deps {
  db: Db;
  catalog: CatalogStore;
  editor: CatalogEditor;
}

/** The workspace of a firm with the CRM template in it. Safe to repeat. */
export async function makeWorkspace(deps: Deps, company: string | undefined, lang: Lang): Promise<void> {
  const name = company || (lang === 'zh' ? '我的公司' : 'My company');
  await createWorkspace(deps.db, { id: WORKSPACE, name, settings: { timeZone: DEFAULT_TIME_ZONE } });
  await installTemplate(deps, WORKSPACE);
}

/** First account and workspace in one go, for the command line. */
export async function setUpWorkspace(
  deps: Deps,
  first: { name: string; email: string; password: string; company?: string; lang: Lang },
): Promise<Account> {
  const { name, email, password } = first;
  const account = await setUp(deps.db, { name, email, password });
  await makeWorkspace(deps, first.company, first.lang);
  return account;
}
