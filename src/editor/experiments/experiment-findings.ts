import * as vscode from 'vscode';
import { readDesign } from '../../experiment/design.ts';
import { estimateOf, overBudget, type Speed } from '../../experiment/estimate.ts';
import { anywhere, expand } from '../../experiment/expand.ts';
import { powerOf } from '../../experiment/power.ts';
import { checkExperiment } from '../../experiment/problems/index.ts';
import { measuredSpeed } from '../../experiment/speed.ts';
import { processorsHere } from '../../files/processors.ts';
import type { Problem } from '../../spec/index.ts';
import type { SpecDocuments } from '../documents/spec-documents.ts';
import { Debounced, Disposables } from '../window/disposables.ts';
import { locale } from '../window/language.ts';
import type { ExperimentSummary } from './experiment-text.ts';

export interface ExperimentFinding {
  readonly problems: readonly Problem[];
  /** Absent where the text has no experiment that could be planned. */
  readonly summary?: ExperimentSummary;
}

interface Known {
  version: number;
  finding: ExperimentFinding;
  readonly soon: Debounced;
}

/** A design of hundreds of runs takes its time: longer than a pause between two letters. */
const typingPause = 400;
const none: ExperimentFinding = { problems: [] };

/**
 * What is wrong with the section `experiment`, and what it comes to. Apart from the other problems: it does not stand in the
 * way of a single run, and takes longer to find than one may wait at a key.
 */
export class ExperimentFindings extends Disposables {
  readonly #documents: SpecDocuments;
  readonly #known = new Map<string, Known>();
  readonly #changed = this.register(new vscode.EventEmitter<vscode.TextDocument>());
  readonly onDidChange = this.#changed.event;

  constructor(documents: SpecDocuments) {
    super();
    this.#documents = documents;
    this.register(documents.onDidAnalyze((document) => this.#of(document).soon.soon()));
    this.register(documents.onDidClose((document) => this.#forget(document)));
  }

  /** The newest that is known; of an older text while somebody types. */
  of(document: vscode.TextDocument): ExperimentFinding {
    return this.#known.get(document.uri.toString())?.finding ?? none;
  }

  /** Of the text as it is now: edits need its own places. */
  current(document: vscode.TextDocument): ExperimentFinding {
    const known = this.#of(document);
    if (known.version !== document.version) this.#find(document, known);
    return known.finding;
  }

  #of(document: vscode.TextDocument): Known {
    const key = document.uri.toString();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const soon = new Debounced(typingPause, () => {
      if (document.isClosed || this.disposed) return;
      this.#find(document, fresh);
      this.#changed.fire(document);
    });
    const fresh: Known = { version: -1, finding: none, soon };
    this.#known.set(key, fresh);
    return fresh;
  }

  #find(document: vscode.TextDocument, known: Known): void {
    known.version = document.version;
    known.finding = this.#findingOf(document);
  }

  #findingOf(document: vscode.TextDocument): ExperimentFinding {
    const { reading, problems } = this.#documents.get(document);
    if (reading.spec?.experiment === undefined) return none;
    // What is wrong with the spec is wrong with every run of it, and would be told for each.
    if (problems.some(({ severity }) => severity === 'error')) return none;
    const read = readDesign(document.getText());
    const speed = speedOf(document);
    const parallel = read.design?.experiment.budget.parallel ?? processorsHere();
    const found = checkExperiment(reading, read, { speed, parallel });
    const { design } = read;
    const broken = found.some(({ severity, code }) => severity === 'error' && code !== 'over-budget');
    if (design === undefined || broken) return { problems: found };
    const expansion = expand(design, anywhere, new Map());
    const estimate = estimateOf(expansion, speed, parallel);
    const over = overBudget(design, estimate) !== null;
    return {
      problems: found,
      summary: { estimate, over, power: powerOf(design, expansion), language: locale() === 'zh-cn' ? 'zh' : 'en' },
    };
  }

  #forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    this.#known.get(key)?.soon.dispose();
    this.#known.delete(key);
  }
}

function speedOf({ uri }: vscode.TextDocument): Speed | null {
  return uri.scheme === 'file' ? measuredSpeed(uri.fsPath) : null;
}
