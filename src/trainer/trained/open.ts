/** The trained model: a run's saved model at work, rebuilt from its frozen spec, ready to evaluate and predict. */
import { textOfError } from '../../common/told-error.ts';
import * as path from 'node:path';
import { text, type Text } from '../../common/text.ts';
import { parseSize } from '../../common/size.ts';
import { resolveInside } from '../../data/paths.ts';
import { processorsHere } from '../../files/processors.ts';
import type { Plan } from '../../plan/plan.ts';
import { changesText, engineChanges } from '../../runs/changes.ts';
import { formerEngine, formerThreads } from '../../runs/fingerprints.ts';
import { readFrozen } from '../../runs/frozen.ts';
import { currentRuntime } from '../../runtime/installed.ts';
import { runtimeFolder } from '../../runtime/layout.ts';
import { prepareOther, type Other } from '../../samples/unseen.ts';
import type { Preparation } from '../../samples/preparation.ts';
import type { StorageOptions } from '../../samples/stream/storage.ts';
import type { Inference } from '../step/executors/contract.ts';
import { openInference } from '../step/executors/table.ts';
import type { InferredTask } from '../step/passes/inference.ts';
import { prepareForRuntime } from '../../engine/native/environment.ts';
import { threadsFor } from '../../plan/threads.ts';
import { engineMark, requestOf } from '../prepare/again.ts';
import { EngineError } from '../../engine/errors.ts';
import { openEngine } from '../../engine/open.ts';
import type { Engine } from '../../engine/contract.ts';
import { RefusedError, TrainingError } from '../errors.ts';
import { buildModel, type Model } from '../model/build.ts';
import { readRun, type FrozenRun } from '../prepare/frozen-run.ts';
import { planFor } from '../prepare/prepare.ts';
import { checkFits, loadWeights, readSavedModel, type SavedModel } from './saved-model.ts';
import { createTasks } from '../tasks/facts.ts';
import type { Task } from '../tasks/contract.ts';
import { seedOf } from '../../spec/index.ts';

export interface PlaceOptions {
  /** Absolute folder that files may not leave. */
  readonly root: string;
  readonly allowOutside: boolean;
  /** Bytes that data may take in memory; as the spec says, or half of what is free, where not given. */
  readonly memory?: number;
}

export interface Trained {
  readonly directory: string;
  readonly run: FrozenRun;
  readonly preparation: Preparation;
  readonly tasks: readonly Task[];
  readonly model: Model;
  readonly inference: Inference;
  /** For people: what of the engine is not as in training. */
  readonly warnings: readonly Text[];
}

/**
 * Opens a run's model for the time of one piece of work.
 *
 * @param reading what is read of a task's raw outputs: what its metrics need, if absent
 * @throws TrainingError `no-model`, RunError for a directory that is no run
 */
export async function withTrained<T>(
  directory: string,
  options: PlaceOptions,
  work: (trained: Trained) => Promise<T>,
  reading: (task: Task) => InferredTask = (task) => task,
): Promise<T> {
  const run = readRun(directory, { root: path.relative(directory, options.root), allowOutside: options.allowOutside });
  const saved = readSavedModel(directory);
  const { preparation } = saved;
  const { plan, tasks } = withFacts(run, saved);
  let opened: Opened | undefined;
  let model: Model | undefined;
  let inference: Inference | undefined;
  // As in training, so that evaluation gives the very numbers of `result.json`.
  const threads = formerThreads(directory) ?? threadsFor(readFrozen(directory).resolved, processorsHere());
  prepareForRuntime(currentRuntime(runtimeFolder()), threads);
  try {
    opened = await openFormer(directory, run);
    const { engine, warnings } = opened;
    const { training } = run.spec;
    model = buildModel(plan, { seed: seedOf(training, 'init'), conventions: training.conventions });
    loadWeights(model, saved.folder);
    inference = await openInference(engine, model, tasks.map(reading));
    return await work({ directory, run, preparation, tasks, model, inference, warnings });
  } finally {
    inference?.dispose();
    model?.dispose();
    opened?.engine.dispose();
  }
}

interface Opened {
  readonly engine: Engine;
  readonly warnings: readonly Text[];
}

/** The engine that the run was trained on; where it is gone or is another one now, that is said. */
async function openFormer(directory: string, { spec }: FrozenRun): Promise<Opened> {
  const former = formerEngine(directory);
  const asked = requestOf(former?.name);
  const options = { assetsDirectory: assetsDirectory(), runtimeFolder: runtimeFolder() };
  let engine: Engine;
  try {
    engine = await openEngine(asked ?? spec.training.engine, options);
  } catch (error) {
    if (!(error instanceof EngineError) || asked === undefined) throw error;
    engine = await openEngine('auto', options);
  }
  const changes = former ? engineChanges(former, engineMark(engine)) : [];
  if (changes.length === 0) return { engine, warnings: [] };
  const { en, zh } = changesText(changes);
  const warning = text(
    `The engine is not the one of the training, so the last digits may differ: ${en}.`,
    `引擎与训练时不同，末几位数字可能有差异：${zh}。`,
  );
  return { engine, warnings: [warning] };
}

/**
 * Plan and tasks as they were in training. A spec that could be trained is only refused here when the saved facts lie.
 *
 * @throws TrainingError `no-model`
 */
function withFacts(run: FrozenRun, saved: SavedModel): { readonly plan: Plan; readonly tasks: readonly Task[] } {
  try {
    const plan = planFor(run.spec, saved);
    checkFits(saved, plan);
    return { plan, tasks: createTasks(plan, saved.preparation, saved.classCounts) };
  } catch (error) {
    if (!(error instanceof TrainingError || error instanceof RefusedError)) throw error;
    const told = textOfError(error);
    if (error instanceof TrainingError && error.code === 'no-model') throw error;
    throw new TrainingError(
      'no-model',
      text(
        `The model's preprocessing.json does not belong to the spec frozen with this run. ${told.en}`,
        `模型的 preprocessing.json 不属于随此运行冻结的实验描述文件。${told.zh}`,
      ),
    );
  }
}

/** The bundle's own folder holds the engine's binaries. */
function assetsDirectory(): string {
  return typeof __dirname === 'string' ? __dirname : path.dirname(process.argv[1] ?? '');
}

/** How much memory data may take, and where they are put when they do not fit: in the directory of the run. */
export function storageOf(
  { directory, run }: Trained,
  { memory }: PlaceOptions,
): StorageOptions & { readonly scratchFolder: string } {
  return { memory: memory ?? parseSize(run.spec.data.memory ?? ''), scratchFolder: directory };
}

/** Reads another file with the columns that the model needs, and prepares its rows. */
export async function readOther(
  trained: Trained,
  file: string,
  options: PlaceOptions,
  purpose: 'evaluation' | 'prediction',
): Promise<Other> {
  // The person named this very file: where it lies is not a stranger's choice. It is still an ordinary file only.
  const folder = path.dirname(file);
  const source = await resolveInside(options.root, folder, path.basename(file), { allowOutside: true });
  const { format, csv } = trained.run.spec.data;
  const sameKind = path.extname(file) === path.extname(trained.run.spec.data.source?.train[0] ?? '');
  // What the spec says of its own source holds for a file of the same kind.
  const given = sameKind ? { format, csv } : {};
  const storage = storageOf(trained, options);
  return prepareOther(trained.preparation, source, given, purpose, storage);
}

/** For people: what of a pass did not run as the engine best can. */
export function inferenceWarnings({ inference, warnings }: Trained): readonly Text[] {
  const reason = inference.refusal();
  if (reason === undefined) return warnings;
  return [
    ...warnings,
    text(
      `Some batches ran operation by operation, not as a graph: ${reason.en}.`,
      `部分批次逐个运算执行，而非以计算图执行：${reason.zh}。`,
    ),
  ];
}
