/** The hand that writes the ledger: that of the holder of the experiment's lock. */
import * as path from 'node:path';
import { text } from '../../common/text.ts';
import { systemCode } from '../../common/told-error.ts';
import { LineFile } from '../../runs/append.ts';
import { RunError } from '../../runs/error.ts';
import { readLock } from '../../runs/lock.ts';
import { ExperimentError } from '../error.ts';
import { experimentPaths } from '../layout.ts';
import { encodeLedger, parseLedger, type LedgerBody, type LedgerRecord } from './ledger.ts';

/** The lock is looked at again at most this often, in milliseconds. */
const lockCheckEvery = 1000;

/** A lost `submit` is found again in the run's own directory; everything else stands here alone. */
const durable = (kind: LedgerBody['kind']): boolean => kind !== 'submit';

export class LedgerWriter {
  readonly #directory: string;
  readonly #token: string;
  readonly #file: LineFile;
  readonly #now: () => number;
  #nextSeq: number;
  #lockSeen = -Infinity;

  /**
   * Opens the ledger, and cuts off a torn last line.
   *
   * @param token of the experiment's lock, which this process must hold
   * @throws ExperimentError `lock-lost`, `unwritable`; RunError `link`
   */
  constructor(directory: string, token: string, now: () => number = Date.now) {
    this.#directory = directory;
    this.#token = token;
    this.#now = now;
    this.#checkLock();
    try {
      this.#file = new LineFile(experimentPaths(directory).ledger);
    } catch (error) {
      throw error instanceof RunError ? error : unwritableText(directory, error);
    }
    this.#nextSeq = this.#lastSeq() + 1;
  }

  /** @throws ExperimentError `lock-lost`, `unwritable` (a full disk); the file then ends with the last whole record */
  append(body: LedgerBody): LedgerRecord {
    this.#checkLock();
    const [seq, t] = [this.#nextSeq, this.#now()];
    try {
      this.#file.append(encodeLedger(seq, t, body), durable(body.kind));
    } catch (error) {
      throw unwritableText(this.#directory, error);
    }
    this.#nextSeq++;
    return { v: 1, seq, t, ...body };
  }

  close(): void {
    this.#file.close();
  }

  #lastSeq(): number {
    for (const line of this.#file.backward()) {
      const record = parseLedger(line);
      if (typeof record !== 'string') return record.seq;
    }
    return -1;
  }

  #checkLock(): void {
    const now = performance.now();
    if (now - this.#lockSeen < lockCheckEvery) return;
    const lock = readLock(this.#directory);
    if (lock === null || lock === 'damaged' || lock.token !== this.#token) {
      throw new ExperimentError(
        'lock-lost',
        text(
          'Another process has taken over this experiment, or its directory was moved; this one must not write to it any more. Its runs go on by themselves.',
          '另一个进程已接管此实验，或其目录已被移动；本进程不得继续写入。各运行会自行继续。',
        ),
      );
    }
    this.#lockSeen = now;
  }
}

export function isFullDisk(error: unknown): boolean {
  const code = systemCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return true;
  // What runs and experiments say of it names the code; what they wrap is not kept.
  return code === 'unwritable' && error instanceof Error && /\((?:ENOSPC|EDQUOT)\)/.test(error.message);
}

export function unwritableText(directory: string, error: unknown): ExperimentError {
  const code = systemCode(error);
  const name = path.basename(directory);
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new ExperimentError(
    'unwritable',
    full
      ? text(
          `There is no space left for the experiment in "${name}" (${code}). Free some space and start it again: it goes on where it was.`,
          `实验“${name}”所在磁盘空间不足（${code}）。请释放空间后重新启动，它会从原处继续。`,
        )
      : text(
          `The experiment's directory "${name}" cannot be written${code === '' ? '' : ` (${code})`}. Choose another place with --dir, or allow writing there.`,
          `无法写入实验目录“${name}”${code === '' ? '' : `（${code}）`}。请用 --dir 另选位置，或开放写权限。`,
        ),
  );
}
