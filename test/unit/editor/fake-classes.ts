/** What `vscode` has of plain things that are made and handed round: places, events, items of trees, tests and tasks. */
import path from 'node:path';

export class Uri {
  readonly scheme: string;
  readonly path: string;

  private constructor(scheme: string, at: string) {
    this.scheme = scheme;
    this.path = at;
  }

  static file(at: string): Uri {
    return new Uri('file', at);
  }

  static from({ scheme, path: at }: { readonly scheme: string; readonly path: string }): Uri {
    return new Uri(scheme, at);
  }

  static parse(text: string): Uri {
    return new Uri(text.slice(0, text.indexOf(':')), text.replace(/^[^:]*:(\/\/)?/, ''));
  }

  static joinPath(uri: { readonly fsPath: string }, ...parts: readonly string[]): Uri {
    return Uri.file(path.join(uri.fsPath, ...parts));
  }

  get fsPath(): string {
    return this.path;
  }

  toString(): string {
    return `${this.scheme}://${this.path}`;
  }
}

export class Disposable {
  readonly #end: () => void;
  constructor(end: () => void) {
    this.#end = end;
  }

  static from(...all: readonly { dispose: () => unknown }[]): Disposable {
    return new Disposable(() => all.forEach((one) => one.dispose()));
  }

  dispose(): void {
    this.#end();
  }
}

type Listener<T> = (value: T) => unknown;

export class EventEmitter<T> {
  readonly #listeners = new Set<Listener<T>>();

  readonly event = (listener: Listener<T>): Disposable => {
    this.#listeners.add(listener);
    return new Disposable(() => this.#listeners.delete(listener));
  };

  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

/** Somebody waits, until `cancel` is called. */
export class Token {
  readonly #canceled = new EventEmitter<undefined>();
  readonly onCancellationRequested = this.#canceled.event;
  isCancellationRequested = false;

  cancel(): void {
    this.isCancellationRequested = true;
    this.#canceled.fire(undefined);
  }
}

export class Range {
  readonly numbers: readonly number[];
  constructor(...numbers: readonly number[]) {
    this.numbers = numbers;
  }
}

/** An edit of one document, its places as that document gives them. */
export class TextEdit {
  readonly range: Range;
  readonly newText: string;
  constructor(range: Range, newText: string) {
    this.range = range;
    this.newText = newText;
  }

  static replace(range: Range, text: string): TextEdit {
    return new TextEdit(range, text);
  }
}

export class WorkspaceEdit {
  readonly edits: (readonly [Uri, readonly TextEdit[]])[] = [];

  set(uri: Uri, edits: readonly TextEdit[]): void {
    this.edits.push([uri, edits]);
  }
}

export class Selection extends Range {}

export class Location {
  readonly uri: Uri;
  readonly range: Range;
  constructor(uri: Uri, range: Range) {
    this.uri = uri;
    this.range = range;
  }
}

export class TreeItem {
  readonly label: string;
  readonly collapsibleState: number;
  constructor(label: string, collapsibleState = 0) {
    this.label = label;
    this.collapsibleState = collapsibleState;
  }
}

export class ThemeColor {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}

export class ThemeIcon {
  readonly id: string;
  readonly color: ThemeColor | undefined;
  constructor(id: string, color?: ThemeColor) {
    this.id = id;
    this.color = color;
  }
}

export class CancellationError extends Error {}

export class TestMessage {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** Items by their ids, as a test controller and every item below it have them. */
export class TestItems {
  readonly #items = new Map<string, TestItem>();

  get size(): number {
    return this.#items.size;
  }

  get(id: string): TestItem | undefined {
    return this.#items.get(id);
  }

  add(item: TestItem): void {
    this.#items.set(item.id, item);
  }

  delete(id: string): void {
    this.#items.delete(id);
  }

  replace(items: readonly TestItem[]): void {
    this.#items.clear();
    for (const item of items) this.add(item);
  }

  [Symbol.iterator](): IterableIterator<[string, TestItem]> {
    return this.#items.entries();
  }
}

export class TestItem {
  readonly children = new TestItems();
  description: string | undefined;
  range: Range | undefined;
  readonly id: string;
  label: string;
  readonly uri: Uri | undefined;

  constructor(id: string, label: string, uri?: Uri) {
    this.id = id;
    this.label = label;
    this.uri = uri;
  }
}

interface Wanted {
  readonly include?: readonly TestItem[];
  readonly exclude?: readonly TestItem[];
}

/** A controller that remembers what was said of its tests: `passed:0:H1`, in order. */
export class TestController {
  readonly items = new TestItems();
  readonly profiles = new Map<
    string,
    { readonly run: (request: Wanted, token: Token) => Promise<void>; readonly usual: boolean }
  >();
  readonly told: string[] = [];
  /** What stood in the output, and messages of tests that failed. */
  readonly output: string[] = [];
  refreshHandler: (() => Promise<void>) | undefined;
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }

  createTestItem(id: string, label: string, uri?: Uri): TestItem {
    return new TestItem(id, label, uri);
  }

  createRunProfile(
    name: string,
    _kind: number,
    run: (request: Wanted, token: Token) => Promise<void>,
    usual = false,
  ): void {
    this.profiles.set(name, { run, usual });
  }

  invalidateTestResults(item: TestItem): void {
    this.told.push(`outdated:${item.id}`);
  }

  createTestRun(): object {
    const say =
      (state: string) =>
      (item: TestItem, message?: TestMessage): void => {
        this.told.push(`${state}:${item.id}`);
        if (message instanceof TestMessage) this.output.push(message.message);
      };
    const states = ['enqueued', 'started', 'passed', 'failed', 'skipped', 'errored'];
    return {
      ...Object.fromEntries(states.map((state) => [state, say(state)])),
      appendOutput: (text: string) => this.output.push(text),
      end: () => this.told.push('end'),
    };
  }

  dispose(): void {
    this.items.replace([]);
  }
}

export class ProcessExecution {
  readonly process: string;
  readonly args: readonly string[];
  readonly options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> };
  constructor(process: string, args: readonly string[], options: ProcessExecution['options']) {
    this.process = process;
    this.args = args;
    this.options = options;
  }
}

export class Task {
  group: unknown;
  readonly definition: object;
  readonly scope: unknown;
  readonly name: string;
  readonly source: string;
  readonly execution: ProcessExecution;
  readonly problemMatchers: readonly string[];
  constructor(
    definition: object,
    scope: unknown,
    name: string,
    source: string,
    execution: ProcessExecution,
    problemMatchers: readonly string[],
  ) {
    this.definition = definition;
    this.scope = scope;
    this.name = name;
    this.source = source;
    this.execution = execution;
    this.problemMatchers = problemMatchers;
  }
}

export class LanguageModelTextPart {
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
}

export class LanguageModelToolResult {
  readonly content: readonly LanguageModelTextPart[];
  constructor(content: readonly LanguageModelTextPart[]) {
    this.content = content;
  }
}
