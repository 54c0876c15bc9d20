import { spawn } from 'node:child_process';
import * as vscode from 'vscode';
import { cleanEnvironment, killTree } from '../runs/launch.ts';
import { log } from './log.ts';

/** More than this is no answer of ours. */
const outputLimit = 64 * 1024 * 1024;

export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
}

/**
 * Runs the `mtl` command of this extension, with progress that can be cancelled. Arguments are an array, never a command
 * string; what the command says on stderr is its progress and ends up in the log.
 *
 * @throws Error with the command's last words when it fails; CancellationError when the person stops it
 */
export async function runCli(
  extension: vscode.Uri,
  title: string,
  args: readonly string[],
  folder: string,
): Promise<Answer> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, (progress, token) =>
    execute(vscode.Uri.joinPath(extension, 'dist', 'cli.cjs').fsPath, args, folder, token, (line) =>
      progress.report({ message: line }),
    ),
  );
}

function execute(
  file: string,
  args: readonly string[],
  folder: string,
  token: vscode.CancellationToken,
  onLine: (line: string) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...args], {
      cwd: folder,
      env: cleanEnvironment(process.env),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      detached: process.platform !== 'win32',
    });
    let stdout = '';
    let complaints = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (stdout.length < outputLimit) stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-8000);
      const line = text.trim().split('\n').at(-1)?.trim();
      if (line !== undefined && line !== '') onLine(line.slice(0, 120));
    });
    const cancel = token.onCancellationRequested(() => {
      if (child.pid !== undefined) killTree(child.pid);
    });
    child.once('error', (error) => {
      cancel.dispose();
      reject(error);
    });
    child.once('close', (code) => {
      cancel.dispose();
      if (complaints !== '') log().info(complaints.trim());
      if (token.isCancellationRequested) reject(new vscode.CancellationError());
      else if (code === 0) resolve({ code, stdout });
      else reject(new Error(lastWords(complaints) ?? vscode.l10n.t('The command ended with code {0}.', String(code))));
    });
  });
}

function lastWords(complaints: string): string | undefined {
  const text = complaints.trim();
  return text === '' ? undefined : text.split('\n').slice(-6).join('\n');
}
