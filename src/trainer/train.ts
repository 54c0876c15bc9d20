/** A run from its frozen spec to its last record, readable as a story. */
import type { Phase } from '../common/phase.ts';
import { runtimeFolder } from '../runtime/layout.ts';
import { cleanUp } from '../runs/checkpoints.ts';
import { ChangedError } from '../runs/fingerprints.ts';
import { openWriter, type EventWriter } from '../runs/writer.ts';
import { openEngine } from '../engine/open.ts';
import type { Engine, EngineRequest } from '../engine/contract.ts';
import { describeError } from './errors.ts';
import { save } from './output/save.ts';
import { before, findAgain } from './prepare/again.ts';
import { readRun, type FrozenRun } from './prepare/frozen-run.ts';
import { RequestCell, type Request } from './process/control-cell.ts';
import type { Ending, WorkerEnd, WorkerStart } from './process/messages.ts';
import { begin, type Begun, type Depends } from './training/begin.ts';
import { conclude } from './training/conclude.ts';

/**
 * Trains a run to its end, or until it is asked to stop. Whatever fails ends with a record that says what, and with
 * everything written so far in place.
 *
 * @param assetsDirectory folder of the engine's binaries
 */
export async function train(start: WorkerStart, assetsDirectory: string): Promise<WorkerEnd> {
  const began = performance.now();
  const writer = openWriter(start.directory, { token: start.attempt.token });
  let engine: Engine | undefined;
  try {
    cleanUp(start.directory);
    const run = readRun(start.directory, start.attempt);
    const depends = await findOut(start, run, assetsDirectory, writer);
    engine = depends.found.engine;
    const begun = await begin(start, run, depends, writer);
    const status = await trainToEnd(begun, new RequestCell(start.requests));
    await conclude(begun, status, () => depends.found.engine.fallbacks());
    return { type: 'end', status, recorded: true };
  } catch (error) {
    if (error instanceof ChangedError) return refusal(error);
    return failure(error, (performance.now() - began) / 1000, writer);
  } finally {
    attempt(() => writer.close());
    engine?.dispose();
  }
}

/** What the run depends on, as it was at its last start and as it is now, with its engine open. */
async function findOut(
  start: WorkerStart,
  run: FrozenRun,
  assetsDirectory: string,
  writer: EventWriter,
): Promise<Depends> {
  const was = before(start.directory, run.fork !== undefined);
  const open = (request: EngineRequest): Promise<Engine> => {
    // A start that is refused leaves no record: of a run that was started before, the engine is not news.
    if (was.engine === null) writer.append({ kind: 'progress', phase: 'engine', done: 0, total: 1 });
    return openEngine(request, { assetsDirectory, runtimeFolder: runtimeFolder() });
  };
  const found = await findAgain(was, run, start.attempt, { open, onBytes: tellSlow(writer, 'compare') });
  return { was, found };
}

/** Tells of bytes that are hashed, where that takes so long that somebody may wonder. */
function tellSlow(writer: EventWriter, phase: Phase): (done: number, total: number) => void {
  let last = performance.now();
  return (done, total) => {
    const now = performance.now();
    if (now - last < 500) return;
    last = now;
    writer.append({ kind: 'progress', phase, done, total });
  };
}

/** The loop: epochs of steps, with a look at the requests between two steps. */
async function trainToEnd({ training, destination }: Begun, requests: RequestCell): Promise<Ending> {
  const { checkpoint } = training.prepared.spec.training;
  while (!training.isDone()) {
    for (const positions of training.steps()) {
      if (await mustStop({ training, destination }, requests)) return 'stopped';
      training.step(positions);
      if (training.isDone()) break;
      if (checkpoint.unit === 'step' && training.progress.step % checkpoint.every === 0)
        await save(training, destination);
    }
    const { epoch } = training.progress;
    training.endEpoch();
    if (checkpoint.unit === 'epoch' && epoch % checkpoint.every === 0 && !training.isDone())
      await save(training, destination);
  }
  return training.progress.stoppedEarly ? 'early-stopped' : 'completed';
}

/** Obeys a pause by waiting here; true after a request to stop, with a checkpoint written. */
async function mustStop(
  { training, destination }: Pick<Begun, 'training' | 'destination'>,
  requests: RequestCell,
): Promise<boolean> {
  const { writer } = destination;
  // Read anew each time: the other thread changes it.
  const asked = (): Request => requests.request;
  if (asked() === 'resume') return false;
  if (asked() === 'pause') {
    training.flush();
    writer.append({ kind: 'state', state: 'paused', by: requests.by });
    requests.waitWhilePaused();
    if (asked() === 'resume') writer.append({ kind: 'state', state: 'resumed', by: requests.by });
  }
  if (asked() !== 'stop') return false;
  writer.append({ kind: 'state', state: 'stopping', by: requests.by });
  await save(training, destination);
  return true;
}

/** Nothing was started and nothing is recorded: the run is what it was. */
function refusal({ code, message, text: { zh }, changes }: ChangedError): WorkerEnd {
  return { type: 'end', status: 'refused', recorded: true, error: { code, message, zh }, changes };
}

/** What failed is recorded, and its stack goes to log.txt. */
function failure(error: unknown, seconds: number, writer: EventWriter): WorkerEnd {
  console.error(error instanceof Error ? error.stack : error);
  const described = describeError(error);
  const recorded = attempt(() =>
    writer.append({ kind: 'end', status: 'failed', error: described, seconds: Math.round(1000 * seconds) / 1000 }),
  );
  return { type: 'end', status: 'failed', recorded, error: described };
}

/** Whether it could be done: on a full disk the last words cannot be written. */
function attempt(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
