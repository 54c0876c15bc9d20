/**
 * The process that runs an experiment: `node driver.cjs --experiment DIR --trainer FILE`. It outlives the window or
 * terminal that started it, trains nothing, loads no tensors, and speaks through the experiment's directory alone.
 */
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { text, type Text } from '../common/text.ts';
import { textOfError, ToldError } from '../common/told-error.ts';
import { newToken } from '../files/lock.ts';
import { processorsHere } from '../files/processors.ts';
import { startBeating } from '../runs/alive.ts';
import { hideHome } from '../runs/log.ts';
import { threadsFor } from '../plan/threads.ts';
import { thisMachine } from '../runtime/machine.ts';
import { productVersion } from '../runtime/versions.ts';
import { Driver, type Stop } from './driver/loop.ts';
import { History } from './driver/history.ts';
import { LedgerReader } from './driver/ledger.ts';
import { cutterOf } from './driver/pruning.ts';
import { isFullDisk, LedgerWriter } from './driver/writer.ts';
import { ExperimentError } from './error.ts';
import type { Executor, LocalSettings } from './executors/contract.ts';
import { executorName, executors } from './executors/table.ts';
import { trainedForm } from './identity.ts';
import { experimentPaths } from './layout.ts';
import { lockExperiment } from './lock.ts';
import { readPlan, type PlanRecord } from './plan-file.ts';
import { planningOf, type Planning } from './planning.ts';

interface Arguments {
  readonly experiment: string;
  /** Absolute path of `trainer.cjs`. */
  readonly trainer: string;
}

function readArguments(): Arguments {
  const { values } = parseArgs({ options: { experiment: { type: 'string' }, trainer: { type: 'string' } } });
  if (values.experiment === undefined || values.trainer === undefined) {
    throw new ToldError(
      text(
        'The driver is started with --experiment DIR --trainer FILE; use "mtl experiment" for that.',
        '实验驱动进程以 --experiment DIR --trainer FILE 启动；请使用“mtl experiment”。',
      ),
    );
  }
  return { experiment: path.resolve(values.experiment), trainer: path.resolve(values.trainer) };
}

const exitCodes: Readonly<Record<Stop['reason'], number>> = {
  ...{ done: 0, stopped: 0 },
  ...{ budget: 1, failed: 1, disk: 1, error: 1 },
};

/** Works on one experiment until nothing is left to do; returns the exit code. */
async function drive({ experiment: directory, trainer }: Arguments): Promise<number> {
  // Before anything is written: a mistyped directory is not made into an experiment.
  readPlan(directory);
  const reader = new LedgerReader(directory);
  const history = new History();
  history.take(reader.read().records);
  const token = newToken();
  const lock = await lockExperiment(directory, history.drivers + 1, token);
  const beating = startBeating(directory, token);
  try {
    // What was written until the lock was taken.
    history.take(reader.read().records);
    const ledger = new LedgerWriter(directory, token);
    // Under the lock nobody changes the plan any more.
    const plan = readPlan(directory);
    const stop = await work({ directory, trainer, token, plan, ledger, history });
    ledger.append({ kind: 'stop', driver: history.drivers, ...stop });
    ledger.close();
    if (stop.message !== null) console.error(stop.message.en);
    return exitCodes[stop.reason];
  } finally {
    beating.stop();
    lock.release();
  }
}

interface Work {
  readonly directory: string;
  readonly trainer: string;
  readonly token: string;
  readonly plan: PlanRecord;
  readonly ledger: LedgerWriter;
  readonly history: History;
}

async function work({ directory, trainer, token, plan, ledger, history }: Work): Promise<Stop> {
  const signals: Stop['reason'][] = [];
  let driver: Driver | null = null;
  const stopBy = (name: string): void => {
    signals.push('stopped');
    driver?.stop(name);
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stopBy(name));
  // The terminal went away: the experiment goes on, its directory was printed when it began.
  process.on('SIGHUP', () => undefined);
  let executor: Executor | null = null;
  try {
    const planning = planningOf(plan);
    const root = path.resolve(directory, plan.root);
    executor = openExecutor(plan, planning, root, trainer);
    const { jobs } = plan;
    const { slots, says } = executor;
    const begin = { driver: history.drivers + 1, executor: plan.executor, jobs, slots, says, version: productVersion };
    history.take([ledger.append({ kind: 'start', ...begin })]);
    driver = new Driver({
      ...{ directory, plan, ledger, history, executor, token, root },
      ...planning,
      specFile: path.resolve(root, plan.spec),
      cutter: cutterOf(planning.design, (run) => path.join(experimentPaths(directory).runs, run)),
    });
    if (signals.length > 0) driver.stop('signal');
    return await driver.run();
  } catch (error) {
    executor?.close();
    return stopOf(error);
  }
}

/** What ends a driver before its time is written down, if that is still possible. */
function stopOf(error: unknown): Stop {
  if (error instanceof ExperimentError && error.code === 'lock-lost') throw error;
  // The stack is for the log; a person gets the sentence.
  console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const message: Text = textOfError(error);
  return { reason: isFullDisk(error) ? 'disk' : 'error', message };
}

function openExecutor(plan: PlanRecord, { design }: Planning, root: string, trainerFile: string): Executor {
  const { engine } = plan.surroundings;
  const processors = processorsHere();
  const settings: LocalSettings = {
    ...{ trainerFile, root, processors },
    allowOutside: plan.allowOutside,
    engine: engine.name === 'native' ? 'native' : 'wasm',
    device: plan.device,
    jobs: plan.jobs ?? design.experiment.budget.parallel ?? null,
    version: productVersion,
    threads: engine.name === 'native' ? threadsFor(trainedForm(design.spec), processors) : 1,
    available: () => thisMachine().available,
    nodeArguments: process.execArgv,
  };
  return executors[executorName(plan.executor)](settings);
}

async function main(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    hideHome(stream);
    // A log that takes no more (a full disk) is no reason to die with the lock in hand.
    stream.on('error', () => undefined);
  }
  try {
    process.exitCode = await drive(readArguments());
  } catch (error) {
    console.error(textOfError(error).en);
    process.exitCode = error instanceof ExperimentError ? error.exitCode : 2;
  }
}

void main();
