// Faults that the compiler refuses never reach a test: they are not chosen.
import path from 'node:path';
import ts from 'typescript';

/** Unused names are a matter of style: a fault may leave one behind. */
const relaxed: ts.CompilerOptions = { noUnusedLocals: false, noUnusedParameters: false };

/** The sources of one tsconfig, of which one may read otherwise for a moment. */
class Project {
  readonly #service: ts.LanguageService;
  readonly #names: ReadonlySet<string>;
  #changed: { readonly name: string; readonly text: string; readonly version: number } | undefined;
  #version = 0;

  constructor(folder: string, config: string, room: RegExp) {
    const { config: json } = ts.readConfigFile(path.join(folder, config), (name) => ts.sys.readFile(name)) as {
      config: unknown;
    };
    const { options, fileNames } = ts.parseJsonConfigFileContent(
      json,
      ts.sys,
      path.dirname(path.join(folder, config)),
      relaxed,
    );
    const names = fileNames.filter((name) => room.test(path.relative(folder, name)));
    this.#names = new Set(names);
    this.#service = ts.createLanguageService({
      getCompilationSettings: () => ({ ...options, ...relaxed }),
      getScriptFileNames: () => names,
      getScriptVersion: (name) => String(this.#changed?.name === name ? this.#changed.version : 0),
      getScriptSnapshot: (name) => {
        const text = this.#changed?.name === name ? this.#changed.text : ts.sys.readFile(name);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => folder,
      getDefaultLibFileName: (of) => ts.getDefaultLibFilePath(of),
      fileExists: (name) => ts.sys.fileExists(name),
      readFile: (name, encoding) => ts.sys.readFile(name, encoding),
      readDirectory: (...asked) => ts.sys.readDirectory(...asked),
      directoryExists: (name) => ts.sys.directoryExists(name),
      getDirectories: (name) => ts.sys.getDirectories(name),
    });
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  accepts(name: string, text: string): boolean {
    this.#changed = { name, text, version: ++this.#version };
    const diagnostics = [...this.#service.getSyntacticDiagnostics(name), ...this.#service.getSemanticDiagnostics(name)];
    this.#changed = undefined;
    return diagnostics.every(({ category }) => category !== ts.DiagnosticCategory.Error);
  }
}

export class Compiler {
  readonly #folder: string;
  readonly #projects: readonly Project[];

  constructor(folder: string) {
    this.#folder = folder;
    this.#projects = [
      new Project(folder, 'tsconfig.json', /^src[\\/]/),
      new Project(folder, 'webview/tsconfig.json', /^webview[\\/]/),
    ];
  }

  /** Whether a file of the folder may read so, as far as its own types go. */
  accepts(file: string, text: string): boolean {
    const name = path.join(this.#folder, file).replaceAll('\\', '/');
    const project = this.#projects.find((each) => each.has(name));
    return project?.accepts(name, text) ?? true;
  }
}
