import type { ReviewSearch } from './features/review/inbox-model.ts';

// What stands behind the ? of an address, read by the routes.

/** Why the company's own sign-in sent somebody back. */
export const SSO_PROBLEMS = [
  'unverified',
  'unknown',
  'cancelled',
  'expired',
  'disabled',
  'unavailable',
  'failed',
] as const;
export type SsoProblem = (typeof SSO_PROBLEMS)[number];

/** Where one wanted to go: a path of this site. */
export const ownPath = (to: unknown): { to?: string } =>
  typeof to === 'string' && to.startsWith('/') && !to.startsWith('//') ? { to } : {};

/** What a table shows, in the address: it can be sent to a colleague, and 返回 works. `filter` is a Filter as JSON. */
export interface TableSearch {
  view?: string;
  q?: string;
  filter?: string;
  sort?: string;
  group?: string;
  /** Cards by this field instead of a table. */
  board?: string;
  /** Record that is open in the side panel. */
  open?: string;
}

const SEARCH_KEYS = ['view', 'q', 'filter', 'sort', 'group', 'board', 'open'] as const;

export function tableSearch(search: Record<string, unknown>): TableSearch {
  const found: TableSearch = {};
  for (const key of SEARCH_KEYS) {
    const value = search[key];
    if (value !== undefined && value !== '') found[key] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return found;
}

/** `asOf`: a day; `from`: the record that was merged into this one and whose address led here. */
export const recordSearch = (search: Record<string, unknown>): { asOf?: string; from?: string } => ({
  ...(typeof search.asOf === 'string' && { asOf: search.asOf }),
  ...(typeof search.from === 'string' && { from: search.from }),
});

const AGES = ['1', '7', '30'] as const;

/** What of the inbox is shown. */
export function reviewSearch(search: Record<string, unknown>): ReviewSearch {
  const text = (key: string) => (typeof search[key] === 'string' ? search[key] : undefined);
  const [from, object, field, record] = [text('from'), text('object'), text('field'), text('record')];
  const age = AGES.find((one) => one === text('age'));
  return {
    ...(search.tab === 'decided' && { tab: 'decided' as const }),
    ...(from && { from }),
    ...(object && { object }),
    ...(object && field && { field }),
    ...((search.owner === 'me' || search.owner === 'all') && { owner: search.owner }),
    ...(age && { age }),
    ...(record && { record }),
  };
}

const EVALUATION = ['report', 'board', 'forecast', 'model', 'people'] as const;

export function evaluationSearch(search: Record<string, unknown>): {
  view?: (typeof EVALUATION)[number];
  quarter?: string;
} {
  const view = EVALUATION.find((one) => one === search.view);
  return { ...(view && { view }), ...(typeof search.quarter === 'string' && { quarter: search.quarter }) };
}

const DUPLICATE_TABS = ['decided', 'lists', 'check', 'rules'] as const;

export function duplicatesSearch({ object, band, tab }: Record<string, unknown>): {
  object?: string;
  band?: string;
  tab?: (typeof DUPLICATE_TABS)[number];
} {
  const known = DUPLICATE_TABS.find((one) => one === tab);
  return {
    ...(typeof object === 'string' && { object }),
    ...(typeof band === 'string' && { band }),
    ...(known && { tab: known }),
  };
}

/** `form`: only what came in through that one. */
export const formsSearch = ({ tab, form }: Record<string, unknown>): { tab?: 'in' | 'census'; form?: string } => ({
  ...((tab === 'in' || tab === 'census') && { tab }),
  ...(typeof form === 'string' && { form }),
});

const APPROVAL_TABS = ['mine', 'all', 'rules'] as const;

export function approvalsSearch(search: Record<string, unknown>): { tab?: (typeof APPROVAL_TABS)[number] } {
  const tab = APPROVAL_TABS.find((one) => one === search.tab);
  return tab ? { tab } : {};
}

const ASKED = [
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
] as const;

/** What an app that asks for access sends along (RFC 6749 §4.1.1, RFC 7636). */
export function askedSearch(search: Record<string, unknown>): { [K in (typeof ASKED)[number]]?: string } {
  return Object.fromEntries(ASKED.flatMap((name) => (typeof search[name] === 'string' ? [[name, search[name]]] : [])));
}

/** Where to go on to, and what single sign-on came back with. */
export function signInSearch(search: Record<string, unknown>): { to?: string; sso?: SsoProblem } {
  const sso = SSO_PROBLEMS.find((one) => one === search.sso);
  return { ...ownPath(search.to), ...(sso && { sso }) };
}

/** Whose health: an object's, or that of what an import brought. */
export const healthSearch = (search: Record<string, unknown>): { object?: string; import?: string } => ({
  ...(typeof search.object === 'string' && { object: search.object }),
  ...(typeof search.import === 'string' && { import: search.import }),
});

/** Settings of fields: of which object. */
export const fieldsSearch = (search: Record<string, unknown>): { object?: string } =>
  typeof search.object === 'string' ? { object: search.object } : {};

/** Checks: a blind re-check that a notice leads to. */
export const checksSearch = (search: Record<string, unknown>): { recheck?: string } =>
  typeof search.recheck === 'string' ? { recheck: search.recheck } : {};

export const campaignsSearch = ({ tab }: Record<string, unknown>): { tab?: 'segments' } =>
  tab === 'segments' ? { tab } : {};

/** `segment`: whom a new one begins with; `step`: where its making goes on. */
export const campaignSearch = ({
  segment,
  step,
}: Record<string, unknown>): { segment?: string; step?: 'who' | 'what' | 'send' } => ({
  ...(typeof segment === 'string' && { segment }),
  ...((step === 'who' || step === 'what' || step === 'send') && { step }),
});

/** Plain `?q=华信&sort=name:asc`: every value of an address is text, and each screen reads its own. */
export const parseSearch = (text: string): Record<string, string> => Object.fromEntries(new URLSearchParams(text));

export function stringifySearch(search: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(search))
    if (value !== undefined && value !== null && value !== '') query.set(key, String(value));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** Where a first start was left. */
export const setupSearch = (search: Record<string, unknown>): { step?: 'scenario' | 'file' } =>
  search.step === 'scenario' || search.step === 'file' ? { step: search.step } : {};
