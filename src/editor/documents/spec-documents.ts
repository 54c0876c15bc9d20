import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { DataFacts, Diagram, Plan } from '../../plan/plan.ts';
import { diagramOf, lacksSizes, makePlan, withSizes, type DiagramOptions, type SizesOrigin } from '../../plan/index.ts';
import { readSpec, type Problem, type SpecReading, type Spec } from '../../spec/index.ts';
import { refusalOf } from '../../data/paths.ts';
import { thisMachine } from '../../runtime/machine.ts';
import { isSpec } from '../window/arguments.ts';
import { setting } from '../window/config.ts';
import { Debounced, Disposables } from '../window/disposables.ts';
import { locale } from '../window/language.ts';
import { log, messageOf } from '../window/log.ts';
import { valueRangeOf } from '../window/pointers.ts';
import { rootOf } from '../runs/run-folders.ts';
import type { RowSizes } from './row-sizes.ts';

/** Everything that is known of one version of a spec's text. */
export interface Analysis {
  readonly version: number;
  readonly reading: SpecReading;
  readonly plan: Plan | undefined;
  /** Where sizes of the plan come from that neither the spec nor the header of the data tells. */
  readonly sizes: SizesOrigin;
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
  /** The last text that could be drawn: a picture outlives a text that is broken for a while. */
  good: Pick<Analysis, 'plan' | 'sizes'> | undefined;
  header: Header | undefined;
  /** The header that is being read. */
  reading: { readonly key: string; readonly done: Promise<void> } | undefined;
  readonly soon: Debounced;
  readonly atOnce: Debounced;
}

const typingPause = 200;
/** Squiggles come at once: an analysis of a long spec takes a few milliseconds, and the picture may wait. */
const squigglePause = 20;

/**
 * Open specs, read once a version: squiggles, lenses, hover, completion and the diagram are readings of the same
 * analysis. The data's header is read beside, cached by the files' times, and never in Restricted Mode (conventions 13.2).
 */
export class SpecDocuments extends Disposables {
  readonly #known = new Map<string, Known>();
  readonly #analyzed = this.register(new vscode.EventEmitter<vscode.TextDocument>());
  readonly #typed = this.register(new vscode.EventEmitter<vscode.TextDocument>());
  readonly #opened = this.register(new vscode.EventEmitter<vscode.TextDocument>());
  readonly #closed = this.register(new vscode.EventEmitter<vscode.TextDocument>());
  /** A pause in typing was long enough, or the data's header has come. */
  readonly onDidAnalyze = this.#analyzed.event;
  /** Right after a keystroke, for what costs little. */
  readonly onDidType = this.#typed.event;
  readonly onDidOpen = this.#opened.event;
  readonly onDidClose = this.#closed.event;

  readonly #sizes: RowSizes;

  constructor(sizes: RowSizes) {
    super();
    this.#sizes = sizes;
    this.register(
      sizes.onDidLearn((document) => {
        if (document.isClosed) return;
        this.#of(document).analysis = undefined;
        this.#analyzed.fire(document);
      }),
    );
    this.register(vscode.workspace.onDidOpenTextDocument((document) => this.#open(document)));
    this.register(vscode.workspace.onDidCloseTextDocument((document) => this.#close(document)));
    this.register(
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (!isSpec(document.uri)) return;
        this.#of(document).atOnce.soon();
        this.#of(document).soon.soon();
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
    if (known.analysis?.version !== document.version) {
      known.analysis = this.#analyze(document, known);
      if (known.analysis.plan) known.good = known.analysis;
    }
    return known.analysis;
  }

  /** The picture of the text as it is now, or of the last one that could be drawn; undefined where there was none. */
  diagramOf(document: vscode.TextDocument, options: DiagramOptions): Diagram | undefined {
    const { plan, sizes } = this.drawable(document);
    return plan ? diagramOf(plan, locale(), { ...options, sizes }) : undefined;
  }

  /** The plan of the text as it is now, or of the last one that could be drawn. */
  drawable(document: vscode.TextDocument): Pick<Analysis, 'plan' | 'sizes'> {
    const analysis = this.get(document);
    return analysis.plan ? analysis : (this.#of(document).good ?? this.#saved(document));
  }

  /** What the file on disk says, where the text of the editor has never been whole in this window. */
  #saved(document: vscode.TextDocument): Pick<Analysis, 'plan' | 'sizes'> {
    const known = this.#of(document);
    known.good = { plan: undefined, sizes: { from: 'spec' } };
    if (!document.isDirty || document.uri.scheme !== 'file') return known.good;
    try {
      const { spec, tree } = readSpec(fs.readFileSync(document.uri.fsPath, 'utf8'));
      if (spec) known.good = { plan: makePlan(spec, tree).plan, sizes: { from: 'spec' } };
    } catch (error) {
      log().debug(messageOf(error));
    }
    return known.good;
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
    const atOnce = new Debounced(squigglePause, () => this.#check(document));
    const fresh: Known = { analysis: undefined, good: undefined, header: undefined, reading: undefined, soon, atOnce };
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
    this.#known.get(document.uri.toString())?.atOnce.dispose();
    this.#known.delete(document.uri.toString());
    this.#sizes.forget(document);
    this.#closed.fire(document);
  }

  #check(document: vscode.TextDocument): void {
    if (!this.disposed && !document.isClosed) this.#typed.fire(document);
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
    const unknown: SizesOrigin = { from: 'spec' };
    if (!reading.spec) return { version, reading, plan: undefined, sizes: unknown, problems: reading.problems };
    const header = known.header;
    const planning = makePlan(reading.spec, reading.tree, header?.facts, thisMachine());
    const problems = [
      ...reading.problems,
      ...planning.problems,
      ...located(document.getText(), header?.problems ?? []),
    ];
    if (!planning.plan || !lacksSizes(planning.plan)) return { version, reading, plan: planning.plan, sizes: unknown, problems }; // prettier-ignore
    // What only the rows tell of problems is told by `mtl check`: here they give sizes alone.
    const { sizes, origin } = this.#sizes.of(document, reading.spec, header?.key);
    const plan = sizes && makePlan(reading.spec, reading.tree, withSizes(header?.facts, sizes)).plan;
    return { version, reading, plan: plan ?? planning.plan, sizes: origin, problems };
  }

  /** @returns whether something new was learned */
  async #readHeader(document: vscode.TextDocument, spec: Spec): Promise<boolean> {
    if (!vscode.workspace.isTrusted || document.uri.scheme === 'untitled') return false;
    const specFile = document.uri.fsPath;
    const { describeData, sourceFiles } = await import('../../data/index.ts');
    const files = sourceFiles(spec).map(({ path: file }) => file);
    const key = headerKey(spec, files, path.dirname(specFile));
    const known = this.#of(document);
    if (known.header?.key === key) return false;
    if (known.reading?.key === key) {
      await known.reading.done;
      return false;
    }
    const allowOutside = setting('mtl.paths.allowOutsideWorkspace', document.uri);
    const glance = !vscode.workspace.isTrusted;
    const place = { specFile, root: rootOf(specFile), allowOutside, glance };
    const done = describeData(spec, place).then(({ facts, problems }) => {
      if (known.reading?.key === key) known.header = { key, facts, problems };
    });
    known.reading = { key, done };
    try {
      await done;
    } finally {
      this.#endReading(known, key);
    }
    known.analysis = undefined;
    return true;
  }

  /** A reading of another key may have come, and gone, meanwhile. */
  #endReading(known: Known, key: string): void {
    if (known.reading?.key === key) known.reading = undefined;
  }

  override dispose(): void {
    for (const { soon, atOnce } of this.#known.values()) {
      soon.dispose();
      atOnce.dispose();
    }
    super.dispose();
  }
}

/** The data section with the times of its files: the same key means the same header. */
function headerKey(spec: Spec, files: readonly string[], folder: string): string {
  const text = JSON.stringify(spec.data, (_, value: unknown) => (value instanceof Map ? [...value] : value));
  const split = 'file' in spec.data.split ? [spec.data.split.file] : [];
  const times = [...files, ...split].map((file) => {
    // By its text, before any stat: a network path is not even looked at.
    if (refusalOf(file) !== undefined) return 0;
    try {
      return fs.statSync(path.resolve(folder, file)).mtimeMs;
    } catch {
      return 0;
    }
  });
  return `${text}\n${times.join()}`;
}

/** Problems of the data stand where the text names its file, wherever that has moved since. */
function located(text: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => {
    const range = valueRangeOf(text, problem.pointer) ?? problem.range;
    // A fix of theirs puts another file into that place.
    const fixes = problem.fixes.map((fix) => ({ ...fix, edits: fix.edits.map((edit) => ({ ...edit, ...range })) }));
    return { ...problem, range, fixes };
  });
}
