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

const rooms = /^(?:src|webview)\//;
const relative = (name: string): string => path.relative(root, name).replaceAll('\\', '/');

/** @param config the project's configuration, from the root */
export function complaints(config: string, overlay: Overlay): readonly Complaint[] {
  const { config: json } = ts.readConfigFile(path.join(root, config), (name) => ts.sys.readFile(name)) as {
    config: unknown;
  };
  const { options, fileNames } = ts.parseJsonConfigFileContent(json, ts.sys, root, { noEmit: true, incremental: false });
  const host = ts.createCompilerHost(options, true);
  const changed = new Map([...overlay].map(([file, text]) => [path.join(root, file), text]));
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => changed.has(path.normalize(name)) || fileExists.call(host, name);
  host.readFile = (name) => changed.get(path.normalize(name)) ?? readFile.call(host, name);
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const text = changed.get(path.normalize(name));
    return text === undefined
      ? getSourceFile.call(host, name, languageVersion, ...rest)
      : ts.createSourceFile(name, text, languageVersion, true);
  };
  const program = ts.createProgram({
    rootNames: fileNames.filter((name) => rooms.test(relative(name))),
    options,
    host,
  });
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => ({
    file: file === undefined ? '' : relative(file.fileName),
    message: ts.flattenDiagnosticMessageText(messageText, '\n'),
  }));
}
