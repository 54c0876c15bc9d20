/** The beginning of a run: data and model, what a checkpoint holds, one step for trial, the `start` record. */
import { csvText } from '../../data/csv-notes.ts';
import type { Engine, EngineDescription } from '../../engine/contract.ts';
import { readForkCheckpoint, readLatestCheckpoint } from '../../runs/checkpoints.ts';
import type { AcceptedChange } from '../../runs/fingerprints.ts';
import type { ForkRecord } from '../../runs/fork/record.ts';
import { notCarriedText } from '../../runs/fork/texts.ts';
import { firstSeq, type EventWriter } from '../../runs/writer.ts';
import { thisMachine } from '../../runtime/machine.ts';
import { countText } from '../../samples/column-report.ts';
import { storageText } from '../../samples/stream/texts.ts';
import { parseSize } from '../../common/size.ts';
import { text, type Text } from '../../common/text.ts';
import { assumedText } from '../baselines/facts.ts';
import { startRecord } from '../output/records.ts';
import type { Destination } from '../output/save.ts';
import { againWarnings, settle, type Before, type Found, type Settled } from '../prepare/again.ts';
import type { FrozenRun } from '../prepare/frozen-run.ts';
import { loadStrategy } from '../prepare/load-strategy.ts';
import { prepare, type Prepared, type Tell } from '../prepare/prepare.ts';
import type { WorkerStart } from '../process/messages.ts';
import { restoreCheckpoint } from '../state/checkpoint.ts';
import { forkedState, refuseOtherSteps } from '../state/forked.ts';
import { chooseExecutor, type ChosenExecutor } from '../step/executors/table.ts';
import { version } from '../version.ts';
import { Training } from './training.ts';
import { Warnings } from './warnings.ts';

/** What the run depends on: at its last start, and now. */
export interface Depends {
  readonly was: Before;
  readonly found: Found;
}

export interface Begun {
  readonly training: Training;
  readonly destination: Destination;
  /** The engine as the `start` record tells of it: with whether it runs steps as graphs. */
  readonly description: EngineDescription;
  /** The run whose checkpoint it began with. */
  readonly fork: ForkRecord | undefined;
  /** Changes of what the run depends on that it goes on with, since its first start. */
  readonly accepted: readonly AcceptedChange[];
}

/**
 * A run ready for its next step: the first, or the one after its latest checkpoint. Its `start` record is written.
 *
 * @throws TrainingError, DataError, CheckpointError where it cannot begin
 */
export async function begin(start: WorkerStart, run: FrozenRun, depends: Depends, writer: EventWriter): Promise<Begun> {
  const { was, found } = depends;
  const prepared = await prepareRun(start, run, found.engine, writer);
  const destination = { directory: start.directory, writer, identity: { version, spec: run.hash } };
  const warnings = new Warnings((record) => void writer.append(record));
  const executor = await executorOn(found.engine, warnings);
  const training = await makeTraining(prepared, run, found, { warnings, executor, writer });
  training.selection.judge.refuseBlind();
  const own = start.resume ? restore(training, destination) : null;
  const forked = own === null && run.fork ? restoreFork(training, destination, run.fork) : null;
  const resumedFrom = start.resume ? resumePlace(own, forked, writer) : null;
  const restored = own ?? forked;
  logData(prepared);
  const description = executor.rehearse(() => training.tryStep());
  const settled = await settle(start.directory, was, found, start.attempt, restored?.place.step ?? 0);
  writer.append(
    startRecord({
      ...{ attempt: start.attempt.attempt, engine: description, resumedFrom, accepted: settled.accepted },
      ...{ tasks: prepared.tasks, model: prepared.model, samples: prepared.data.samples },
      ...{ data: prepared.data.facts, spec: prepared.spec },
      ...{ stepsPerEpoch: training.stepsPerEpoch, epochs: training.epochs, storage: prepared.data.storage },
      ...{ strategy: prepared.spec.strategy.name, seed: prepared.spec.training.seed, fork: run.fork },
    }),
  );
  if (forked) tellForked(warnings, run.fork);
  tellResumed(warnings, was, settled, restored);
  tellPrepared(warnings, prepared);
  tellAssumptions(training);
  training.selection.tellBefore();
  return { training, destination, description, fork: run.fork, accepted: settled.all };
}

/** Data and model, on the memory that the attempt allows; told as it happens. */
function prepareRun(start: WorkerStart, run: FrozenRun, engine: Engine, writer: EventWriter): Promise<Prepared> {
  const tell: Tell = (phase, done, total) => void writer.append({ kind: 'progress', phase, done, total });
  const storage = { memory: parseSize(start.attempt.memory ?? ''), scratchFolder: start.directory };
  return prepare(run, tell, storage, { ...thisMachine(), engine: engine.description.name });
}

/** What computes the steps; it is told where some of them turn out slower than the engine could be. */
function executorOn(engine: Engine, { warn }: Warnings): Promise<ChosenExecutor> {
  const onRefusal = ({ en, zh }: Text): void =>
    warn(
      'not-captured',
      text(
        `Some steps run operation by operation, which is slower: ${en}.`,
        `部分训练步逐个运算执行，速度较慢：${zh}。`,
      ),
    );
  return chooseExecutor(engine, { onRefusal });
}

interface Equipment {
  readonly warnings: Warnings;
  readonly executor: ChosenExecutor;
  readonly writer: EventWriter;
}

/** The training with its executor and, where the spec names a module, the user's own strategy. */
async function makeTraining(
  prepared: Prepared,
  run: FrozenRun,
  { surroundings }: Found,
  { warnings, executor, writer }: Equipment,
): Promise<Training> {
  const names = { tasks: [...prepared.plan.tasks.keys()] };
  const strategy = await loadStrategy(run.spec.strategy, names, run.place, surroundings.modules);
  return new Training({
    ...{ prepared, warnings },
    append: (record) => void writer.append(record),
    executor: executor.factory,
    ...(strategy ? { strategy } : {}),
  });
}

interface Restored {
  readonly place: { readonly step: number; readonly epoch: number; readonly path: string; readonly bytes: number };
  readonly damaged: readonly Text[];
  readonly writtenBy: string;
}

/** Null when the run died before its first checkpoint: it then begins anew. */
function restore(training: Training, { directory, identity }: Destination): Restored | null {
  const checkpoint = readLatestCheckpoint(directory);
  if (!checkpoint) return null;
  const { files, step, path, bytes, damaged } = checkpoint;
  const state = restoreCheckpoint(files, training.prepared.model, training.optimizer, identity);
  training.continueFrom(state);
  return { place: { step, epoch: state.progress.epoch, path, bytes }, damaged, writtenBy: state.writtenBy };
}

/** The state of the parent, as far as it means something here. */
function restoreFork(training: Training, { directory, identity }: Destination, fork: ForkRecord): Restored {
  refuseOtherSteps(fork, training.stepsPerEpoch);
  const { files, step, path, bytes } = readForkCheckpoint(directory);
  const { model } = training.prepared;
  const parent = { ...identity, spec: fork.spec };
  const optimizer = !fork.notCarried.includes('optimizer');
  const state = restoreCheckpoint(files, model, training.optimizer, parent, { optimizer });
  const own = forkedState(state, fork, training.method);
  training.continueFrom(own);
  return { place: { step, epoch: own.progress.epoch, path, bytes }, damaged: [], writtenBy: state.writtenBy };
}

/** Where a resumed run goes on, as its `start` record says it; a fork without a checkpoint of its own begins with its parent's. */
function resumePlace(
  own: Restored | null,
  forked: Restored | null,
  writer: EventWriter,
): ReturnType<EventWriter['resumedFrom']> {
  if (own) return writer.resumedFrom(own.place);
  const { step, epoch } = forked?.place ?? { step: 0, epoch: 0 };
  return { step, epoch, seq: firstSeq - 1 };
}

/** What the parent has told, and what begins anew. */
function tellForked(warnings: Warnings, fork: ForkRecord | undefined): void {
  warnings.tellAgain();
  const anew = notCarriedText(fork?.notCarried ?? []);
  if (anew) warnings.warn('not-carried', anew, { severity: 'information' });
}

/** For log.txt: what the preparation found in the cells is always told. */
function logData({ data, spec }: Prepared): void {
  if (data.csv !== undefined) console.log(csvText(data.csv, spec.data.source?.train[0] ?? '').en);
  for (const count of data.counts) console.log(countText(count));
  if (data.storage.streamed) console.log(storageText(data.storage));
}

/** What the run goes on with although it has changed, checkpoints that were passed over, another version's checkpoint. */
function tellResumed({ warn }: Warnings, was: Before, settled: Settled, restored: Restored | null): void {
  for (const { code, message } of againWarnings(was, settled)) warn(code, message);
  if (!restored) return;
  for (const damage of restored.damaged)
    warn('checkpoint-damaged', text(`Passed over: ${damage.en}.`, `已跳过：${damage.zh}。`));
  if (restored.writtenBy === version) return;
  warn(
    'other-version',
    text(
      `The checkpoint was written by version ${restored.writtenBy}, this is ${version}: the numbers may differ from those of an uninterrupted run.`,
      `检查点由版本 ${restored.writtenBy} 写入，当前版本为 ${version}：数值可能与未中断的运行不同。`,
    ),
  );
}

/** What the data gave reason to, and memory that may not be enough. */
function tellPrepared({ warn }: Warnings, { data, tight }: Prepared): void {
  for (const { code, message, task, severity } of data.warnings) warn(code, message, { task, severity });
  if (tight) warn('memory-near', tight);
}

/** Tells which facts behind the weights are assumptions. */
export function tellAssumptions({ facts, warnings }: Training): void {
  for (const [task, { assumed }] of Object.entries(facts))
    if (assumed) warnings.warn('complexity-unknown', assumedText(task), { task });
}
