import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { DataFacts, Diagram, Plan } from '../plan/types.ts';
import { diagramOf } from '../plan/diagram.ts';
import { makePlan } from '../plan/make.ts';
import { readSpec, type Problem, type Reading, type Spec } from '../spec/index.ts';
import { refusalOf } from '../data/paths.ts';
import { setting } from './config.ts';
import { Debounced, Disposables } from './disposables.ts';
import { specSuffix } from './ids.ts';
import { locale } from './language.ts';
import { log, messageOf } from './log.ts';
import { rootOf } from './run-folders.ts';

/** Everything that is known of one version of a spec's text. */
export interface Analysis {
  readonly version: number;
  readonly reading: Reading;
  readonly plan: Plan | undefined;
  /** All problems: of the language, of the plan, of the data's header. Exactly one per mistake. */
  readonly problems: readonly Problem[];
}

interface Header {
  /** What it was made from: the data section, its files and their times. */
  readonly key: string;
  readonly facts: DataFacts | undefined;
  readonly problems: readonly Problem[];
}

interface Known {
  analysis: Analysis | undefined;
  header: Header | undefined;
  /** Key of the header that is being read. */
  reading: string | undefined;
  diagram: { readonly analysis: Analysis; readonly diagram: Diagram | undefined } | undefined;
  readonly soon: Debounced;
}

const typingPause = 200;

export function isSpec(uri: vscode.Uri): boolean {
  return (
    uri.path.endsWith(specSuffix) &&
    (uri.scheme === 'file' || uri.scheme === 'untitled' || uri.scheme === 'vscode-remote')
  );
}

/**
 * Open specs, read once a version: squiggles, lenses, hover, completion and the diagram are readings of the same
 * analysis. The data's header is read beside, cached by the files' times, and never in Restricted Mode (SAFETY 2).
 */
export class SpecDocuments extends Disposables {
  readonly #known = new Map<string, Known>();
  readonly #analyzed = this.register(new vscode.EventEmitter<vscode.TextDocument>());
  readonly #opened = this.register(new vscode.EventEmitter<vscode.TextDocument>());
  readonly #closed = this.register(new vscode.EventEmitter<vscode.TextDocument>());
  /** A pause in typing was long enough, or the data's header has come. */
  readonly onDidAnalyze = this.#analyzed.event;
  readonly onDidOpen = this.#opened.event;
  readonly onDidClose = this.#closed.event;

  constructor() {
    super();
    this.register(vscode.workspace.onDidOpenTextDocument((document) => this.#open(document)));
    this.register(vscode.workspace.onDidCloseTextDocument((document) => this.#close(document)));
    this.register(
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (isSpec(document.uri)) this.#of(document).soon.soon();
      }),
    );
    this.register(
      vscode.workspace.onDidSaveTextDocument((document) => isSpec(document.uri) && this.#publish(document)),
    );
    this.register(vscode.workspace.onDidGrantWorkspaceTrust(() => this.publishAll()));
  }

  /** Specs that were open before we were. */
  start(): void {
    for (const document of vscode.workspace.textDocuments) this.#open(document);
  }

  get open(): readonly vscode.TextDocument[] {
    return vscode.workspace.textDocuments.filter(({ uri }) => isSpec(uri));
  }

  publishAll(): void {
    for (const document of this.open) this.#publish(document);
  }

  /** The analysis of the text as it is now. */
  get(document: vscode.TextDocument): Analysis {
    const known = this.#of(document);
    if (known.analysis?.version !== document.version) known.analysis = this.#analyze(document, known);
    return known.analysis;
  }

  /** The picture of the text as it is now; undefined while it leaves nothing to draw. */
  diagramOf(document: vscode.TextDocument): Diagram | undefined {
    const known = this.#of(document);
    const analysis = this.get(document);
    if (known.diagram?.analysis !== analysis) {
      const diagram = analysis.plan ? diagramOf(analysis.plan, locale()) : undefined;
      known.diagram = { analysis, diagram };
    }
    return known.diagram.diagram;
  }

  /** Like `get`, with the data's header read anew if its files have changed. */
  async settled(document: vscode.TextDocument): Promise<Analysis> {
    const { spec } = this.get(document).reading;
    if (spec) await this.#readHeader(document, spec);
    return this.get(document);
  }

  #of(document: vscode.TextDocument): Known {
    const key = document.uri.toString();
    const known = this.#known.get(key);
    if (known) return known;
    const soon = new Debounced(typingPause, () => this.#publish(document));
    const fresh: Known = { analysis: undefined, header: undefined, reading: undefined, diagram: undefined, soon };
    this.#known.set(key, fresh);
    return fresh;
  }

  #open(document: vscode.TextDocument): void {
    if (!isSpec(document.uri)) return;
    this.#opened.fire(document);
    this.#publish(document);
  }

  #close(document: vscode.TextDocument): void {
    if (!isSpec(document.uri)) return;
    this.#known.get(document.uri.toString())?.soon.dispose();
    this.#known.delete(document.uri.toString());
    this.#closed.fire(document);
  }

  #publish(document: vscode.TextDocument): void {
    if (this.disposed || document.isClosed) return;
    const { spec } = this.get(document).reading;
    this.#analyzed.fire(document);
    if (!spec) return;
    this.#readHeader(document, spec).then(
      (changed) => changed && !document.isClosed && this.#analyzed.fire(document),
      (error: unknown) => log().warn(messageOf(error)),
    );
  }

  #analyze(document: vscode.TextDocument, known: Known): Analysis {
    const reading = readSpec(document.getText());
    const { version } = document;
    if (!reading.spec) return { version, reading, plan: undefined, problems: reading.problems };
    const header = known.header;
    const planning = makePlan(reading.spec, reading.tree, header?.facts);
    const problems = [...reading.problems, ...planning.problems, ...(header?.problems ?? [])];
    return { version, reading, plan: planning.plan, problems };
  }

  /** @returns whether something new was learned */
  async #readHeader(document: vscode.TextDocument, spec: Spec): Promise<boolean> {
    if (!vscode.workspace.isTrusted || document.uri.scheme === 'untitled') return false;
    const known = this.#of(document);
    const key = headerKey(spec, document.uri.fsPath);
    if (known.header?.key === key || known.reading === key) return false;
    known.reading = key;
    try {
      const { describeData } = await import('../data/describe.ts');
      const allowOutside = setting('mtl.paths.allowOutsideWorkspace', document.uri);
      const options = { root: rootOf(document.uri.fsPath), allowOutside, mode: 'header' as const };
      const { facts, problems } = await describeData(spec, document.uri.fsPath, options);
      known.header = { key, facts, problems };
    } finally {
      if (known.reading === key) known.reading = undefined;
    }
    known.analysis = undefined;
    return true;
  }

  override dispose(): void {
    for (const { soon } of this.#known.values()) soon.dispose();
    super.dispose();
  }
}

/** The data section with the times of its files: the same key means the same header. */
function headerKey(spec: Spec, specFile: string): string {
  const text = JSON.stringify(spec.data, (_, value: unknown) => (value instanceof Map ? [...value] : value));
  const files = new Set<string>();
  JSON.stringify(spec.data.source, (_, value: unknown) => {
    if (typeof value === 'string') files.add(value);
    return value;
  });
  const times = [...files].map((file) => {
    // By its text, before any stat: a network path is not even looked at.
    if (refusalOf(file) !== undefined) return 0;
    try {
      return fs.statSync(path.resolve(path.dirname(specFile), file)).mtimeMs;
    } catch {
      return 0;
    }
  });
  return `${text}\n${times.join()}`;
}
