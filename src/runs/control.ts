/**
 * The one thing that flows back to a trainer: `control.json {"request", "token", "by"}`. A request carries the token of
 * the lock's holder, so that a forgotten file never stops a later attempt.
 */
import * as fs from 'node:fs';
import { RunError } from './error.ts';
import { besides, readJson, replaceFile } from '../files/plain.ts';
import { member, orderedText } from './json.ts';
import { runPaths, unwritable } from './layout.ts';
import { liveHolder } from './lock.ts';

const controlRequests = ['stop', 'pause', 'resume'] as const;
export type ControlRequest = (typeof controlRequests)[number];

export interface Control {
  readonly request: ControlRequest;
  /** Who asked: a window, a terminal. Goes into the `state` record. */
  readonly by: string;
}

/**
 * Asks the process that writes this run to stop after a checkpoint, to pause or to go on.
 *
 * @param options.token of an attempt that was launched just now and may not hold the lock yet
 * @throws RunError `not-alive` when nobody would read it, `unwritable`
 */
export function request(
  directory: string,
  wish: ControlRequest,
  options: { readonly by?: string; readonly token?: string } = {},
): void {
  const token = options.token ?? liveHolder(directory)?.token;
  if (token === undefined) {
    throw new RunError(
      'not-alive',
      'No process is working on this run, so there is nothing to stop or pause. Resume it to go on.',
      '没有进程在执行此运行，无可停止或暂停。可从检查点继续。',
    );
  }
  try {
    replaceFile(runPaths(directory).control, orderedText({ request: wish, token, by: options.by ?? 'control' }));
  } catch (error) {
    throw unwritable(directory, error);
  }
}

/**
 * The trainer's side: takes the pending request, if any. Requests without the current token are deleted unread. The file
 * is moved away before it is read, so that a request written meanwhile is not lost.
 */
export function takeRequest(directory: string, token: string): Control | null {
  const { control } = runPaths(directory);
  const taken = besides(control);
  try {
    fs.renameSync(control, taken);
  } catch {
    return null;
  }
  const value = readJson(taken, 4096);
  fs.rmSync(taken, { force: true, recursive: true });
  const wish = controlRequests.find((known) => known === member(value, 'request'));
  if (wish === undefined || member(value, 'token') !== token) return null;
  const by = member(value, 'by');
  return { request: wish, by: typeof by === 'string' && by.length <= 60 ? by : 'control' };
}
