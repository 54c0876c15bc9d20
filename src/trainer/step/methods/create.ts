/** From a spec's strategy to the way its steps are made. */
import { normLayers, representation } from '../../../plan/gradients.ts';
import type { Plan } from '../../../plan/plan.ts';
import type { UpdateRule } from '../../optimizers/contract.ts';
import { flowOf, type Flow } from '../../../weighting/flow.ts';
import { createStrategy } from '../../../weighting/table.ts';
import type { Learned, Strategy, StrategyContext } from '../../../weighting/contract.ts';
import { EntryMethod } from './entries.ts';
import { BatchesMethod } from './batches.ts';
import { GradientMethod, type GradientOptions } from './gradients.ts';
import { LossMethod } from './losses.ts';
import { BilevelMethod } from './bilevel.ts';
import { mainOptimizer, ownAdam, type LearnedStep } from './learned.ts';
import type { Method } from './method.ts';
import { blockNamer, layerProblem, problemsOf, segmentsBy } from './segments.ts';
import { sharedLayout, wholeOf } from '../passes/layout.ts';
import type { MethodContext } from './statistics.ts';
import type { GradientRequest, Statistic, StepExecutor } from '../contract.ts';

export interface MethodOptions {
  readonly plan: Plan;
  readonly context: MethodContext;
  readonly executor: StepExecutor;
  /** Of the main optimizer. */
  readonly rule: UpdateRule;
  readonly facts?: StrategyContext['facts'];
  /** The user's strategy, already loaded; absent: one that is built in. */
  readonly custom?: Strategy;
}

/**
 * The method of the spec's strategy.
 *
 * @throws RangeError when the model has nothing that the strategy could work on; the plan's problems tell that earlier
 */
export function createMethod(options: MethodOptions): Method {
  const { plan, context, executor, facts, custom } = options;
  const { strategy: spec } = plan.spec;
  const tasks = context.tasks.map((task) => task.name);
  const strategy = custom ?? createStrategy(spec, { tasks, ...(facts && { facts }) });
  const flow = flowOf(spec);
  if (strategy.needs === 'entries') {
    return new EntryMethod({ context, executor, strategy }, gradientOptions(options, flow, 'rows'));
  }
  const parts = { context, executor, strategy };
  const { needs, lookahead } = strategy;
  const learn = learnedStep(options, strategy.learned);
  if (lookahead) return new BilevelMethod(parts, lookahead);
  if (needs === 'losses') return new LossMethod(parts, learn);
  if (needs === 'norms' || needs === 'gram')
    return new GradientMethod(parts, learn, gradientOptions(options, flow, needs, strategy.normsOf));
  if (needs === 'cross-gram') return new BatchesMethod(parts, gradientOptions(options, flow, 'norms'));
  throw new RangeError(`The strategy "${spec.name}" asks for "${needs}" and does not say how it looks ahead.`);
}

function learnedStep({ rule }: MethodOptions, learned: Learned | undefined): LearnedStep {
  return learned?.learningRate === undefined ? mainOptimizer(rule) : ownAdam(learned.learningRate);
}

/** @param normsOf the layer whose norms are measured, where they are not those of all shared parameters */
function gradientOptions(
  { plan, context }: MethodOptions,
  flow: Flow,
  statistic: Statistic,
  normsOf?: Strategy['normsOf'],
): GradientOptions {
  const layout = sharedLayout(context.model);
  if (layout.size === 0) {
    throw new RangeError(
      'No parameter is reached by two task losses, so a strategy on gradients has nothing to work on. Share a block, or take a strategy on losses.',
    );
  }
  const through = flow.over === 'representation' ? representation(plan) : null;
  if (through !== null) {
    const problems = [{ name: '', measured: [0], weighed: [0] }];
    const request = { statistic, layout, segments: wholeOf(layout), updateStatistics: true };
    return {
      request: { ...request, representation: { block: through, inner: flow.inner } },
      heads: flow.heads,
      problems,
    };
  }
  const requestOf = (segments: GradientRequest['segments']): GradientRequest => ({
    ...{ statistic, layout, segments },
    updateStatistics: true,
  });
  if (normsOf) {
    const { segments, problems } = layerProblem(layout, layersOf(plan, normsOf.block));
    return { request: requestOf(segments), heads: flow.heads, problems };
  }
  const segments = flow.per === 'block' ? segmentsBy(layout, blockNamer(plan)) : wholeOf(layout);
  return { request: requestOf(segments), heads: flow.heads, problems: problemsOf(segments) };
}

function layersOf(plan: Plan, block: string | undefined): ReadonlySet<string> {
  const layers = normLayers(plan, block);
  if (!layers) throw new RangeError('The layer whose gradient norms GradNorm takes is not unique.');
  return new Set(layers);
}
