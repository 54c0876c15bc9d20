import * as vscode from 'vscode';
import { ledgerOf } from '../../messages/ledger.ts';
import type { DiagramToPage } from '../../messages/protocol.ts';
import { defaultStrategy } from '../../spec/index.ts';
import type { RunStore } from '../runs/run-store.ts';

type Message = Extract<DiagramToPage, { type: 'ledger' }>;

/** The transfer ledger of a spec's last run, for as long as a page shows it: told again when there is more of it. */
export class DiagramLedger {
  readonly #store: RunStore;
  readonly #specFile: string;
  #open = false;
  #told = '';

  constructor(store: RunStore, specFile: string) {
    this.#store = store;
    this.#specFile = specFile;
  }

  /** @returns the whole ledger where it has just been opened */
  setOpen(open: boolean): Message | null {
    this.#open = open;
    this.#told = '';
    return this.news();
  }

  /** Null where the page has all there is, or shows none. */
  news(): Message | null {
    if (!this.#open) return null;
    // The history of a run that nobody looks at is not held.
    this.#store.follow(this.#specFile);
    const run = this.#store.latestOf(this.#specFile);
    const told = run === undefined ? '-' : `${run.directory} ${run.history.gradients.length}`;
    if (told === this.#told) return null;
    this.#told = told;
    if (run === undefined) {
      return { type: 'ledger', ledger: null, problem: vscode.l10n.t('There is no run of this spec yet.') };
    }
    const fixed = run.history.start?.strategy === defaultStrategy;
    return { type: 'ledger', ledger: ledgerOf(run.history, new Map(run.identity.weights), fixed), problem: null };
  }
}
