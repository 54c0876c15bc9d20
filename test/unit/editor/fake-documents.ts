/** Open documents, and an extension whose `mtl` command answers what a test says and remembers what it was asked. */
import fs from 'node:fs';
import path from 'node:path';
import { Uri } from './fake-classes.ts';
import { windowState } from './fake-vscode.ts';

export interface FakeDocument {
  readonly uri: Uri;
  version: number;
  text: string;
  isDirty: boolean;
  isClosed: boolean;
  getText: () => string;
  save: () => Promise<boolean>;
}

/** Opens a file as it is on the disk. */
export function openDocument(file: string): FakeDocument {
  const document: FakeDocument = {
    uri: Uri.file(file),
    version: 1,
    text: fs.readFileSync(file, 'utf8'),
    isDirty: false,
    isClosed: false,
    getText: () => document.text,
    save: () => Promise.resolve(true),
  };
  windowState.documents.push(document);
  return document;
}

export interface FakeExtension {
  readonly uri: Uri;
  /** What the command has been asked, one list of words a call. */
  readonly asked: () => readonly (readonly string[])[];
  /** What it answers from now on. */
  readonly answers: (answer: { readonly stdout?: string; readonly stderr?: string; readonly code?: number }) => void;
}

/** @param folder an empty one */
export function makeExtension(folder: string): FakeExtension {
  const [log, answer] = [path.join(folder, 'asked'), path.join(folder, 'answer.json')];
  fs.mkdirSync(path.join(folder, 'dist'), { recursive: true });
  fs.writeFileSync(
    path.join(folder, 'dist', 'cli.cjs'),
    `const fs = require('node:fs');
fs.appendFileSync(${JSON.stringify(log)}, JSON.stringify(process.argv.slice(2)) + '\\n');
const { stdout = '', stderr = '', code = 0 } = JSON.parse(fs.readFileSync(${JSON.stringify(answer)}, 'utf8'));
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = code;
`,
  );
  const answers: FakeExtension['answers'] = (one) => fs.writeFileSync(answer, JSON.stringify(one));
  answers({});
  return {
    uri: Uri.file(folder),
    asked: () =>
      fs.existsSync(log)
        ? fs
            .readFileSync(log, 'utf8')
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as string[])
        : [],
    answers,
  };
}
