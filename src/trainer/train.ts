/** A training from its frozen run to its last record, readable as a story. */
import { text } from '../common/text.ts';
import { parseSize } from '../common/size.ts';
import { runtimeFolder } from '../runtime/layout.ts';
import { thisMachine } from '../runtime/machine.ts';
import { cleanUp, readLatestCheckpoint } from '../runs/checkpoints.ts';
import { acceptedRecord, ChangedError, type AcceptedChange } from '../runs/fingerprints.ts';
import { writeResult } from '../runs/result.ts';
import { firstSeq, openWriter, type EventWriter } from '../runs/writer.ts';
import { csvText } from '../data/csv-notes.ts';
import { againWarnings, before, findAgain, settle, type Before, type Found } from './prepare/again.ts';
import { tellAverages } from './training/averages.ts';
import { countText } from '../samples/column-report.ts';
import { storageText, waitsText } from '../samples/stream/texts.ts';
import { restoreCheckpoint } from './state/checkpoint.ts';
import type { Capturing } from './step/executors/captured/open.ts';
import { openEngine } from '../engine/open.ts';
import type { Engine, EngineDescription, EngineRequest } from '../engine/types.ts';
import { describeError } from './errors.ts';
import { loadStrategy } from './prepare/load-strategy.ts';
import { countParameters, sampleCounts, splitRecord, splitSummary, startRecord } from './output/records.ts';
import { RequestCell, type Request } from './process/control-cell.ts';
import { readRun, type FrozenRun } from './prepare/frozen-run.ts';
import { prepare } from './prepare/prepare.ts';
import { fallbackWarnings, warningFields } from './training/warnings.ts';
import { Training } from './training/training.ts';
import { version } from './version.ts';
import type { WorkerEnd, WorkerStart } from './process/messages.ts';

type Status = Exclude<WorkerEnd['status'], 'failed' | 'refused'>;

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
    const was = before(start.directory);
    const open = (request: EngineRequest): Promise<Engine> => {
      // A start that is refused leaves no record: of a run that was started before, the engine is not news.
      if (was.engine === null) writer.append({ kind: 'progress', phase: 'engine', done: 0, total: 1 });
      return openEngine(request, { assetsDirectory, runtimeFolder: runtimeFolder() });
    };
    const onBytes = tellSlow(writer, 'compare');
    const found = await findAgain(was, run, start.attempt, { open, onBytes });
    engine = found.engine;
    const { training, description, accepted } = await begin(start, run, { was, found }, writer);
    const status = await trainToEnd(training, new RequestCell(start.requests), writer);
    await conclude(training, status, { ...engine, description }, { directory: start.directory, accepted }, writer);
    const waits = training.prepared.data.waits();
    if (waits) console.log(waitsText(waits));
    training.prepared.data.close();
    return { type: 'end', status, recorded: true };
  } catch (error) {
    if (error instanceof ChangedError) return refusal(error);
    console.error(error instanceof Error ? error.stack : error);
    const described = describeError(error);
    const seconds = Math.round(performance.now() - began) / 1000;
    const recorded = attempt(() => writer.append({ kind: 'end', status: 'failed', error: described, seconds }));
    return { type: 'end', status: 'failed', recorded, error: described };
  } finally {
    attempt(() => writer.close());
    engine?.dispose();
  }
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

/** Nothing was started and nothing is recorded: the run is what it was. */
function refusal({ code, message, text: { zh }, changes }: ChangedError): WorkerEnd {
  return { type: 'end', status: 'refused', recorded: true, error: { code, message, zh }, changes };
}

/** Tells of bytes that are hashed, where that takes so long that somebody may wonder. */
function tellSlow(writer: EventWriter, phase: string): (done: number, total: number) => void {
  let last = performance.now();
  return (done, total) => {
    const now = performance.now();
    if (now - last < 500) return;
    last = now;
    writer.append({ kind: 'progress', phase, done, total });
  };
}

interface Begun {
  readonly training: Training;
  /** The engine, and whether it runs steps as graphs. */
  readonly description: EngineDescription;
  /** Changes of what the run depends on that it goes on with, since its first start. */
  readonly accepted: readonly AcceptedChange[];
}

/** What the run depends on: at its last start, and now. */
interface Depends {
  readonly was: Before;
  readonly found: Found;
}

/** Loads data and model, restores the latest checkpoint where there is one to resume, and writes the `start` record. */
async function begin(start: WorkerStart, run: FrozenRun, { was, found }: Depends, writer: EventWriter): Promise<Begun> {
  const { engine } = found;
  const tell = (phase: string, done: number, total: number): void =>
    void writer.append({ kind: 'progress', phase, done, total });
  const storage = { memory: parseSize(start.attempt.memory ?? ''), scratchFolder: start.directory };
  const prepared = await prepare(run, tell, storage, { ...thisMachine(), engine: engine.description.name });
  const identity = { version, spec: run.hash };
  const capturing = await capturingOn(engine, (reason) => {
    training.warn(
      'not-captured',
      text(
        `Some steps run operation by operation, which is slower: ${reason}.`,
        `部分训练步逐个运算执行，速度较慢：${reason}。`,
      ),
    );
  });
  const strategy = await loadStrategy(
    run.spec.strategy,
    { tasks: [...prepared.plan.tasks.keys()] },
    run.place,
    found.surroundings.modules,
  );
  const training: Training = new Training({
    ...{ prepared, directory: start.directory, writer, identity },
    ...(capturing ? { executor: capturing.factory } : {}),
    ...(strategy ? { strategy } : {}),
  });
  training.judge.refuseBlind();
  const restored = start.resume ? restore(training, start.directory, identity) : null;
  const resumedFrom = restored
    ? writer.resumedFrom(restored.place)
    : start.resume
      ? { step: 0, epoch: 0, seq: firstSeq - 1 }
      : null;
  const { spec, tasks, model, data } = prepared;
  // For log.txt: what the preparation found in the cells is always told.
  if (data.csv !== undefined) console.log(csvText(data.csv, spec.data.source?.train[0] ?? '').en);
  for (const count of data.counts) console.log(countText(count));
  if (data.storage.streamed) console.log(storageText(data.storage));
  const description = capturing?.rehearse(() => training.tryStep(), engine.description) ?? engine.description;
  const settled = await settle(start.directory, was, found, start.attempt, restored?.place.step ?? 0);
  writer.append(
    startRecord({
      attempt: start.attempt.attempt,
      engine: description,
      tasks,
      model,
      samples: data.samples,
      stepsPerEpoch: training.stepsPerEpoch,
      epochs: training.epochs,
      strategy: spec.strategy.name,
      seed: spec.training.seed,
      storage: data.storage,
      accepted: settled.accepted,
      resumedFrom,
    }),
  );
  for (const { code, message } of againWarnings(was, settled)) training.warn(code, message);
  for (const damage of restored?.damaged ?? []) {
    training.warn('checkpoint-damaged', text(`Passed over: ${damage}.`, `已跳过：${damage}。`));
  }
  if (restored && restored.writtenBy !== version) {
    training.warn(
      'other-version',
      text(
        `The checkpoint was written by version ${restored.writtenBy}, this is ${version}: the numbers may differ from those of an uninterrupted run.`,
        `检查点由版本 ${restored.writtenBy} 写入，当前版本为 ${version}：数值可能与未中断的运行不同。`,
      ),
    );
  }
  for (const { code, message, task, severity } of data.warnings) training.warn(code, message, { task, severity });
  if (prepared.tight) training.warn('memory-near', prepared.tight);
  training.tellAssumptions();
  training.tellSelection();
  return { training, description, accepted: settled.all };
}

/** Loaded only with the native engine, whose code it is. */
async function capturingOn(engine: Engine, onRefusal: (reason: string) => void): Promise<Capturing | null> {
  if (engine.description.name !== 'native') return null;
  const { capturing } = await import('./step/executors/captured/open.ts');
  return capturing(engine, onRefusal);
}

interface Restored {
  readonly place: { readonly step: number; readonly epoch: number; readonly path: string; readonly bytes: number };
  readonly damaged: readonly string[];
  readonly writtenBy: string;
}

/** Null when the run died before its first checkpoint: it then begins anew. */
function restore(training: Training, directory: string, identity: { version: string; spec: string }): Restored | null {
  const checkpoint = readLatestCheckpoint(directory);
  if (!checkpoint) return null;
  const { files, step, path, bytes, damaged } = checkpoint;
  const { model } = training.prepared;
  const state = restoreCheckpoint(files, model, training.optimizer, identity);
  training.continueFrom(state);
  return { place: { step, epoch: state.progress.epoch, path, bytes }, damaged, writtenBy: state.writtenBy };
}

/** The loop: epochs of steps, with a look at the requests between two steps. */
async function trainToEnd(training: Training, requests: RequestCell, writer: EventWriter): Promise<Status> {
  const { checkpoint } = training.prepared.spec.training;
  while (!training.isDone()) {
    for (const positions of training.steps()) {
      if (await mustStop(training, requests, writer)) return 'stopped';
      training.step(positions);
      if (training.isDone()) break;
      if (checkpoint.unit === 'step' && training.progress.step % checkpoint.every === 0) await training.checkpoint();
    }
    const { epoch } = training.progress;
    training.endEpoch();
    if (checkpoint.unit === 'epoch' && epoch % checkpoint.every === 0 && !training.isDone())
      await training.checkpoint();
  }
  return training.progress.stoppedEarly ? 'early-stopped' : 'completed';
}

/** Obeys a pause by waiting here; true after a request to stop, with a checkpoint written. */
async function mustStop(training: Training, requests: RequestCell, writer: EventWriter): Promise<boolean> {
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
  await training.checkpoint();
  return true;
}

/** The last words: model and result of a run that is through, and the `end` record. */
async function conclude(
  training: Training,
  status: Status,
  engine: Pick<Engine, 'description' | 'fallbacks'>,
  { directory, accepted }: { readonly directory: string; readonly accepted: readonly AcceptedChange[] },
  writer: EventWriter,
): Promise<void> {
  const { selection } = training.progress;
  const best = selection.best ? { ...selection.best, monitor: training.judge.monitor.text } : null;
  const seconds = Math.round(training.seconds * 1000) / 1000;
  if (status === 'stopped') {
    writer.append({ kind: 'end', status, seconds, ...(best ? { best } : {}) });
    return;
  }
  training.tellNoneWasBest();
  // Last state first: a run killed from here on is resumed to the same end without training again.
  await training.checkpoint();
  training.takeReported();
  const { data, tasks, model, spec } = training.prepared;
  const results = (['train', 'validation', 'test'] as const)
    .filter((split) => data.splits[split].n > 0)
    .map((split) => [split, training.evaluate(split)] as const);
  for (const [split, result] of results) training.tellMetricWarnings(result, split);
  tellAverages(training);
  for (const { code, message } of fallbackWarnings(engine.fallbacks())) training.warn(code, message);
  const test = results.find(([split]) => split === 'test')?.[1];
  writeResult(directory, {
    v: 1,
    status,
    seed: spec.training.seed,
    engine: engine.description,
    epochs: training.progress.epoch - 1,
    seconds,
    parameters: countParameters(model),
    samples: sampleCounts(data.samples, tasks),
    best,
    ...(accepted.length === 0 ? {} : { acceptedChanges: accepted.map(acceptedRecord) }),
    splits: new Map(results.map(([split, result]) => [split, splitSummary(data.splits[split].n, result)])),
    warnings: training.warnings().map(warningFields),
  });
  writer.append({
    kind: 'end',
    status,
    seconds,
    ...(best ? { best } : {}),
    ...(test ? { test: splitRecord(test) } : {}),
  });
}
