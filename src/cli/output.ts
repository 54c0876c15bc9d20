/**
 * The one border between this program and whoever reads it: stdout carries results, stderr progress and complaints.
 * Nothing is printed around it (a test looks), so that no text of a stranger's steers a terminal, and so that output that
 * cannot be written is noticed.
 */
import * as fs from 'node:fs';
import { systemCode } from '../common/told-error.ts';
import { writeAll } from '../files/plain.ts';
import { visible, visibleLine } from '../spec/telling/visible.ts';
import { t } from './language.ts';

/** Why stdout takes no more: its reader has gone (`| head`), or the system's code. */
export type Loss = 'closed' | (string & {});

let loss: Loss | null = null;
const listeners = new Set<(loss: Loss) => void>();

/** A reader of stdout that went away is no error; output that cannot be written (a full disk) is one. */
export function guardOutput(): void {
  process.stdout.on('error', lose);
  // Nobody is left who could be told.
  process.stderr.on('error', () => undefined);
}

/** The exit code of a command whose output may have been lost on the way. */
export function outputCode(code: number): number {
  return loss === null || loss === 'closed' ? code : 1;
}

/**
 * For work that goes on while it prints: told when nothing more can be printed, at once if so already.
 *
 * @returns stops listening
 */
export function onOutputLost(listener: (loss: Loss) => void): () => void {
  listeners.add(listener);
  if (loss !== null) listener(loss);
  return () => void listeners.delete(listener);
}

function lose(error: unknown): void {
  if (loss !== null) return;
  const code = systemCode(error);
  // Windows says EOF of a pipe without a reader.
  loss = code === 'EPIPE' || code === 'EOF' || code === 'ERR_STREAM_DESTROYED' ? 'closed' : code;
  if (loss !== 'closed') {
    const full = code === 'ENOSPC' || code === 'EDQUOT';
    printProgress(
      full
        ? t(
            `mtl: the output cannot be written: no space left (${code}). Free some space, or write elsewhere.`,
            `mtl：无法写入输出：磁盘空间不足（${code}）。请释放空间，或写到别处。`,
          )
        : t(
            `mtl: the output cannot be written (${code}). Write elsewhere.`,
            `mtl：无法写入输出（${code}）。请写到别处。`,
          ),
    );
    process.exitCode = 1;
  }
  for (const listener of [...listeners]) listener(loss);
}

/** Results for people, or JSON: in both, what steers a terminal is escaped. */
export function printResult(text: string): void {
  write(visible(ended(text)));
}

/** Results for programs, exact to the byte in a pipe or a file; on a terminal as `printResult`. */
export function printData(text: string): void {
  write(process.stdout.isTTY ? visible(text) : text);
}

export function printProgress(text: string): void {
  process.stderr.write(visible(ended(text)));
}

/** A line of progress that takes the place of the one before; only for terminals. An empty one clears it. */
export function redrawProgress(line: string): void {
  process.stderr.write(`\r\u001b[K${plain(line)}`);
}

/** A text of several lines: those after the first are indented, so that none passes for one of ours. */
export function paragraph(text: string): string {
  return visible(text).replace(/\r?\n/g, '\n  ');
}

/** A name or a sentence of a stranger's file within a line of ours. */
export const plain = visibleLine;

const ended = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);

function write(text: string): void {
  if (loss !== null) return;
  try {
    // Node's stream for files takes a short write, which a disk that becomes full gives, for a whole one.
    if (isFile(process.stdout)) writeAll(process.stdout.fd, Buffer.from(text));
    else process.stdout.write(text);
  } catch (error) {
    lose(error);
  }
}

function isFile({ fd }: { readonly fd?: number }): boolean {
  try {
    return fd !== undefined && fs.fstatSync(fd).isFile();
  } catch {
    return false;
  }
}
