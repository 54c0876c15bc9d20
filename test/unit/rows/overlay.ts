/** What the compiler says of the sources where some of them read otherwise, or where there are more. Nothing is written. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** By path from the root: the text that a file has, made of the one it has now (empty where it is new). */
export type Overlay = ReadonlyMap<string, string>;

export interface Complaint {
  /** From the root, with `/`. */
  readonly file: string;
  readonly message: string;
}

const relative = (name: string): string => path.relative(root, name).replaceAll('\\', '/');

/**
 * @param config the project's configuration, from the root
 * @param room the folder that is looked at
 */
export function complaints(config: string, room: string, overlay: Overlay): readonly Complaint[] {
  const { config: json } = ts.readConfigFile(path.join(root, config), (name) => ts.sys.readFile(name)) as {
    config: unknown;
  };
  const { options, fileNames } = ts.parseJsonConfigFileContent(json, ts.sys, root, {
    noEmit: true,
    incremental: false,
  });
  const plain = ts.createCompilerHost(options, true);
  const changed = new Map([...overlay].map(([file, text]) => [path.join(root, file), text]));
  const folders = new Set([...changed.keys()].map((file) => path.dirname(file)));
  const textOf = (name: string): string | undefined => changed.get(path.normalize(name));
  const host: ts.CompilerHost = {
    ...plain,
    directoryExists: (name) => folders.has(path.normalize(name)) || ts.sys.directoryExists(name),
    fileExists: (name) => textOf(name) !== undefined || plain.fileExists(name),
    readFile: (name) => textOf(name) ?? plain.readFile(name),
    getSourceFile: (name, languageVersion, ...rest) => {
      const text = textOf(name);
      return text === undefined
        ? plain.getSourceFile(name, languageVersion, ...rest)
        : ts.createSourceFile(name, text, languageVersion, true);
    },
  };
  const inRoom = (name: string): boolean => relative(name).startsWith(`${room}/`);
  const program = ts.createProgram({ rootNames: [...fileNames.filter(inRoom), ...changed.keys()], options, host });
  return program
    .getSourceFiles()
    .filter(({ fileName }) => inRoom(fileName))
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(({ file, messageText }) => ({
      file: file === undefined ? '' : relative(file.fileName),
      message: ts.flattenDiagnosticMessageText(messageText, '\n'),
    }));
}
