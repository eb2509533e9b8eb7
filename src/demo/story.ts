import type { Change } from '../domain/change/types.ts';
import { Draw } from './draw.ts';
import { CARE, DEALS, LOST, NEEDS, PLACES_OF, PRODUCTS, STEPS, TALK_OF_STAGE, TICKETS } from './story-words.ts';

const DAY_MS = 86_400_000;

/** A customer that something is told of. */
export interface StoryCustomer {
  id: string;
  owner: string;
  /** When it became known, ms since 1970. */
  since: number;
}

/** One change with when and by whom it was made. */
export interface Told {
  at: number;
  owner: string;
  change: Change;
}

export interface StoryOptions {
  seed: number;
  now: number;
  /** Ids of the records that the story makes. */
  id: () => string;
  /** Person and mobile of a row, as the customer list makes them. */
  person: (row: number) => { name: string; title: string; mobile: string; company: string };
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

/**
 * What a firm does with some of its customers over a year: people who decide, deals through the stages with talks on the way, won ones with contract, order,
 * delivery, payments and equipment, tickets and maintenance after; and leads that become customers or not. In order of time; the same seed
 * tells the same.
 */
export function tellStory(customers: readonly StoryCustomer[], options: StoryOptions): Told[] {
  const told: Told[] = [];
  const draw = new Draw();
  draw.begin(options.seed, 0);
  const first = customers[0];
  if (!first) return told;
  const start = Math.min(...customers.map((customer) => customer.since));
  const products = PRODUCTS.map((product) => ({ ...product, id: options.id() }));
  for (const { id, name, code, price } of products)
    told.push({
      at: start,
      owner: first.owner,
      change: create('product', id, { name, code, price: String(price), active: true }),
    });
  const teller = new Teller(told, draw, options, products);
  for (const [row, customer] of customers.entries()) {
    draw.begin(options.seed, row + 1);
    teller.customer(customer, row);
    if (draw.chance(45)) teller.lead(customer, row);
  }
  return told.filter(({ at }) => at <= options.now).sort((a, b) => a.at - b.at);
}

const create = (object: string, id: string, set: Record<string, unknown>): Change => ({
  op: 'create',
  object,
  id,
  set,
});
const update = (object: string, id: string, set: Record<string, unknown>): Change => ({
  op: 'update',
  object,
  id,
  set,
});

type Product = (typeof PRODUCTS)[number] & { id: string };

class Teller {
  readonly #told: Told[];
  readonly #draw: Draw;
  readonly #options: StoryOptions;
  readonly #products: readonly Product[];

  constructor(told: Told[], draw: Draw, options: StoryOptions, products: readonly Product[]) {
    this.#told = told;
    this.#draw = draw;
    this.#options = options;
    this.#products = products;
  }

  customer(customer: StoryCustomer, row: number): void {
    const people = this.#people(customer, row);
    const { now } = this.#options;
    const from = Math.max(customer.since + 3 * DAY_MS, now - 500 * DAY_MS);
    const deals = 1 + this.#draw.below(3);
    for (let n = 0; n < deals; n++) {
      const at = from + this.#draw.below(Math.max(1, Math.floor((now - from) / DAY_MS))) * DAY_MS + this.#hours();
      if (at < now - DAY_MS) this.#deal(customer, people, at);
    }
  }

  /** Somebody who asked; some become this customer, most are worked or dropped. */
  lead(customer: StoryCustomer, row: number): void {
    const draw = this.#draw;
    const { now, id: next } = this.#options;
    const id = next();
    const person = this.#options.person(2_000_000 + row);
    const at = now - (2 + draw.below(150)) * DAY_MS + this.#hours();
    const source = draw.of(['website', 'exhibition', 'referral', 'social', 'cold']);
    const set = {
      company: person.company,
      person: person.name,
      job_title: person.title,
      mobile: person.mobile,
      source,
    };
    this.#tell(at, customer, create('lead', id, { ...set, state: 'new', need: draw.of(NEEDS), owner: customer.owner }));
    const steps = draw.chance(70) ? (draw.chance(55) ? ['working', 'qualified'] : ['working', 'dropped']) : [];
    let when = at;
    for (const state of steps) {
      when += (1 + draw.below(18)) * DAY_MS;
      this.#tell(when, customer, update('lead', id, { state }));
    }
    if (steps.includes('qualified') && draw.chance(40))
      this.#tell(
        when + (2 + draw.below(20)) * DAY_MS,
        customer,
        update('lead', id, { state: 'converted', customer: customer.id }),
      );
  }

  #people(customer: StoryCustomer, row: number): string[] {
    const draw = this.#draw;
    const roles = [['user'], ['selector'], ['budget'], ['decider'], ['buyer']];
    const count = 2 + draw.below(4);
    return Array.from({ length: count }, (_, n) => {
      const id = this.#options.id();
      const person = this.#options.person(3_000_000 + row * 8 + n);
      const year = 1965 + draw.below(35);
      const birthday = draw.chance(60) && { birthday: day(Date.UTC(year, draw.below(12), 1 + draw.below(28))) };
      const decision_role = n === 1 && draw.chance(40) ? ['user', 'selector'] : roles[n % roles.length];
      const set = { name: person.name, job_title: person.title, mobile: person.mobile, customer: customer.id };
      this.#tell(
        customer.since + (1 + n) * DAY_MS,
        customer,
        create('contact', id, { ...set, decision_role, ...birthday, owner: customer.owner }),
      );
      return id;
    });
  }

  #deal(customer: StoryCustomer, people: readonly string[], begun: number): void {
    const draw = this.#draw;
    const product = draw.of(this.#products);
    const quantity = product.price > 50_000 ? 1 + draw.below(4) : 5 + draw.below(60);
    let amount = product.price * quantity;
    const id = this.#options.id();
    const name = `${quantity} ${product.price > 50_000 ? '套' : '台'}${product.name}${draw.of(DEALS)}`;
    const expected = day(begun + (60 + draw.below(90)) * DAY_MS);
    const set = { name, customer: customer.id, stage: 'lead', amount: String(amount), expected_on: expected };
    this.#tell(
      begun,
      customer,
      create('opportunity', id, { ...set, need: draw.of(NEEDS), next_step: draw.of(STEPS), owner: customer.owner }),
    );
    let at = begun;
    this.#talk(customer, people, at, 'lead');
    // Chances and days in each stage differ by owner a little, as they do among people.
    const luck = 6 * (customer.owner.charCodeAt(0) % 3);
    for (const [stage, chance, days] of [
      ['contact', 68 + luck, 26],
      ['negotiation', 62 + luck, 40],
      ['won', 55 + luck, 34],
    ] as const) {
      at += (2 + Math.floor((draw.below(days) + draw.below(days)) / 1.2)) * DAY_MS + this.#hours();
      if (!draw.chance(chance)) {
        // Some simply lie where they are.
        if (draw.chance(75)) {
          this.#tell(at, customer, update('opportunity', id, { stage: 'lost', lost_reason: draw.of(LOST) }));
          this.#talk(customer, people, at, 'lost');
        }
        return;
      }
      if (stage === 'won' && draw.chance(50)) amount = Math.round((amount * (80 + draw.below(18))) / 100 / 100) * 100;
      this.#tell(at, customer, update('opportunity', id, { stage, amount: String(amount), next_step: draw.of(STEPS) }));
      this.#talk(customer, people, at, stage);
      if (stage === 'negotiation')
        this.#tell(
          at,
          customer,
          create('quote', this.#options.id(), {
            customer: customer.id,
            opportunity: id,
            contact: people[0],
            amount: String(amount),
            quoted_on: day(at),
            valid_until: day(at + 30 * DAY_MS),
            state: 'sent',
            owner: customer.owner,
          }),
        );
    }
    this.#after(customer, people, product, quantity, amount, at);
    if (draw.chance(70))
      this.#tell(at + (30 + draw.below(40)) * DAY_MS, customer, update('opportunity', id, { stage: 'service' }));
  }

  /** What a signed deal brings: contract, order, delivery, two payments, equipment, and what goes wrong with it. */
  #after(
    customer: StoryCustomer,
    people: readonly string[],
    product: Product,
    quantity: number,
    amount: number,
    at: number,
  ) {
    const draw = this.#draw;
    const { id: next, now } = this.#options;
    const [contract, order, asset] = [next(), next(), next()];
    const of = { customer: customer.id, owner: customer.owner };
    const ends = at + 365 * DAY_MS;
    this.#tell(
      at,
      customer,
      create('contract', contract, {
        ...of,
        name: `${product.name}购销合同`,
        number: `HT${day(at).replaceAll('-', '')}${draw.digits(3)}`,
        amount: String(amount),
        signed_on: day(at),
        starts_on: day(at),
        ends_on: day(ends),
        status: 'active',
      }),
    );
    this.#tell(
      at + DAY_MS,
      customer,
      create('sales_order', order, {
        ...of,
        contract,
        product: product.id,
        quantity,
        price: String(product.price),
        amount: String(amount),
        ordered_on: day(at + DAY_MS),
        deliver_on: day(at + 20 * DAY_MS),
        status: 'open',
      }),
    );
    const shipped = at + (8 + draw.below(14)) * DAY_MS;
    this.#tell(shipped, customer, update('sales_order', order, { status: 'shipped' }));
    this.#tell(
      shipped,
      customer,
      create('delivery', next(), {
        ...of,
        sales_order: order,
        content: `${product.name} ${product.model}`,
        quantity,
        carrier: draw.of(['顺丰', '德邦', '京东物流']),
        tracking: `SF${draw.digits(10)}`,
        shipped_on: day(shipped),
        state: 'shipped',
      }),
    );
    this.#tell(shipped + (3 + draw.below(5)) * DAY_MS, customer, update('sales_order', order, { status: 'done' }));
    for (const [n, part] of [30, 70].entries()) {
      const due = at + (n === 0 ? 7 : 60) * DAY_MS;
      const paid = due + (draw.below(20) - 4) * DAY_MS;
      const id = next();
      this.#tell(
        at + DAY_MS,
        customer,
        create('payment', id, {
          ...of,
          contract,
          sales_order: order,
          amount: String(Math.round((amount * part) / 100)),
          planned_on: day(due),
          method: 'transfer',
          state: 'planned',
        }),
      );
      if (draw.chance(92)) this.#tell(paid, customer, update('payment', id, { state: 'received', paid_on: day(paid) }));
      else this.#tell(due + 10 * DAY_MS, customer, update('payment', id, { state: 'overdue' }));
    }
    const installed = shipped + 8 * DAY_MS;
    if (product.code === 'MA-1Y' || installed > now) return;
    this.#tell(
      installed,
      customer,
      create('asset', asset, {
        ...of,
        name: `${product.name} ${draw.digits(3)}`,
        model: product.model,
        serial_number: `SN${draw.digits(8)}`,
        product: product.id,
        contact: people[0],
        installed_on: day(installed),
        warranty_until: day(installed + 365 * DAY_MS),
        place: draw.of(PLACES_OF),
        state: 'running',
      }),
    );
    for (let when = installed + 20 * DAY_MS; when < now && draw.chance(60); when += (40 + draw.below(90)) * DAY_MS)
      this.#ticket(customer, people, asset, when);
    for (let when = installed + 90 * DAY_MS; when < now; when += 91 * DAY_MS)
      this.#tell(
        when,
        customer,
        create('maintenance', next(), {
          ...of,
          name: draw.of(CARE),
          asset,
          kind: 'care',
          done_on: day(when),
          next_on: day(when + 91 * DAY_MS),
        }),
      );
  }

  #ticket(customer: StoryCustomer, people: readonly string[], asset: string, at: number): void {
    const draw = this.#draw;
    const id = this.#options.id();
    const { subject, kind, priority, solution } = draw.of(TICKETS);
    const hours = { urgent: 8, high: 24, normal: 72, low: 120 }[priority] ?? 72;
    const due = new Date(at + hours * 3_600_000).toISOString();
    this.#tell(
      at,
      customer,
      create('ticket', id, {
        subject,
        kind,
        priority,
        customer: customer.id,
        contact: draw.of(people),
        asset,
        state: 'open',
        at: new Date(at).toISOString(),
        resolve_by: due,
        owner: customer.owner,
      }),
    );
    const worked = at + (1 + draw.below(20)) * 3_600_000;
    this.#tell(worked, customer, update('ticket', id, { state: 'working' }));
    if (!draw.chance(93)) return;
    const solved = worked + (2 + draw.below(Math.round(hours * 1.2))) * 3_600_000;
    const end = {
      state: 'solved',
      solution,
      solved_at: new Date(solved).toISOString(),
      satisfaction: 3 + draw.below(3),
    };
    this.#tell(solved, customer, update('ticket', id, end));
    if (draw.chance(60)) this.#tell(solved + 4 * DAY_MS, customer, update('ticket', id, { state: 'closed' }));
  }

  #talk(customer: StoryCustomer, people: readonly string[], at: number, stage: string): void {
    const draw = this.#draw;
    const set = {
      content: TALK_OF_STAGE[stage] ?? '',
      customer: customer.id,
      contact: draw.of(people),
      kind: draw.of(['call', 'call', 'visit', 'wechat']),
      outcome: 'reached',
      at: new Date(at).toISOString(),
      next_step: draw.of(STEPS),
      owner: customer.owner,
    };
    this.#tell(at, customer, create('interaction', this.#options.id(), set));
  }

  #tell(at: number, customer: StoryCustomer, change: Change): void {
    this.#told.push({ at, owner: customer.owner, change });
  }

  /** A moment of a working day. */
  #hours(): number {
    return this.#draw.below(8 * 3600) * 1000;
  }
}
