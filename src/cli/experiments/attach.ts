/**
 * Watching an experiment from a terminal. Its driver is another process that outlives this one: everything shown is read
 * from the directory, and Ctrl-C is a request written there.
 */
import * as path from 'node:path';
import { ExperimentError } from '../../experiment/error.ts';
import { LedgerReader, type LedgerRecord } from '../../experiment/driver/ledger.ts';
import { readStatus } from '../../experiment/driver/status.ts';
import { experimentPaths } from '../../experiment/layout.ts';
import { driverOf } from '../../experiment/lock.ts';
import { readExperiment } from '../../experiment/read.ts';
import { namesIn } from '../../files/plain.ts';
import { request } from '../../runs/control.ts';
import { killTree, type Spawned } from '../../runs/detached.ts';
import { RunError } from '../../runs/error.ts';
import { orderedText } from '../../runs/json.ts';
import { killRun } from '../../runs/launch.ts';
import { lastLines } from '../../runs/state.ts';
import { watchRun } from '../../runs/reader.ts';
import { CliError } from '../error.ts';
import { ExperimentProgress } from './view.ts';
import { say, t } from '../language.ts';
import { LiveTable } from '../live-table.ts';
import { plain, printData, printProgress, printResult } from '../output.ts';
import { Signals, type Watched } from '../signals.ts';

export interface AttachExperiment {
  readonly directory: string;
  readonly name: string;
  readonly json: boolean;
  /** The driver that this process has started; null where another one is watched. */
  readonly spawned: Spawned | null;
  /** The command that goes on with it. */
  readonly command: string;
}

/** A line of counts in a pipe, at most so often, in milliseconds. */
const countEvery = 10_000;

/** Shows an experiment until its driver ends. Returns the exit code (conventions 9). */
export async function attachExperiment(options: AttachExperiment): Promise<number> {
  const { directory, name } = options;
  const progress = new ExperimentProgress(name);
  const planned = (): ReadonlySet<string> => new Set(readExperiment(directory).expansion.runs.map(({ id }) => id));
  const display = options.json ? new JsonDisplay() : new TextDisplay(progress, planned);
  const signals = new Signals(watched(options), (line) => display.tell(line));
  const ledger = new LedgerReader(directory);
  // What earlier drivers did is history; of one that is watched from now on, what it has done so far is not.
  let shown = options.spawned === null;
  const take = (record: LedgerRecord): void => {
    const line = progress.take(record);
    if (shown) display.show(record, line);
  };
  if (options.spawned !== null) for (const record of ledger.read().records) take(record);
  shown = true;
  progress.stop = null;
  try {
    await follow(options, signals, () => {
      for (const record of ledger.read().records) take(record);
      const driver = driverOf(directory);
      display.tick(driver === null ? null : readStatus(directory, driver.token));
    });
    if (signals.left) return signals.code ?? 0;
    display.close();
    return ending(options, progress, signals.code);
  } finally {
    signals.close();
  }
}

/** Looks again and again until nobody works on it any more. */
function follow({ directory, spawned }: AttachExperiment, signals: Signals, look: () => void): Promise<void> {
  const gone = { own: spawned === null };
  return new Promise((resolve, reject) => {
    const onLook = (): void => {
      try {
        // The process first and its records then: what a dead one has written is all there will be.
        const over = gone.own && driverOf(directory) === null;
        look();
        if (!over && !signals.left) return;
        watch.close();
        resolve();
      } catch (error) {
        watch.close();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const watch = watchRun(directory, onLook, 250);
    signals.onChange = onLook;
    void spawned?.exited.then(() => {
      gone.own = true;
      onLook();
    });
  });
}

function watched({ directory, spawned }: AttachExperiment): Watched {
  const place = plain(directory);
  const pidOf = (): number | undefined => driverOf(directory)?.pid ?? spawned?.pid;
  return {
    stop: (by) => {
      const driver = driverOf(directory);
      try {
        if (driver !== null) return request(directory, 'stop', { by, token: driver.token });
      } catch (error) {
        if (!(error instanceof RunError)) throw error;
      }
      // Without the request (a full disk, a driver that has no lock yet) the signal is left.
      const pid = pidOf();
      if (pid !== undefined) process.kill(pid, 'SIGTERM');
    },
    kill: () => {
      const pid = pidOf();
      if (pid !== undefined) killTree(pid);
      const { runs } = experimentPaths(directory);
      for (const name of namesIn(runs)) killRun(path.join(runs, name));
    },
    stopping: t(
      'Stopping all runs after a checkpoint; Ctrl-C again kills.',
      '各运行写完检查点后停止；再按一次 Ctrl-C 立即终止。',
    ),
    killed: t('Killed. The last checkpoints are kept.', '已终止。最近的检查点已保留。'),
    goesOn: t(
      `The experiment goes on in process ${String(pidOf())}, whose end (kill ${String(pidOf())}) stops it after checkpoints. Its directory: ${place}`,
      `实验仍在进程 ${String(pidOf())} 中继续；结束该进程（kill ${String(pidOf())}）会使其在写完检查点后停止。目录：${place}`,
    ),
  };
}

function ending({ directory, command }: AttachExperiment, { stop }: ExperimentProgress, signal: number | null): number {
  const goOn = t(`Go on with: ${command}`, `继续：${command}`);
  if (stop === null) {
    const log = lastLines(experimentPaths(directory).log).map(plain).join('\n  ');
    if (signal !== null) printProgress(goOn);
    else {
      printProgress(
        t(
          `The driver of the experiment ended without a word. Its runs go on by themselves; start it again to go on.\n  ${log}`,
          `实验驱动进程未留下任何信息就已结束。各运行会自行继续；重新启动即可接着进行。\n  ${log}`,
        ),
      );
    }
    return signal ?? 1;
  }
  const { reason, message } = stop;
  if (message !== null) printProgress(plain(say(message)));
  if (reason === 'stopped' || reason === 'disk' || reason === 'budget') printProgress(goOn);
  // What was stopped, by whomever, or has used its budget up, is not done.
  if (reason === 'stopped') return signal ?? 1;
  return reason === 'done' ? 0 : 1;
}

type Line = ReturnType<ExperimentProgress['take']>;
type Status = ReturnType<typeof readStatus>;

interface Display {
  show(record: LedgerRecord, line: Line): void;
  /** A word to the person, not to whoever reads the output. */
  tell(line: string): void;
  /** Called at every look. */
  tick(status: Status): void;
  close(): void;
}

/** Records of the ledger, a line each. */
class JsonDisplay implements Display {
  show(record: LedgerRecord): void {
    printData(`${orderedText(record)}\n`);
  }

  tell(line: string): void {
    printProgress(line);
  }

  tick(): void {
    // Records speak for themselves.
  }

  close(): void {
    // The last of them has said it.
  }
}

/** The live table on a terminal, plain lines when piped. */
class TextDisplay implements Display {
  readonly #progress: ExperimentProgress;
  readonly #planned: () => ReadonlySet<string>;
  readonly #table: LiveTable | null;
  #counted = performance.now();

  /** @param planned the runs of the plan as it is now: takes a moment to find out */
  constructor(progress: ExperimentProgress, planned: () => ReadonlySet<string>) {
    this.#progress = progress;
    this.#planned = planned;
    const terminal = process.stdout.isTTY && process.stderr.isTTY && process.env['TERM'] !== 'dumb';
    this.#table = terminal ? new LiveTable(process.stderr) : null;
  }

  show(_: LedgerRecord, line: Line): void {
    if (line === null) return;
    // In the table the last run and all counts are seen; what went wrong stays above it.
    if (this.#table && line.result) return;
    if (line.result) printResult(line.line);
    else this.tell(line.line);
  }

  tell(line: string): void {
    if (this.#table) this.#table.above(line);
    else printProgress(line);
  }

  tick(status: Status): void {
    if (this.#table) return this.#table.draw(this.#progress.table(status, this.#table.width));
    if (status === null || performance.now() - this.#counted < countEvery) return;
    this.#counted = performance.now();
    printProgress(this.#progress.headline(status));
  }

  close(): void {
    this.#table?.leave();
    const planned = this.#progress.deviated ? this.#planned() : undefined;
    for (const line of this.#progress.closing(planned)) printResult(line);
  }
}

/** Waits until the driver has begun, so that one who does not watch is told of what keeps it from beginning. */
export async function untilDriving(directory: string, { exited }: Spawned): Promise<void> {
  const seen = { gone: false };
  void exited.then(() => (seen.gone = true));
  for (;;) {
    const last = seen.gone;
    if (driverOf(directory) !== null) return;
    if (last) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { records } = new LedgerReader(directory).read();
  const stop = records.findLast((record) => record.kind === 'stop');
  if (stop !== undefined && records.at(-1) === stop) return;
  const log = lastLines(experimentPaths(directory).log).join('\n  ');
  throw new CliError(`The driver of the experiment ended at once.\n  ${log}`, `实验驱动进程立即结束。\n  ${log}`, 1);
}

/** Whether a driver that was started here has found another one at work. */
export const foundAnother = (error: unknown): boolean => error instanceof ExperimentError && error.code === 'alive';
