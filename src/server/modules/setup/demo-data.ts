import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { createDemo, DEMO_COLUMNS, type Demo, type StoryCustomer, tellStory } from '../../../demo/index.ts';
import type { Access } from '../../../domain/access/types.ts';
import type { Change, VerifyMethod } from '../../../domain/change/types.ts';
import { root } from '../../platform/root.ts';
import type { Ctx, WriteDoor } from '../../records/types.ts';
import { WORKSPACE } from './set-up-workspace.ts';

export interface DemoDeps {
  write: WriteDoor;
  access: Access;
  /** Account ids of the sales people; the first is at the keyboard. */
  owners: string[];
  now: Date;
  progress: (done: number, total: number) => void;
}

const DAY_MS = 86_400_000;
/** The believable firm is this old. */
const DAYS = 540;
const STEPS = 54;
const METHODS: VerifyMethod[] = ['phone', 'phone', 'phone', 'visit', 'mail', 'customer'];
const TALK = [
  '电话沟通报价，客户希望下周看样品。',
  '上门拜访，见到采购经理，确认了年度预算。',
  '微信发送新产品资料，对方已查看。',
  '客户反馈交货期偏紧，需与生产协调。',
  '确认合同条款，待法务盖章。',
  '回访使用情况，客户满意，提到有扩产计划。',
];

/**
 * Believable customers with a year and a half behind them, written through the write door at the moments they would have been: created by their
 * owners, talked to, verified, corrected. The same seed gives the same firm.
 */
export async function writeDemo(
  deps: DemoDeps,
  options: { customers: number; seed: number },
): Promise<{ customers: number; interactions: number }> {
  const draw = drawer(options.seed);
  const demo = createDemo({
    seed: options.seed,
    divisions: readDivisions(),
    owners: deps.owners,
    now: deps.now.getTime(),
  });
  const made: { id: string; owner: string; mobile: boolean; email: boolean; version: number; since: number }[] = [];
  let interactions = 0;
  for (let step = 0; step < STEPS; step++) {
    const at = new Date(deps.now.getTime() - DAYS * DAY_MS * (1 - step / STEPS) - draw(8) * 3_600_000);
    const until = Math.round((options.customers * (step + 1)) / STEPS);
    const creates: Change[] = [];
    while (made.length < until) {
      const cells = demo.row(made.length);
      const set = Object.fromEntries(
        DEMO_COLUMNS.map(({ field }, i) => [field, cells[i]]).filter(([, value]) => value !== ''),
      );
      const id = uuidv7();
      creates.push({ op: 'create', object: 'customer', id, set });
      made.push({
        id,
        owner: String(set.owner),
        mobile: 'mobile' in set,
        email: 'email' in set,
        version: 1,
        since: at.getTime(),
      });
      if (draw(3) === 0) creates.push(contactOf(id, demo.row(1_000_000 + made.length)));
    }
    await deps.write.write(ctxAt(deps, at, deps.owners[step % deps.owners.length] ?? ''), creates, {
      atomic: false,
      kind: 'demo',
    });
    const later = new Date(at.getTime() + 6 * 3_600_000);
    for (const owner of deps.owners) {
      const mine = made.filter((customer) => customer.owner === owner);
      const changes = mine.flatMap((customer) => dayOf(customer, draw, later));
      interactions += changes.filter((change) => change.object === 'interaction').length;
      if (changes.length > 0)
        await deps.write.write(ctxAt(deps, later, owner), changes, { atomic: false, kind: 'demo' });
    }
    deps.progress(made.length, options.customers);
  }
  const told = await writeStory(
    deps,
    demo,
    options.seed,
    made.filter((_, i) => i % STORY_EVERY === 0).slice(0, STORIES),
  );
  return { customers: made.length, interactions: interactions + told };
}

/** One customer in so many has deals, and at most so many: enough for every page to show something. */
const STORY_EVERY = 4;
const STORIES = 400;
/** Days whose events are written at once. */
const PORTION_DAYS = 3;

/** Deals, orders, tickets and leads of some customers, at the moments they would have been. Gives the number of interactions. */
async function writeStory(deps: DemoDeps, demo: Demo, seed: number, customers: StoryCustomer[]): Promise<number> {
  const cell = (row: number, field: string) =>
    String(demo.row(row)[DEMO_COLUMNS.findIndex((column) => column.field === field)] ?? '');
  const told = tellStory(customers, {
    ...{ seed, now: deps.now.getTime(), id: () => uuidv7() },
    person: (row) => ({
      name: cell(row, 'contact_name'),
      title: cell(row, 'contact_title'),
      mobile: cell(row, 'mobile'),
      company: cell(row, 'name'),
    }),
  });
  // A record made and changed within one portion would be one step: what follows waits for the next portion.
  for (let next = 0; next < told.length; ) {
    const start = told[next]?.at ?? 0;
    const portion = [];
    const touched = new Set<string>();
    while (next < told.length) {
      const event = told[next];
      if (!event || event.at > start + PORTION_DAYS * DAY_MS || touched.has(event.change.id ?? '')) break;
      touched.add(event.change.id ?? '');
      portion.push(event);
      next += 1;
    }
    for (const owner of new Set(portion.map((event) => event.owner))) {
      const mine = portion.filter((event) => event.owner === owner);
      const at = new Date(mine.at(-1)?.at ?? start);
      await deps.write.write(
        ctxAt(deps, at, owner),
        mine.map(({ change }) => change),
        {
          ...{ atomic: false, kind: 'demo', reviewed: true },
        },
      );
    }
  }
  return told.filter(({ change }) => change.object === 'interaction').length;
}

/** What happens to one customer in ten days of the firm's life, mostly nothing. */
function dayOf(
  customer: { id: string; mobile: boolean; email: boolean },
  draw: (n: number) => number,
  at: Date,
): Change[] {
  const { id } = customer;
  const changes: Change[] = [];
  if (draw(25) === 0) {
    const kind = ['call', 'visit', 'wechat'][draw(3)];
    const content = TALK[draw(TALK.length)];
    changes.push({
      op: 'create',
      object: 'interaction',
      set: { customer: id, kind, at: at.toISOString(), content, outcome: 'reached' },
    });
  }
  const fields = ['name', ...(customer.mobile ? ['mobile'] : []), ...(customer.email ? ['email'] : [])].filter(
    () => draw(2) === 0,
  );
  if (fields.length > 0 && draw(30) === 0)
    changes.push({
      op: 'update',
      object: 'customer',
      id,
      verify: { fields, method: METHODS[draw(METHODS.length)] ?? 'phone' },
    });
  if (draw(120) === 0) {
    const set =
      draw(2) === 0 ? { mobile: `139${String(10_000_000 + draw(89_999_999))}` } : { level: ['a', 'b', 'c'][draw(3)] };
    changes.push({ op: 'update', object: 'customer', id, set });
  }
  return changes;
}

function contactOf(customer: string, cells: (string | number)[]): Change {
  const at = (field: string) => cells[DEMO_COLUMNS.findIndex((column) => column.field === field)];
  const set = {
    name: at('contact_name'),
    job_title: at('contact_title'),
    mobile: at('mobile'),
    email: at('email'),
    customer,
  };
  return {
    op: 'create',
    object: 'contact',
    set: Object.fromEntries(Object.entries(set).filter(([, value]) => value !== '')),
  };
}

function ctxAt(deps: DemoDeps, at: Date, owner: string): Ctx {
  return { workspace: WORKSPACE, actor: `user:${owner}`, source: 'page', access: deps.access, at, lang: 'zh' };
}

/** `code|name|English` lines of the division tree, as the generator wants them. */
function readDivisions(): string[] {
  const file = JSON.parse(readFileSync(join(root, 'templates', 'reference', 'gbt2260.json'), 'utf8')) as {
    nodes: string[];
  };
  return file.nodes;
}

/** Small repeatable generator (mulberry32): a whole number below n. */
function drawer(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}
