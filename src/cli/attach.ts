/**
 * Watching a run from a terminal. The trainer is another process that outlives this one: everything shown is read from
 * the run directory, as the editor does, and Ctrl-C is a request written there.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { readAttempt } from '../runs/attempts.ts';
import { request } from '../runs/control.ts';
import { RunError } from '../runs/error.ts';
import type { EventRecord } from '../runs/events.ts';
import { killTree } from '../runs/detached.ts';
import type { Launched } from '../runs/launch.ts';
import { isRun } from '../runs/layout.ts';
import { openLease } from '../runs/leases.ts';
import { RunReader, watchRun, type RunStatus } from '../runs/reader.ts';
import { isLive } from '../common/run-state.ts';
import { CliError } from './error.ts';
import { say, t } from './language.ts';
import { paragraph, plain, printData, printProgress, printResult } from './output.ts';
import { errorLine, warningLine } from './problems.ts';
import { LiveTable } from './live-table.ts';
import { Signals, type Watched } from './signals.ts';
import { TrainingView } from './training-view.ts';

export interface AttachOptions {
  readonly json: boolean;
  readonly launched: Launched;
  /** Records up to this `seq` are history: a resumed run shows only what is new. */
  readonly after: number;
  /** What a command that goes on with the run has to say of places, after a blank. */
  readonly place?: string;
}

/** Shows a run until it ends. Returns the exit code (conventions 9). */
export async function attach(options: AttachOptions): Promise<number> {
  const { launched } = options;
  const lease = openLease(launched.directory, 'terminal');
  const display = options.json ? new JsonDisplay() : new TextDisplay(launched.directory, options.place ?? '');
  const signals = new Signals(watchedRun(launched), (line) => display.tell(line));
  try {
    const status = await follow(options, display, signals);
    if (signals.left && isLive(status.state)) return signals.code ?? 0;
    display.close(status);
    return exitCode(status, signals.left ? null : signals.code, display.end?.status);
  } finally {
    signals.close();
    lease.release();
  }
}

function exitCode(status: RunStatus, signal: number | null, end: string | undefined): number {
  if (status.state === 'completed') return 0;
  if (status.state === 'stopped') return signal ?? 0;
  return signal !== null && end === undefined ? signal : 1;
}

/** Reads on until the run is no longer live; resolves with what has become of it. */
function follow(options: AttachOptions, display: Display, signals: Signals): Promise<RunStatus> {
  const { launched, after } = options;
  const reader = new RunReader(launched.directory, {
    keep: false,
    onRecord: (record, line) => {
      if (record.seq > after) display.show(record, line);
    },
  });
  let gone = false;
  let unwritable: RunError | undefined;
  return new Promise((resolve, reject) => {
    const finish = (end: () => void): void => {
      watch.close();
      end();
    };
    const look = (): void => {
      try {
        while (reader.poll().more);
        const refused = gone ? (refusal(launched) ?? (display.end === null ? unwritable : null)) : null;
        const status = reader.status();
        if (refused) finish(() => reject(refused));
        else if (signals.left || (gone && !isLive(status.state))) {
          finish(() => resolve(status));
        } else display.tick();
      } catch (error) {
        finish(() => reject(error instanceof Error ? error : new Error(String(error))));
      }
    };
    const watch = watchRun(launched.directory, look, 200);
    signals.onChange = look;
    void launched.exited.then((exit) => {
      gone = true;
      unwritable = exit.unwritable;
      look();
    });
  });
}

/** Another process was quicker to take the lock: nothing was started. */
function refusal({ directory, attempt }: Launched): Error | null {
  const ended = readAttempt(directory, attempt)?.ended;
  if (ended?.status !== 'refused') return null;
  const { message, zh = message } = ended;
  if (message === undefined || zh === undefined)
    return new CliError('The training process was refused.', '训练进程被拒绝。');
  return new CliError(message, zh);
}

/**
 * Waits until a run that goes on has passed its first looks.
 *
 * @throws CliError when it was refused
 */
export async function untilBegun({ launched, after }: Pick<AttachOptions, 'launched' | 'after'>): Promise<void> {
  const seen = { begun: false, gone: false };
  void launched.exited.then(() => (seen.gone = true));
  const reader = new RunReader(launched.directory, {
    keep: false,
    onRecord: (record) => {
      const looking = record.kind === 'progress' && ['compare', 'engine'].includes(record.phase);
      if (record.seq > after && !looking) seen.begun = true;
    },
  });
  for (;;) {
    // What is read after the process has gone is all that there will be.
    const last = seen.gone;
    reader.pollAll();
    if (seen.begun || last) break;
    await sleep(50);
  }
  const refused = seen.begun ? null : refusal(launched);
  if (refused) throw refused;
}

function watchedRun({ directory, token, pid }: Launched): Watched {
  const place = plain(directory);
  return {
    stop: (by) => {
      try {
        request(directory, 'stop', { by, token });
      } catch (error) {
        // Without the request (a full disk) only the signal is left; the trainer makes its checkpoint for that, too.
        if (!(error instanceof RunError)) throw error;
        process.kill(pid, 'SIGTERM');
      }
    },
    kill: () => killTree(pid),
    stopping: t('Stopping after a checkpoint; Ctrl-C again kills.', '写完检查点后停止；再按一次 Ctrl-C 立即终止。'),
    killed: t('Killed. Its last checkpoint is kept.', '已终止。最近的检查点已保留。'),
    goesOn: t(
      `The training goes on in process ${pid}, whose end (kill ${pid}) stops it after a checkpoint. Its directory: ${place}`,
      `训练仍在进程 ${pid} 中继续；结束该进程（kill ${pid}）会使训练在写完检查点后停止。运行目录：${place}`,
    ),
  };
}

interface Display {
  readonly end: { readonly status: string } | null;
  show(record: EventRecord, line: string): void;
  /** A word to the person, not to whoever reads the output. */
  tell(line: string): void;
  /** Called at every look. */
  tick(): void;
  close(status: RunStatus): void;
}

/** Event records as they stand in the file. */
class JsonDisplay implements Display {
  end: Extract<EventRecord, { kind: 'end' }> | null = null;

  show(record: EventRecord, line: string): void {
    if (record.kind === 'end') this.end = record;
    printData(`${line}\n`);
  }

  tell(line: string): void {
    printProgress(line);
  }

  tick(): void {
    // Records speak for themselves.
  }

  close({ problem }: RunStatus): void {
    if (this.end?.error) printProgress(plain(errorLine(this.end.error)));
    if (problem) printProgress(paragraph(say(problem)));
  }
}

/** The live table on a terminal, plain lines when piped. */
class TextDisplay implements Display {
  readonly #directory: string;
  readonly #place: string;
  readonly #view: TrainingView;
  readonly #table: LiveTable | null;
  readonly #causes = new Set<string>();

  constructor(directory: string, place: string) {
    this.#directory = directory;
    this.#place = place;
    this.#view = new TrainingView(new RunReader(directory).identity().weights);
    const terminal = process.stdout.isTTY && process.stderr.isTTY && process.env['TERM'] !== 'dumb';
    this.#table = terminal ? new LiveTable(process.stderr) : null;
  }

  get end(): { readonly status: string } | null {
    return this.#view.end;
  }

  /** One line a cause: what holds in one split mostly holds in the others. All of them stand in result.json. */
  #warn(record: Extract<EventRecord, { kind: 'warning' }>): void {
    const { code, task, message } = record;
    const cause = JSON.stringify([code, task, message.replace(/ \((?:train|validation|test) split\)$/, '')]);
    if (this.#causes.has(cause)) return;
    this.#causes.add(cause);
    this.tell(warningLine(record));
  }

  show(record: EventRecord): void {
    const line = this.#view.take(record);
    if (record.kind === 'warning') this.#warn(record);
    else if (line !== null && !this.#table) {
      if (record.kind === 'epoch') printResult(line);
      else printProgress(line);
    } else if (line !== null && record.kind === 'start') this.tell(line);
  }

  tick(): void {
    this.#table?.draw(this.#view.table(this.#table.width));
  }

  close({ state, problem }: RunStatus): void {
    this.#table?.draw(this.#view.table(this.#table.width));
    this.#table?.leave();
    if (isLive(state)) return;
    // What went wrong is a complaint, not a result.
    const print = this.end?.status === 'failed' ? printProgress : printResult;
    for (const line of this.#view.closing()) print(line);
    if (problem && state === 'crashed') printProgress(paragraph(say(problem)));
    if (state !== 'stopped' && state !== 'crashed') return;
    if (isRun(this.#directory)) {
      const command = `mtl train --resume "${this.#directory}"${this.#place}`;
      printProgress(t(`Go on with: ${command}`, `继续训练：${command}`));
    } else {
      printProgress(
        t(
          `The run directory is not at "${this.#directory}" any more: it was moved or deleted. Go on with it where it is now: mtl train --resume DIR`,
          `运行目录已不在“${this.#directory}”：可能已移动或删除。请在其现在的位置继续：mtl train --resume DIR`,
        ),
      );
    }
  }

  tell(line: string): void {
    if (this.#table) this.#table.above(line);
    else printProgress(line);
  }
}
