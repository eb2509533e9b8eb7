/** What a person answers for; a policy names one (`role:service`) instead of an account. */
export const DUTIES = ['sales', 'service', 'marketing', 'finance', 'steward'] as const;
export type Duty = (typeof DUTIES)[number];

/** Duties that look things up in papers and registers instead of calling the customer. */
const AT_THE_DESK: readonly string[] = ['role:finance', 'role:steward'];

export interface TeamMember {
  account: string;
  duties: readonly Duty[];
  /** Minutes a day for verifying; his weight where several share. */
  minutes: number;
  /** On vacation, ill, or no longer here. */
  away: boolean;
  deputy: string | null;
}

export type Team = ReadonlyMap<string, TeamMember>;

/** How a policy names a duty as responsible. */
export const dutyName = (duty: Duty): string => `role:${duty}`;

/**
 * Who checks a value: the account or the duty its policy names, else the record's owner. A duty falls to the owner if he has it, else to those present
 * who have it, each a share by his minutes; nobody has it: to the owner. Who is away is stood in for.
 * @param responsible of the policy @param owner of the record @param bundle the customer: all of his go to the same person
 */
export function personFor(
  responsible: string | undefined,
  owner: string | null,
  bundle: string,
  team: Team,
): string | null {
  const first = responsible === undefined ? owner : (named(responsible, owner, bundle, team) ?? owner);
  return first === null ? null : standIn(first, bundle, team);
}

function named(responsible: string, owner: string | null, bundle: string, team: Team): string | null {
  const duty = DUTIES.find((one) => dutyName(one) === responsible);
  if (duty === undefined) return responsible;
  const holders = [...team.values()].filter((member) => member.duties.includes(duty));
  const here = holders.filter((member) => !member.away);
  if (here.some((member) => member.account === owner)) return owner;
  return shareOf(here, bundle) ?? shareOf(holders, bundle);
}

/** Deputies of deputies, and no circles. */
const CHAIN = 5;

/** Who does the work of someone today: himself, his deputy, or colleagues of the same duties; when there is none, it waits for him. */
export function standIn(account: string, bundle: string, team: Team): string {
  let member = team.get(account);
  for (let i = 0; i < CHAIN && member?.away && member.deputy; i++) member = team.get(member.deputy);
  if (!member?.away) return member?.account ?? account;
  const absent = team.get(account);
  const colleagues = [...team.values()].filter(
    (other) => !other.away && other.duties.some((duty) => absent?.duties.includes(duty)),
  );
  return shareOf(colleagues, bundle) ?? account;
}

/** Those whose work may fall to someone today. */
export function standsInFor(account: string, team: Team): string[] {
  const me = team.get(account);
  if (!me || me.away) return [];
  return [...team.values()]
    .filter((other) => other.away && other.account !== account && mayFall(other, me, team))
    .map((other) => other.account);
}

function mayFall(absent: TeamMember, me: TeamMember, team: Team): boolean {
  let deputy = absent;
  for (let i = 0; i < CHAIN && deputy.away && deputy.deputy; i++) {
    const next = team.get(deputy.deputy);
    if (!next) break;
    deputy = next;
  }
  if (!deputy.away) return deputy.account === me.account;
  return absent.duties.some((duty) => me.duties.includes(duty));
}

/**
 * Rendezvous hashing, weighted by minutes: who leaves passes on his own share and nobody else's moves, and everybody's machine comes to the same
 * answer without asking. (Thaler & Ravishankar, *Using name-based mappings to increase hit rates*, IEEE/ACM ToN 1998; weights after Schindelhauer & Schomaker 2005.)
 */
function shareOf(members: readonly TeamMember[], bundle: string): string | null {
  const key = hashOf(bundle);
  let [best, least] = [null as string | null, Number.POSITIVE_INFINITY];
  for (const { account, minutes } of members) {
    if (!(minutes > 0)) continue;
    const distance = -Math.log(fraction(key ^ known(account))) / minutes;
    if (distance < least) [best, least] = [account, distance];
  }
  return best;
}

/** Hashes of accounts: there are few, and each is asked for with every customer. */
const hashes = new Map<string, number>();

function known(account: string): number {
  let hash = hashes.get(account);
  if (hash === undefined) {
    if (hashes.size > 10_000) hashes.clear();
    hash = hashOf(account);
    hashes.set(account, hash);
  }
  return hash;
}

/** FNV-1a of a text. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** A number in (0, 1) from a hash, well mixed (murmur3's finish): the ends of ids differ little. */
function fraction(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32 + 2 ** -33;
}

/**
 * Whose turn it is to call a customer of whom several people have something to ask: one a day, in turn, so that nobody is called by two on one day.
 * @param people with something to ask @param day number of the day
 */
export function turnOf(people: readonly string[], bundle: string, day: number): string | null {
  const all = [...new Set(people)].sort();
  const start = Math.floor(fraction(hashOf(bundle)) * all.length);
  return all[(start + day) % all.length] ?? null;
}

/** Whether checking what a policy entrusts means calling the customer. */
export function callsForIt(responsible: string | undefined): boolean {
  return responsible === undefined || !AT_THE_DESK.includes(responsible);
}
