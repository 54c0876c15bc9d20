import { spawn } from 'node:child_process';
import * as vscode from 'vscode';
import { cleanEnvironment, killTree } from '../../runs/detached.ts';
import { log } from './log.ts';

/** More than this is no answer of ours. */
const outputLimit = 64 * 1024 * 1024;

export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
}

interface Complained extends Answer {
  /** The end of what it said on stderr. */
  readonly complaints: string;
}

/**
 * Runs the `mtl` command of this extension, with progress that can be canceled. Arguments are an array, never a command
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
  const { code, stdout, complaints } = await vscode.window.withProgress(options, (progress, token) =>
    execute(extension, args, folder, token, (line) => progress.report({ message: line })),
  );
  if (complaints !== '') log().info(complaints.trim());
  if (code !== 0) {
    throw new Error(lastWords(complaints) ?? vscode.l10n.t('The command ended with code {0}.', String(code)));
  }
  return { code, stdout };
}

/**
 * Runs the `mtl` command in the background. An exit code other than 0 is an answer too.
 *
 * @throws Error when it cannot be started; CancellationError when it was stopped
 */
export async function askCli(
  extension: vscode.Uri,
  args: readonly string[],
  folder: string,
  token: vscode.CancellationToken,
): Promise<Complained> {
  return execute(extension, args, folder, token, () => undefined);
}

function execute(
  extension: vscode.Uri,
  args: readonly string[],
  folder: string,
  token: vscode.CancellationToken,
  onLine: (line: string) => void,
): Promise<Complained> {
  const file = vscode.Uri.joinPath(extension, 'dist', 'cli.cjs').fsPath;
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
      if (token.isCancellationRequested) reject(new vscode.CancellationError());
      else resolve({ code, stdout, complaints });
    });
  });
}

/** The language in which the command speaks to the person. */
export function languageArguments(): readonly string[] {
  return ['--lang', vscode.env.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'];
}

/** The last lines that a command said; undefined for silence. */
export function lastWords(complaints: string): string | undefined {
  const text = complaints.trim();
  return text === '' ? undefined : text.split('\n').slice(-6).join('\n');
}
