/** A finished run's model, ready to evaluate and predict: rebuilt from the frozen spec, with the saved weights. */
import * as path from 'node:path';
import { readTable } from '../data/formats.ts';
import { resolveInside } from '../data/paths.ts';
import type { Table } from '../data/table.ts';
import { runtimeFolder } from '../runtime/layout.ts';
import { neededColumns, type Preparation } from './batches/preparation.ts';
import { openEngine } from './engine/open.ts';
import type { Engine } from './engine/types.ts';
import { buildModel, type Model } from './model/build.ts';
import { factsOf, loadWeights, readPreprocessing } from './model-files.ts';
import { planFor, readRun, type FrozenRun } from './setup.ts';
import { createTasks } from './task-facts.ts';
import type { Task } from './tasks/types.ts';

export interface PlaceOptions {
  /** Absolute folder that files may not leave. */
  readonly root: string;
  readonly allowOutside: boolean;
}

export interface Trained {
  readonly run: FrozenRun;
  readonly preparation: Preparation;
  readonly tasks: readonly Task[];
  readonly model: Model;
}

/**
 * Opens a run's model for the time of one piece of work.
 *
 * @throws TrainingError `no-model`, RunError for a directory that is no run
 */
export async function withTrained<T>(
  directory: string,
  options: PlaceOptions,
  work: (trained: Trained) => Promise<T>,
): Promise<T> {
  const run = readRun(directory, { root: path.relative(directory, options.root), allowOutside: options.allowOutside });
  const file = readPreprocessing(directory);
  const plan = planFor(run.spec, { facts: factsOf(file) });
  const tasks = createTasks(plan, file.preparation, new Map(file.classCounts));
  let engine: Engine | undefined;
  let model: Model | undefined;
  try {
    engine = await openEngine(run.spec.training.engine, {
      assetsDirectory: assetsDirectory(),
      runtimeFolder: runtimeFolder(),
    });
    const { seed, conventions } = run.spec.training;
    model = buildModel(plan, { seed, conventions });
    loadWeights(model, file.folder);
    return await work({ run, preparation: file.preparation, tasks, model });
  } finally {
    model?.dispose();
    engine?.dispose();
  }
}

/** The bundle's own folder holds the engine's binaries. */
function assetsDirectory(): string {
  return typeof __dirname === 'string' ? __dirname : path.dirname(process.argv[1] ?? '');
}

/** Reads another table with the columns that the model needs. */
export async function readOther(
  trained: Trained,
  file: string,
  options: PlaceOptions,
  labels: boolean,
): Promise<Table> {
  // The person named this very file: where it lies is not a stranger's choice. It is still an ordinary file only.
  const folder = path.dirname(file);
  const source = await resolveInside(options.root, folder, path.basename(file), { allowOutside: true });
  const { format, csv } = trained.run.spec.data;
  const sameKind = path.extname(file) === path.extname(trained.run.spec.data.source?.train[0] ?? '');
  return readTable(source, {
    // What the spec says of its own source holds for a file of the same kind.
    ...(sameKind ? { format, csv } : {}),
    columns: neededColumns(trained.preparation, labels),
  });
}
