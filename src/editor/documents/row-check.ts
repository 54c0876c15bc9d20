import * as path from 'node:path';
import * as vscode from 'vscode';
import { rootOf } from '../runs/run-folders.ts';
import { askCli, languageArguments } from '../window/cli.ts';
import { setting } from '../window/config.ts';

interface Running {
  readonly version: number;
  readonly answer: Promise<string>;
  readonly cancel: vscode.CancellationTokenSource;
  /** Who waits for it. */
  waiting: number;
}

/**
 * `mtl check --json` on saved specs, in a process beside the editor: one at a time, however many specs a window opens with,
 * and one for all who ask of the same text while it runs. It ends when nobody waits for it any more.
 */
export class RowCheck {
  readonly #extension: vscode.Uri;
  readonly #running = new Map<string, Running>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(extension: vscode.Uri) {
    this.#extension = extension;
  }

  /**
   * @returns standard output of the command
   * @throws CancellationError when the token is canceled; Error when the command cannot be started
   */
  async ask(document: vscode.TextDocument, token: vscode.CancellationToken): Promise<string> {
    const key = document.uri.toString();
    const known = this.#running.get(key);
    const running = known?.version === document.version && !known.cancel.token.isCancellationRequested ? known : this.#start(document, key); // prettier-ignore
    running.waiting++;
    const left = token.onCancellationRequested(() => {
      running.waiting--;
      if (running.waiting === 0) running.cancel.cancel();
    });
    try {
      const answer = await running.answer;
      if (token.isCancellationRequested) throw new vscode.CancellationError();
      return answer;
    } finally {
      left.dispose();
    }
  }

  #start(document: vscode.TextDocument, key: string): Running {
    const cancel = new vscode.CancellationTokenSource();
    const answer = this.#queue.then(() => this.#check(document, cancel.token));
    this.#queue = answer.catch(() => undefined);
    const running: Running = { version: document.version, answer, cancel, waiting: 0 };
    this.#running.set(key, running);
    const ended = (): void => {
      if (this.#running.get(key) === running) this.#running.delete(key);
      cancel.dispose();
    };
    void answer.then(ended, ended);
    return running;
  }

  async #check(document: vscode.TextDocument, token: vscode.CancellationToken): Promise<string> {
    if (token.isCancellationRequested) throw new vscode.CancellationError();
    const file = document.uri.fsPath;
    const lifted = setting('mtl.paths.allowOutsideWorkspace', document.uri) ? ['--allow-outside'] : [];
    const args = ['check', file, '--json', '--root', rootOf(file), ...languageArguments(), ...lifted];
    return (await askCli(this.#extension, args, path.dirname(file), token)).stdout;
  }
}
