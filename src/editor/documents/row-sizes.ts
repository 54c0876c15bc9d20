import * as path from 'node:path';
import * as vscode from 'vscode';
import { isFields, passes } from '../../common/checks.ts';
import { dataSizesCheck, sizesKey, type DataSizes, type SizesOrigin } from '../../plan/index.ts';
import { SizesOfRuns, type FoundSizes } from '../../runs/known-sizes.ts';
import type { Spec } from '../../spec/index.ts';
import { setting } from '../window/config.ts';
import { Disposables } from '../window/disposables.ts';
import { log, messageOf } from '../window/log.ts';
import type { RowCheck } from './row-check.ts';

/** Sizes for a spec, and where they come from. */
export interface KnownSizes {
  readonly sizes: DataSizes | undefined;
  readonly origin: SizesOrigin;
}

/** Runs of a spec, the newest first. */
export type RunsOf = (specFile: string) => readonly string[];

interface Answered {
  readonly key: string;
  /** Null where the rows were not read: too large, or in error. */
  readonly sizes: DataSizes | null;
  /** Of the document that was asked about: another text may have no error in the way. */
  readonly version: number;
}

interface FoundInRuns {
  readonly stamp: string;
  readonly found: FoundSizes | undefined;
}

/**
 * Sizes that only the rows of the data tell, so that shapes and counts are known while somebody writes: `mtl check` reads
 * the rows in a process of its own when it is first asked for a data section, and again when that section or its files have
 * changed and the spec is saved. A run of the same spec that found them earlier is asked where the rows are not read. Never
 * in Restricted Mode, where no data are opened (conventions 13.2).
 */
export class RowSizes extends Disposables {
  readonly #check: RowCheck;
  readonly #runsOf: RunsOf;
  readonly #answers = new Map<string, Answered>();
  readonly #inRuns = new Map<string, FoundInRuns>();
  readonly #sizesOfRuns = new SizesOfRuns();
  readonly #asking = new Map<string, { readonly key: string; readonly cancel: vscode.CancellationTokenSource }>();
  readonly #learned = this.register(new vscode.EventEmitter<vscode.TextDocument>());
  readonly onDidLearn = this.#learned.event;

  constructor(check: RowCheck, runsOf: RunsOf) {
    super();
    this.#check = check;
    this.#runsOf = runsOf;
  }

  /**
   * What is known now; asks for what is not.
   *
   * @param header what the header of the data was made from: their files and times
   */
  of(document: vscode.TextDocument, spec: Spec, header: string | undefined): KnownSizes {
    if (!vscode.workspace.isTrusted) return this.#ofRun(document, spec, 'restricted');
    const place = document.uri.toString();
    const key = `${header ?? ''}\n${sizesKey(spec)}`;
    const answer = this.#answers.get(place);
    if (answer?.key === key && answer.sizes !== null) return { sizes: answer.sizes, origin: { from: 'rows' } };
    if (document.uri.scheme !== 'file' || !setting('mtl.check.readData', document.uri)) {
      return this.#ofRun(document, spec, document.uri.scheme === 'file' ? 'off' : 'unsaved');
    }
    if (answer?.key === key && answer.version === document.version) return this.#ofRun(document, spec, 'unread');
    if (document.isDirty) return this.#ofRun(document, spec, 'unsaved');
    // Without a header there is nothing yet that the answer could be known by.
    if (header !== undefined) this.#ask(document, place, key);
    return this.#ofRun(document, spec, 'reading');
  }

  forget(document: vscode.TextDocument): void {
    const place = document.uri.toString();
    this.#asking.get(place)?.cancel.cancel();
    this.#answers.delete(place);
    this.#inRuns.delete(place);
  }

  #ofRun({ uri }: vscode.TextDocument, spec: Spec, why: Extract<SizesOrigin, { from: 'nowhere' }>['why']): KnownSizes {
    const [runs, key, place] = [this.#runsOf(uri.fsPath), sizesKey(spec), uri.toString()];
    const stamp = JSON.stringify([runs, key]);
    // While somebody types: runs are not opened at every key.
    const known = this.#inRuns.get(place);
    const found = known?.stamp === stamp ? known.found : this.#sizesOfRuns.newest(runs, key);
    this.#inRuns.set(place, { stamp, found });
    if (found === undefined) return { sizes: undefined, origin: { from: 'nowhere', why } };
    return { sizes: found.sizes, origin: { from: 'run', run: path.basename(found.directory) } };
  }

  #ask(document: vscode.TextDocument, place: string, key: string): void {
    const { version } = document;
    const earlier = this.#asking.get(place);
    if (earlier?.key === key) return;
    earlier?.cancel.cancel();
    const cancel = new vscode.CancellationTokenSource();
    this.#asking.set(place, { key, cancel });
    void this.#read(document, cancel.token)
      .catch((error: unknown): null => {
        if (!(error instanceof vscode.CancellationError)) log().warn(messageOf(error));
        return null;
      })
      .then((sizes) => {
        if (cancel.token.isCancellationRequested || this.disposed) return;
        this.#answers.set(place, { key, sizes, version });
        this.#learned.fire(document);
      })
      .finally(() => {
        if (this.#asking.get(place)?.cancel === cancel) this.#asking.delete(place);
        cancel.dispose();
      });
  }

  async #read(document: vscode.TextDocument, token: vscode.CancellationToken): Promise<DataSizes | null> {
    return readSizes(await this.#check.ask(document, token));
  }

  override dispose(): void {
    for (const { cancel } of this.#asking.values()) cancel.cancel();
    super.dispose();
  }
}

/** The sizes in the answer of `mtl check --json`; null where it could not read the rows. */
function readSizes(answer: string): DataSizes | null {
  const value: unknown = JSON.parse(answer);
  const sizes = isFields(value) && value['v'] === 1 ? value['sizes'] : undefined;
  return passes(dataSizesCheck, sizes) ? sizes : null;
}
