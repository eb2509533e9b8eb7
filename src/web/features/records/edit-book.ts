import type { z } from 'zod';
import type { changeSchema, outcomeSchema, writeReply } from '../../../contract/records.ts';
import type { FieldValue } from '../../../domain/schema/types.ts';
import type { Row } from './block-store.ts';

export type Change = z.input<typeof changeSchema>;
export type Outcome = z.output<typeof outcomeSchema>;
type WriteReply = z.output<typeof writeReply>;

/** One cell that is to become `value`; `shown` is what to show until the server answers. */
export interface CellEdit {
  id: string;
  field: string;
  value: unknown;
  shown: string;
  /** Version of the record that the author saw when he began; default: the one that is shown now. */
  version?: number;
}

/** A cell whose new value is not stored: on its way, or refused with the sentence why. */
export interface Pending {
  value: unknown;
  shown: string;
  state: 'saving' | 'error';
  message?: string;
}

export interface Conflict {
  id: string;
  field: string;
  yours: FieldValue;
  theirs: FieldValue;
  by: string;
  at: string;
  /** The edit to send again when the author insists. */
  edit: CellEdit;
}

/** What the book needs of the world. */
export interface EditWorld {
  object: string;
  write(changes: Change[]): Promise<WriteReply>;
  undo(changeSet: string): Promise<{ changeSet: string; undone: number; skippedCount: number }>;
  /** Turns text into the value of a field that stores ids (relation, user); or says why not. */
  resolve(edit: CellEdit): Promise<{ ok: true; value: unknown } | { ok: false; message: string }>;
  row(id: string): Row | undefined;
  replace(row: Row): void;
  /** Brings rows as they are now, after a conflict or an undo. */
  refresh(ids: string[]): Promise<void>;
  onChange(): void;
  onConflicts(conflicts: Conflict[]): void;
  onFailure(error: unknown): void;
  onUndone(what: 'undo' | 'redo', result: { undone: number; skipped: number }): void;
  /** Values went to somebody who looks at them first; with the sentences that say why, if any. */
  onHeld(why: string[]): void;
  sentence(error: unknown): string;
}

const BATCH = 500;

/** An edit and the pending cell it made. */
interface Job {
  edit: CellEdit;
  cell: Pending;
  /** Version that the author saw. */
  seen: number | undefined;
}

interface Step {
  changeSets: string[];
  ids: string[];
}

/**
 * Optimistic edits with honest rollback. A typed value shows at once as “on its way”; what the server refuses stays visible with its sentence and is
 * never taken for stored. Writes go one after another, so that one's own edits never conflict with each other; each carries the version that
 * was seen, so that another's edit is never overwritten unasked.
 */
export class EditBook {
  readonly #world: EditWorld;
  readonly #pending = new Map<string, Map<string, Pending>>();
  readonly #own = new Set<string>();
  /** Versions that this page itself made, `id@version`: having seen the one before, their author has seen these. */
  readonly #ownVersions = new Set<string>();
  #undo: Step[] = [];
  #redo: Step[] = [];
  #queue: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(world: EditWorld) {
    this.#world = world;
  }

  pending(id: string, field: string): Pending | undefined {
    return this.#pending.get(id)?.get(field);
  }

  /** Cells that were refused and still show what was typed. */
  refused(): { id: string; field: string; message: string }[] {
    return [...this.#pending].flatMap(([id, cells]) =>
      [...cells].flatMap(([field, cell]) =>
        cell.state === 'error' ? [{ id, field, message: cell.message ?? '' }] : [],
      ),
    );
  }

  get busy(): boolean {
    return this.#waiting > 0;
  }

  /** Change set of the last step, for an undo offered elsewhere. */
  lastChangeSet(): string | null {
    return this.#undo.at(-1)?.changeSets.at(-1) ?? null;
  }

  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  /** Did this page write that change set? Then its rows are shown already. */
  isOwn(changeSet: string): boolean {
    return this.#own.has(changeSet);
  }

  /** Gives up what was refused; the stored values show again. */
  discardRefused(): void {
    for (const [id, cells] of this.#pending) {
      for (const [field, cell] of cells) if (cell.state === 'error') cells.delete(field);
      if (cells.size === 0) this.#pending.delete(id);
    }
    this.#world.onChange();
  }

  /** Resolves when everything handed in so far is written or refused. */
  idle(): Promise<void> {
    return this.#queue;
  }

  apply(edits: CellEdit[]): Promise<void> {
    const jobs = edits.map((edit): Job => {
      const cell: Pending = { value: edit.value, shown: edit.shown, state: 'saving' };
      this.#cells(edit.id).set(edit.field, cell);
      return { edit, cell, seen: edit.version ?? this.#world.row(edit.id)?.version };
    });
    this.#world.onChange();
    return this.#enqueue(() => this.#send(jobs));
  }

  /** Sends edits again that were in conflict: their author has seen the other's value now and wants his own. */
  insist(conflicts: Conflict[]): Promise<void> {
    return this.apply(conflicts.map(({ edit: { version: _, ...edit } }) => edit));
  }

  /** A change of another kind (verify, delete) by the same queue and undo stack. Gives the outcomes. */
  async run(changes: Change[]): Promise<Outcome[]> {
    const all: Outcome[] = [];
    await this.#enqueue(async () => {
      const step: Step = { changeSets: [], ids: [] };
      for (let at = 0; at < changes.length; at += BATCH) {
        const reply = await this.#world.write(changes.slice(at, at + BATCH));
        this.#remember(step, reply);
        all.push(...reply.outcomes);
      }
      this.#push(step);
      await this.#world.refresh(all.map((outcome) => outcome.id));
    });
    return all;
  }

  undo(): Promise<void> {
    return this.#reverse('undo');
  }

  redo(): Promise<void> {
    return this.#reverse('redo');
  }

  #reverse(what: 'undo' | 'redo'): Promise<void> {
    return this.#enqueue(async () => {
      const step = (what === 'undo' ? this.#undo : this.#redo).pop();
      if (!step) return;
      const back: Step = { changeSets: [], ids: step.ids };
      let undone = 0;
      let skipped = 0;
      for (const id of [...step.changeSets].reverse()) {
        const result = await this.#world.undo(id);
        this.#own.add(result.changeSet);
        back.changeSets.push(result.changeSet);
        undone += result.undone;
        skipped += result.skippedCount;
      }
      (what === 'undo' ? this.#redo : this.#undo).push(back);
      await this.#world.refresh(step.ids);
      this.#world.onUndone(what, { undone, skipped });
    });
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#waiting++;
    const next = this.#queue.then(work).catch((error: unknown) => this.#world.onFailure(error));
    this.#queue = next.then(() => {
      this.#waiting--;
      this.#world.onChange();
    });
    return this.#queue;
  }

  #cells(id: string): Map<string, Pending> {
    let cells = this.#pending.get(id);
    if (!cells) {
      cells = new Map();
      this.#pending.set(id, cells);
    }
    return cells;
  }

  async #send(jobs: Job[]): Promise<void> {
    const byRow = new Map<string, Job[]>();
    for (const job of jobs) {
      const resolved = await this.#world.resolve(job.edit);
      if (!resolved.ok) this.#refuse(job, resolved.message);
      else {
        const ready: Job = { ...job, edit: { ...job.edit, value: resolved.value } };
        byRow.set(job.edit.id, [...(byRow.get(job.edit.id) ?? []), ready]);
      }
    }
    const rows = [...byRow.values()];
    const step: Step = { changeSets: [], ids: [] };
    const conflicts: Conflict[] = [];
    for (let at = 0; at < rows.length; at += BATCH) {
      const batch = rows.slice(at, at + BATCH);
      try {
        const reply = await this.#world.write(batch.map((row) => this.#change(row)));
        this.#remember(step, reply);
        reply.outcomes.forEach((outcome, index) => {
          conflicts.push(...this.#settle(outcome, batch[index] ?? []));
        });
      } catch (error) {
        // Nothing of this batch is stored: say so in the cells, keep what was typed.
        for (const job of batch.flat()) this.#refuse(job, this.#world.sentence(error));
        this.#world.onFailure(error);
      }
    }
    this.#push(step);
    if (conflicts.length > 0) {
      await this.#world.refresh([...new Set(conflicts.map((conflict) => conflict.id))]);
      this.#world.onConflicts(conflicts);
    }
  }

  #change(row: Job[]): Change {
    const id = row[0]?.edit.id ?? '';
    const seen = row.map((job) => job.seen).filter((one) => one !== undefined);
    const version = seen.length > 0 ? this.#throughOwn(id, Math.min(...seen)) : undefined;
    return {
      op: 'update',
      object: this.#world.object,
      id,
      ...(version !== undefined && { version }),
      set: Object.fromEntries(row.map(({ edit }) => [edit.field, edit.value])),
    };
  }

  #throughOwn(id: string, seen: number): number {
    let version = seen;
    while (this.#ownVersions.has(`${id}@${version + 1}`)) version++;
    return version;
  }

  /** Brings one outcome into the cells; gives the conflicts to ask about. */
  #settle(outcome: Outcome, jobs: Job[]): Conflict[] {
    if (outcome.status === 'rejected') {
      for (const job of jobs) {
        const issue = outcome.issues?.find((one) => one.field === job.edit.field) ?? outcome.issues?.[0];
        this.#refuse(job, issue?.message ?? issue?.code ?? '');
      }
      return [];
    }
    for (const job of jobs) this.#release(job);
    if (outcome.status === 'conflict') {
      return (outcome.conflicts ?? []).flatMap((conflict) => {
        const edit = jobs.find((job) => job.edit.field === conflict.field)?.edit;
        return edit ? [{ ...conflict, id: edit.id, edit }] : [];
      });
    }
    const why = heldReasons(outcome);
    if (outcome.status === 'held' || why.length > 0) this.#world.onHeld(why);
    if (outcome.status === 'held') return [];
    const row = this.#world.row(outcome.id);
    if (row) this.#world.replace(written(row, outcome));
    return [];
  }

  #refuse({ edit, cell }: Job, message: string): void {
    // A newer edit of the same cell is none of this one's business.
    if (this.pending(edit.id, edit.field) !== cell) return;
    this.#cells(edit.id).set(edit.field, { ...cell, state: 'error', message });
    this.#world.onChange();
  }

  #release({ edit, cell }: Job): void {
    if (this.pending(edit.id, edit.field) !== cell) return;
    const cells = this.#cells(edit.id);
    cells.delete(edit.field);
    if (cells.size === 0) this.#pending.delete(edit.id);
  }

  #remember(step: Step, reply: WriteReply): void {
    if (reply.changeSet) {
      this.#own.add(reply.changeSet);
      step.changeSets.push(reply.changeSet);
    }
    for (const outcome of reply.outcomes) {
      step.ids.push(outcome.id);
      if (outcome.status === 'applied' && outcome.version !== undefined)
        this.#ownVersions.add(`${outcome.id}@${outcome.version}`);
    }
  }

  #push(step: Step): void {
    if (step.changeSets.length === 0) return;
    this.#undo.push(step);
    this.#redo = [];
  }
}

/** Why some of the values wait for a person. */
export function heldReasons({ issues }: Outcome): string[] {
  return (issues ?? []).flatMap(({ code, message }) => (code.startsWith('held-') && message ? [message] : []));
}

/** The row as it is after a write: stored values, version, and fresh cells until the server's own figures arrive. */
export function written(row: Row, outcome: Outcome): Row {
  const values = { ...row.values, ...outcome.values };
  const next: Row = { ...row, version: outcome.version ?? row.version, values };
  if (row.freshness && outcome.status === 'applied') {
    const cells = { ...row.freshness.cells };
    for (const [field, value] of Object.entries(outcome.values ?? {})) {
      const cell = cells[field];
      if (cell && value !== row.values[field])
        cells[field] = {
          ...cell,
          confidence: value === null ? 0 : 1,
          state: value === null ? 'missing' : 'fresh',
          method: null,
        };
    }
    next.freshness = { ...row.freshness, cells };
  }
  return next;
}
