/** What a ledger tells of every run, and of the time that was spent. */
import type { LedgerRecord } from './ledger.ts';

type Kind<K extends LedgerRecord['kind']> = Extract<LedgerRecord, { kind: K }>;

export interface RunHistory {
  /** The newest `submit` record; absent for a run that was never asked for. */
  readonly submit?: Kind<'submit'>;
  /** How often it was started, or gone on with. */
  readonly submits: number;
  /** In order. */
  readonly retries: readonly Kind<'retry'>[];
  readonly deaths: readonly Kind<'death'>[];
  readonly pruned: Kind<'pruned'> | null;
  /** The newest `end` record after the newest `submit`. */
  readonly end: Kind<'end'> | null;
}

const noHistory: RunHistory = { submits: 0, retries: [], deaths: [], pruned: null, end: null };

/** The drivers' sessions and the runs, folded record by record. */
export class History {
  readonly #runs = new Map<string, RunHistory>();
  readonly #deviations: Kind<'deviation'>[] = [];
  #drivers = 0;
  #spent = 0;
  /** When the clock of the current session was started; null while nothing is at work. */
  #since: number | null = null;
  #last: number | null = null;
  #stop: Kind<'stop'> | null = null;
  #start: Kind<'start'> | null = null;

  take(records: readonly LedgerRecord[]): void {
    for (const record of records) this.#takeOne(record);
  }

  of(run: string): RunHistory {
    return this.#runs.get(run) ?? noHistory;
  }

  get runs(): ReadonlyMap<string, RunHistory> {
    return this.#runs;
  }

  get deviations(): readonly Kind<'deviation'>[] {
    return this.#deviations;
  }

  /** How many drivers have worked on it. */
  get drivers(): number {
    return this.#drivers;
  }

  /** The newest `start`. */
  get start(): Kind<'start'> | null {
    return this.#start;
  }

  /** Why the newest driver ended; null while it works, and where it was killed. */
  get stop(): Kind<'stop'> | null {
    return this.#stop;
  }

  /**
   * Milliseconds in which a driver was at work, pauses left out. Of one that was killed until its last record.
   *
   * @param now the end of the session that goes on; null when none does
   */
  spent(now: number | null): number {
    if (this.#since === null) return this.#spent;
    return this.#spent + Math.max(0, (now ?? this.#last ?? this.#since) - this.#since);
  }

  #takeOne(record: LedgerRecord): void {
    if (record.kind === 'start') {
      // The session before was killed: it lasted until its last record.
      this.#halt(this.#last ?? record.t);
      this.#since = record.t;
      this.#drivers = Math.max(this.#drivers, record.driver);
      this.#start = record;
      this.#stop = null;
    }
    if (record.kind === 'stop') this.#stop = record;
    if (record.kind === 'stop' || record.kind === 'pause') this.#halt(record.t);
    if (record.kind === 'resume') this.#since ??= record.t;
    if (record.kind === 'deviation') this.#deviations.push(record);
    this.#last = record.t;
    if ('run' in record) this.#runs.set(record.run, withRecord(this.of(record.run), record));
  }

  #halt(t: number): void {
    if (this.#since !== null) this.#spent += Math.max(0, t - this.#since);
    this.#since = null;
  }
}

function withRecord(known: RunHistory, record: Extract<LedgerRecord, { readonly run: string }>): RunHistory {
  switch (record.kind) {
    case 'submit':
      return { ...known, submit: record, submits: known.submits + 1, end: null };
    case 'end':
      return { ...known, end: record };
    case 'pruned':
      return { ...known, pruned: record };
    case 'death':
      return { ...known, deaths: [...known.deaths, record] };
    case 'retry':
      return { ...known, retries: [...known.retries, record] };
  }
}
