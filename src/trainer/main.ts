/**
 * The training process: `node trainer.cjs --run DIR [--attempt N] [--resume]`.
 *
 * This main thread trains nothing and loads no tensors. It takes the run's lock, shows signs of life, passes requests
 * on, and starts the one thread that trains (`worker.cjs`), so that a long step never delays a beat. The thread writes
 * the events; only when it dies without a word does this one write the last record for it.
 */
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { text, type Text } from '../common/text.ts';
import { systemCode, ToldError } from '../common/told-error.ts';
import { beatEvery } from '../files/process-mark.ts';
import { processorsHere } from '../files/processors.ts';
import { startBeating } from '../runs/alive.ts';
import { endAttempt, type Attempt } from '../runs/attempts.ts';
import { beginAttempt, type Begun } from '../runs/begin.ts';
import { takeRequest } from '../runs/control.ts';
import { RunError } from '../runs/error.ts';
import type { ErrorRecord } from '../runs/events.ts';
import { formerThreads } from '../runs/fingerprints.ts';
import { readFrozen, readRunRecord } from '../runs/frozen.ts';
import { LeaseWatch } from '../runs/leases.ts';
import { hideHome, withoutHome } from '../runs/log.ts';
import { openWriter } from '../runs/writer.ts';
import { currentRuntime } from '../runtime/installed.ts';
import { runtimeFolder } from '../runtime/layout.ts';
import { prepareForRuntime } from '../engine/native/environment.ts';
import { threadsFor } from '../plan/threads.ts';
import { RequestCell } from './process/control-cell.ts';
import { isWorkerEnd, type WorkerEnd, type WorkerStart } from './process/messages.ts';

/** Milliseconds between two looks for `control.json`. */
const lookEvery = 100;

type StopSignal = 'SIGINT' | 'SIGTERM';

interface Arguments {
  readonly run: string;
  readonly attempt: number | undefined;
  readonly resume: boolean;
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: { run: { type: 'string' }, attempt: { type: 'string' }, resume: { type: 'boolean' } },
  });
  if (values.run === undefined)
    throw new ToldError(
      text(
        'The trainer is started with --run DIR; use "mtl train" for that.',
        '训练进程以 --run DIR 启动；请使用“mtl train”。',
      ),
    );
  return {
    run: path.resolve(values.run),
    attempt: values.attempt === undefined ? undefined : Number(values.attempt),
    resume: values.resume ?? false,
  };
}

/** Works on one run until it ends; returns the exit code. */
async function supervise({ run, attempt: number, resume }: Arguments): Promise<number> {
  // Before anything is written: a mistyped directory is not made into a run.
  readRunRecord(run);
  const byHand = { engine: 'auto', root: '.', allowOutside: false, keepAliveMinutes: 0 };
  const begun = await beginAttempt(run, number, byHand);
  const { attempt, lock } = begun;
  const cell = new RequestCell();
  const signals: StopSignal[] = [];
  const stopBy = (name: StopSignal): void => {
    signals.push(name);
    cell.set('stop', name);
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stopBy(name));
  // The terminal went away: the run goes on, its directory was printed when it began.
  process.on('SIGHUP', () => undefined);

  const leases = new LeaseWatch(run, Math.ceil((attempt.keepAliveMinutes * 60_000) / beatEvery));
  const beating = startBeating(run, attempt.token, () => {
    if (leases.tick()) cell.set('stop', 'keepAlive');
  });
  const looking = setInterval(() => {
    const wish = takeRequest(run, attempt.token);
    if (wish) cell.set(wish.request, wish.by);
  }, lookEvery);
  try {
    const end = await runWorker({ directory: run, attempt, resume, requests: cell.buffer });
    recordEnd(run, begun, end);
    if (end.status === 'stopped' && signals.length > 0) return signals[0] === 'SIGINT' ? 130 : 143;
    if (end.status === 'refused') return 2;
    return end.status === 'failed' ? 1 : 0;
  } finally {
    clearInterval(looking);
    beating.stop();
    lock.release();
  }
}

/** Starts the training thread; resolves when it has ended, in whatever way. */
function runWorker(start: WorkerStart): Promise<WorkerEnd> {
  return new Promise((resolve) => {
    let end: WorkerEnd | null = null;
    let failure: unknown;
    // TensorFlow reads the environment of the process; the thread has a copy.
    prepareForRuntime(currentRuntime(runtimeFolder()), threadsOf(start.directory));
    const file = path.join(path.dirname(process.argv[1] ?? ''), 'worker.cjs');
    const worker = new Worker(file, { workerData: start });
    worker.on('message', (message: unknown) => {
      if (isWorkerEnd(message)) end = message;
    });
    worker.on('error', (error) => {
      failure = error;
    });
    worker.on('exit', (code) => {
      resolve(end ?? { type: 'end', status: 'failed', recorded: false, error: describeDeath(failure, code) });
    });
  });
}

/** As many threads as at its last start, where the run was on that engine; else as its spec asks for. A spec that cannot be read is told by the thread that trains. */
function threadsOf(directory: string): number | undefined {
  try {
    return formerThreads(directory) ?? threadsFor(readFrozen(directory).resolved, processorsHere());
  } catch (error) {
    if (error instanceof RunError) return undefined;
    throw error;
  }
}

function describeDeath(failure: unknown, code: number): ErrorRecord {
  if (!(failure instanceof Error)) {
    return errorRecord(
      'internal',
      text(
        `The training thread ended with code ${String(code)} before the run did. See log.txt.`,
        `训练线程在运行结束之前以退出码 ${String(code)} 结束，详见 log.txt。`,
      ),
    );
  }
  // The stack is for the log; a person gets the sentence.
  console.error(failure.stack ?? failure.message);
  const reason = systemCode(failure);
  if (reason === 'ERR_WORKER_OUT_OF_MEMORY') {
    return errorRecord(
      'out-of-memory',
      text(
        'The training thread ran out of memory. Use a smaller batchSize or less data.',
        '训练线程内存不足。请使用更小的 batchSize 或更少的数据。',
      ),
    );
  }
  if (reason === 'MODULE_NOT_FOUND') {
    return errorRecord(
      'incomplete',
      text(
        'worker.cjs or a part of it is missing. Install the extension again, or run "npm run build" in a clone.',
        '缺少 worker.cjs 或其组成部分。请重新安装扩展，或在源代码目录中运行“npm run build”。',
      ),
    );
  }
  // One line: what follows the first is for the log.
  const [sentence = ''] = withoutHome(failure.message).split('\n');
  return errorRecord(
    'internal',
    text(
      `The training thread failed: ${sentence}. See log.txt in the run directory.`,
      `训练线程出错：${sentence}。详见运行目录中的 log.txt。`,
    ),
  );
}

function errorRecord(code: string, { en, zh }: Text): ErrorRecord {
  return { code, message: en, zh };
}

/** What cannot be written any more (a full disk) is told by whoever started this process: it meets the same disk. */
function recordEnd(run: string, { attempt }: Begun, end: WorkerEnd): void {
  const duties = [
    () => {
      if (!end.recorded) recordFailure(run, attempt, end);
    },
    () =>
      endAttempt(run, attempt.attempt, {
        status: end.status,
        ...(end.error
          ? { message: end.error.message, ...(end.error.zh === undefined ? {} : { zh: end.error.zh }) }
          : {}),
        ...(end.changes ? { changes: end.changes } : {}),
      }),
  ];
  for (const duty of duties) {
    try {
      duty();
    } catch (error) {
      console.error(error instanceof Error ? error.message : String(error));
    }
  }
}

function recordFailure(run: string, attempt: Attempt, end: WorkerEnd): void {
  const writer = openWriter(run, { token: attempt.token });
  const error =
    end.error ??
    errorRecord(
      'internal',
      text('The training thread ended without a word. See log.txt.', '训练线程未留下任何信息就已结束，详见 log.txt。'),
    );
  writer.append({ kind: 'end', status: 'failed', error, seconds: secondsOf(attempt) });
  writer.close();
}

function secondsOf(attempt: Attempt): number {
  return Math.max(0, (Date.now() - attempt.created) / 1000);
}

async function main(): Promise<void> {
  // The thread's output passes through these streams, too.
  for (const stream of [process.stdout, process.stderr]) {
    hideHome(stream);
    // A log that takes no more (a full disk) is no reason to die with the lock in hand.
    stream.on('error', () => undefined);
  }
  try {
    process.exitCode = await supervise(readArguments());
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof RunError ? error.exitCode : 2;
  }
}

void main();
