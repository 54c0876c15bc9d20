/** Everything that stands before the first step: data, plan, model, tasks, optimizer. Told as it happens. */
import type { Phase } from '../../common/phase.ts';
import { text, type Text } from '../../common/text.ts';
import { makePlan, memoryProblem, type Machine } from '../../plan/index.ts';
import type { Plan } from '../../plan/plan.ts';
import { seedOf, type Spec } from '../../spec/index.ts';
import { loadDataset, type Dataset } from '../../samples/dataset.ts';
import type { StorageOptions } from '../../samples/stream/storage.ts';
import { problemList, TrainingError } from '../errors.ts';
import type { FrozenRun } from './frozen-run.ts';
import { buildModel, type Model } from '../model/build.ts';
import { labeledTargets } from '../tasks/labels.ts';
import { countClasses, createTasks, type ClassCounts } from '../tasks/facts.ts';
import type { Task } from '../tasks/contract.ts';

export interface Prepared {
  readonly spec: Spec;
  readonly plan: Plan;
  readonly data: Dataset;
  readonly classCounts: ClassCounts;
  readonly tasks: readonly Task[];
  readonly model: Model;
  /** Why memory may not be enough. */
  readonly tight?: Text;
}

export type Tell = (phase: Phase, done: number, total: number) => void;

/**
 * Loads the data and builds the model of a spec.
 *
 * @param storage how much memory the data may take, and where they are put when they do not fit
 * @param machine what there is for the training: refuses what cannot fit, before anything is built
 * @throws TrainingError `invalid-spec` when the real data contradict the spec; `memory`; DataError; RangeError from a task
 */
export async function prepare(
  { spec, place }: FrozenRun,
  tell: Tell,
  storage: StorageOptions = {},
  machine?: Machine,
): Promise<Prepared> {
  const data = await loadDataset(spec, place, { progress: tell, ...storage });
  const plan = planFor(spec, data);
  const tight = machine ? memoryProblem(plan, machine, data.splits.train.n) : null;
  if (tight !== null && tight.verdict !== 'near') {
    data.close();
    throw new TrainingError('memory', tight.message);
  }
  tell('model', 0, 1);
  const classCounts = countClasses(data.preparation, data.splits.train);
  const tasks = createTasks(plan, data.preparation, classCounts);
  const headBias = new Map(
    tasks.flatMap((task) => {
      const target = data.splits.train.targets.get(task.name);
      const bias = target && task.headBias(labeledTargets(task.name, target));
      return bias ? [[task.name, bias] as const] : [];
    }),
  );
  const { conventions } = spec.training;
  const seeds = { seed: seedOf(spec.training, 'init'), stepSeed: seedOf(spec.training, 'dropout') };
  const model = buildModel(plan, { ...seeds, conventions, headBias });
  tell('model', 1, 1);
  return { spec, plan, data, classCounts, tasks, model, ...(tight ? { tight: tight.message } : {}) };
}

/** The plan with everything known of the data; its errors end the run before the first step. */
export function planFor(spec: Spec, data: Pick<Dataset, 'facts'>): Plan {
  const { plan, problems } = makePlan(spec, undefined, data.facts);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (plan && errors.length === 0) return plan;
  const list = problemList(errors);
  throw new TrainingError(
    'invalid-spec',
    text(
      `The data do not fit the spec. ${list.en} Correct the spec and start a new run.`,
      `数据与实验描述文件不符。${list.zh}请修改实验描述文件，并新建运行。`,
    ),
  );
}
