/** The steps of a run: executor and method made from what was prepared. */
import { innermost, seedOf, traitsOf } from '../../spec/index.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { BatchTarget } from '../../samples/gather.ts';
import { factNeeds, strategyFacts } from '../baselines/facts.ts';
import { performanceOf } from '../baselines/performance.ts';
import type { Prepared } from '../prepare/prepare.ts';
import { createMethod } from '../step/methods/create.ts';
import type { ExecutorFactory } from '../step/executors/contract.ts';
import { eagerExecutor } from '../step/executors/eager/executor.ts';
import type { Method } from '../step/methods/method.ts';
import { sharedBlocks, type SharedBlocks } from '../step/methods/segments.ts';
import type { MethodContext } from '../step/methods/statistics.ts';
import type { Batch, Forward, StepExecutor } from '../step/contract.ts';
import { createUpdate } from '../step/passes/update.ts';
import type { Strategy, TaskFacts } from '../../weighting/contract.ts';

export interface StepsOptions {
  readonly prepared: Prepared;
  readonly optimizer: Optimizer;
  /** Makes what computes the steps; eager by default. */
  readonly executor?: ExecutorFactory;
  /** The user's own strategy, where the spec names a module. */
  readonly strategy?: Strategy;
}

export interface Steps {
  readonly context: MethodContext;
  readonly executor: StepExecutor;
  readonly method: Method;
  /** The shared parameters by block. */
  readonly shared: SharedBlocks;
  /** What is known of the tasks, as far as a strategy wants to know it. */
  readonly facts: Readonly<Record<string, TaskFacts>>;
}

/** @throws TrainingError where the strategy wants a fact of a task that cannot be had */
export function makeSteps({ prepared, optimizer, executor = eagerExecutor, strategy }: StepsOptions): Steps {
  const { spec, plan, model, tasks } = prepared;
  const { training } = spec;
  const facts = strategyFacts(prepared, factNeeds(spec.strategy));
  const context: MethodContext = {
    model,
    reduction: training.reduction,
    seed: seedOf(training, 'dropout'),
    tasks: tasks.map((task) => ({
      name: task.name,
      loss: task.loss,
      answers: (raw) => task.answers(raw),
      weight: spec.weights.get(task.name) ?? 1,
    })),
    ...(traitsOf(innermost(spec.strategy)).measuresPerformance && {
      performance: measurePerformance(prepared, facts),
    }),
  };
  const update = createUpdate(model, { ...training, optimizer, clipNorm: training.clipNorm });
  const made = executor(context, update);
  const method = createMethod({
    ...{ plan, context, facts },
    executor: made,
    rule: optimizer.rule,
    ...(strategy ? { custom: strategy } : {}),
  });
  const names = tasks.map(({ name }) => name);
  return { context, executor: made, method, shared: sharedBlocks(model, plan, names), facts };
}

/** Labels as numbers, which batches of the loader carry beside their tensors. */
type Labeled = Batch & { readonly labels?: readonly (BatchTarget | null)[] };

/** κ of each task on the batches of a step (conventions 5). */
function measurePerformance(
  { tasks }: Prepared,
  facts: Readonly<Record<string, TaskFacts>>,
): NonNullable<MethodContext['performance']> {
  return ({ losses, parts }: Forward, batches: readonly Labeled[]) =>
    tasks.map((task, index) => {
      const metrics = task.newMetrics();
      batches.forEach(({ labels }, place) => {
        const label = labels?.[index];
        const answers = parts[place]?.answers[index];
        if (label && answers) metrics.update(answers, label.data, label.weight, label.present);
      });
      const loss = losses[index];
      return performanceOf({
        metric: task.primary.name,
        value: loss ? (metrics.result().values.get(task.primary.name) ?? null) : null,
        loss: loss ? loss.sum / loss.weight : null,
        constantLoss: facts[task.name]?.constantLoss ?? NaN,
      });
    });
}
