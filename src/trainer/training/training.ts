/** One run at work: the state between two steps, and what happens in a step and at the end of an epoch. */
import { textOfError } from '../../common/told-error.ts';
import type { Text } from '../../common/text.ts';
import type { SplitName } from '../../plan/index.ts';
import type { EventInput } from '../../runs/events.ts';
import { tellAverages } from './averages.ts';
import type { LoadedBatch } from '../prepare/load-batch.ts';
import { slowText } from '../../samples/stream/texts.ts';
import { CheckpointError } from '../errors.ts';
import { refuseForeign, type TrainingState } from '../state/checkpoint.ts';
import { evaluateSplit } from './evaluate-split.ts';
import { expectedWork } from './expected-work.ts';
import type { ValidationNumbers } from '../state/monitor.ts';
import { createOptimizer, type Optimizer } from '../optimizers/optimizer.ts';
import { scheduleFactor } from '../optimizers/schedules.ts';
import { freshProgress, isDue, type Running } from '../state/progress.ts';
import { splitRecord } from '../output/records.ts';
import { StepReporter } from '../output/step-records.ts';
import type { Prepared } from '../prepare/prepare.ts';
import { readState, stateJson, type Measured, type MethodState } from '../step/methods/method.ts';
import { countProblem } from '../step/methods/solver-reports.ts';
import {
  blockInterval,
  gradientsRecord,
  measure,
  measuringInterval,
  runStep,
  type StepResult,
} from '../step/methods/run.ts';
import type { StepPlace } from '../step/methods/statistics.ts';
import type { Part, StepInput } from '../step/contract.ts';
import type { ExecutorFactory } from '../step/executors/contract.ts';
import { refuseDiverged, warnOfLosses } from './divergence.ts';
import { warnOfMetrics } from './metric-warnings.ts';
import { Observers } from './observers.ts';
import { Selection } from './selection.ts';
import { StepBatches } from './step-batches.ts';
import { makeSteps, type Steps } from './make-steps.ts';
import { Totals, type PassResult } from '../state/totals.ts';
import type { Memory, Strategy } from '../../weighting/contract.ts';
import { warningFields, type Warnings } from './warnings.ts';

export interface TrainingOptions {
  readonly prepared: Prepared;
  /** Writes a record of the run. */
  readonly append: (record: EventInput) => void;
  readonly warnings: Warnings;
  /** What computes the steps; eager by default. */
  readonly executor?: ExecutorFactory;
  /** The user's own strategy, where the spec names a module. */
  readonly strategy?: Strategy;
}

export class Training {
  readonly prepared: Prepared;
  readonly optimizer: Optimizer;
  readonly warnings: Warnings;
  readonly selection: Selection;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly epochs: number;
  progress: Running;
  readonly #append: (record: EventInput) => void;
  readonly #steps: Steps;
  readonly #observers: Observers;
  readonly #batches: StepBatches;
  readonly #interval: number;
  readonly #reporter: StepReporter;
  #memory: Memory<Float32Array>;
  #totals: Totals;
  #epochBegan = performance.now();
  readonly #began = performance.now();
  #secondsBefore = 0;
  #lastObjective = 0;
  #waitsTold = false;

  constructor(options: TrainingOptions) {
    const { prepared, append, warnings } = options;
    const { spec, model, tasks } = prepared;
    const { training } = spec;
    this.prepared = prepared;
    this.warnings = warnings;
    this.#append = append;
    this.optimizer = createOptimizer(model.variables, training);
    this.#steps = makeSteps({ ...options, optimizer: this.optimizer });
    const { method, executor } = this.#steps;
    this.#observers = new Observers({ prepared, steps: this.#steps, optimizer: this.optimizer });
    this.#batches = new StepBatches(prepared, method);
    this.stepsPerEpoch = this.#batches.stepsPerEpoch;
    this.totalSteps = training.steps ?? (training.epochs ?? 1) * this.stepsPerEpoch;
    this.epochs = Math.ceil(this.totalSteps / this.stepsPerEpoch);
    model.setSchedule(this.stepsPerEpoch, this.epochs);
    this.#interval = measuringInterval(this.totalSteps, method.paysForGradients);
    const beside = method.paysForGradients ? blockInterval(this.#interval) : this.#interval;
    executor.expect?.(expectedWork(prepared, this.totalSteps, this.epochs, beside));
    this.selection = new Selection({ prepared, executor, append, warn: warnings.warn });
    const fresh = method.initialState();
    this.#memory = fresh.memory;
    this.progress = freshProgress(stateJson(fresh));
    this.#totals = new Totals(tasks, 'trained');
    const names = tasks.map((task) => task.name);
    this.#reporter = new StepReporter(names, spec.weights, append);
  }

  /** What is known of the tasks, as far as the strategy wants to know it. */
  get facts(): Steps['facts'] {
    return this.#steps.facts;
  }

  /** No step is left, or early stopping has spoken. */
  isDone(): boolean {
    return this.progress.stoppedEarly || this.progress.step >= this.totalSteps;
  }

  /** Seconds of training, earlier attempts included. */
  get seconds(): number {
    return this.#secondsBefore + (performance.now() - this.#began) / 1000;
  }

  /** What the method keeps now. */
  get method(): Pick<TrainingState, 'memory'> & Pick<Running, 'strategy'> {
    return { strategy: this.progress.strategy, memory: this.#memory };
  }

  /** All that a checkpoint holds beside weights and slots, which are brought up to date in their variables. */
  state(): TrainingState {
    this.pull();
    this.flush();
    const midEpoch = this.progress.stepInEpoch > 0;
    return {
      progress: {
        ...this.progress,
        watched: this.#observers.state(),
        seconds: this.seconds,
        sums: midEpoch ? this.#totals.state() : null,
        warned: this.warnings.state(),
      },
      best: this.selection.best,
      memory: this.#memory,
    };
  }

  /**
   * Puts a restored state in place; weights and optimizer have been restored already.
   *
   * @throws CheckpointError when its sums are of other metrics
   */
  continueFrom({ progress, best, memory }: TrainingState): void {
    const { sums, watched, seconds, warned, ...running } = progress;
    this.progress = running;
    this.#secondsBefore = seconds;
    this.warnings.restore(warned);
    this.selection.best = best;
    refuseForeign(this.#steps.method, memory);
    this.#memory = memory;
    if (watched !== null) this.#observers.restore(watched);
    this.#steps.executor.push();
    if (!sums) return;
    try {
      this.#totals.restore(sums);
    } catch (error) {
      throw new CheckpointError(textOfError(error));
    }
  }

  /** The batches of the running epoch that are still to come, grouped into steps. */
  steps(): Generator<readonly Int32Array[]> {
    return this.#batches.of(this.progress.epoch, this.progress.stepInEpoch);
  }

  /** Computes the next step without any effect on this run; whoever computes it may build graphs from it. */
  tryStep(): void {
    for (const positions of this.steps()) {
      const batches = this.#batches.load(positions);
      const at = this.#place();
      const state = readState(this.progress.strategy, this.#memory);
      runStep(this.#steps.context, this.#steps.method, { batches, step: at.step }, at, state);
      for (const batch of batches) batch.dispose();
      return;
    }
  }

  step(positions: readonly Int32Array[]): void {
    const batches = this.#batches.load(positions);
    const { method, context } = this.#steps;
    const at = this.#place();
    const input: StepInput = { batches, step: at.step };
    this.#observers.before(input, at.learningRate);
    const beside = at.measured ? this.#measureBeside(input) : null;
    const result = runStep(context, method, input, at, readState(this.progress.strategy, this.#memory));
    const measured = method.paysForGradients ? withBlocks(result.measured, beside) : (beside ?? result.measured);
    const observed = this.#observers.after(input, at, result, measured);
    this.#addToTotals(batches, result.parts);
    if (result.parts.some((part) => part !== null)) this.#lastObjective = result.objective;
    for (const batch of batches) batch.dispose();
    this.#remember(result.state);
    warnOfLosses(this.warnings.warn, this.prepared.tasks, result.losses);
    this.#tellProblems([...result.problems, ...observed.problems]);
    this.#tellStep(at, { ...result, measured }, observed.weights);
  }

  /** What a record tells that the step itself does not compute: gradients, or those of each block. */
  #measureBeside(input: StepInput): Measured | null {
    const { method, shared } = this.#steps;
    if (!method.paysForGradients) return measure(this.#steps, input);
    const several = method.batches > 1 || method.halves === true;
    const due = shared.blocks.length > 1 && !several && input.step % blockInterval(this.#interval) === 0;
    return due ? measure(this.#steps, input) : null;
  }

  #place(): StepPlace {
    const { step, epoch } = this.progress;
    const measured = this.prepared.tasks.length > 1 && step % this.#interval === 0;
    return { step, epoch: epoch - 1, learningRate: this.#learningRate(), measured };
  }

  #learningRate(): number {
    const { learningRate, schedule } = this.prepared.spec.training;
    const place = { step: this.progress.step, totalSteps: this.totalSteps, stepsPerEpoch: this.stepsPerEpoch };
    return learningRate * scheduleFactor(schedule, place, this.progress.plateau);
  }

  #addToTotals(batches: readonly LoadedBatch[], parts: readonly (Part | null)[]): void {
    batches.forEach((batch, index) => {
      const part = parts[index];
      if (part) this.#totals.add(batch, part.losses, part.answers);
    });
  }

  #remember(state: MethodState): void {
    const { progress } = this;
    this.#memory = state.memory;
    this.progress = {
      ...progress,
      step: progress.step + 1,
      stepInEpoch: progress.stepInEpoch + 1,
      strategy: stateJson(state),
    };
  }

  #tellProblems(problems: readonly Text[]): void {
    for (const problem of problems) {
      const { told, counts } = countProblem(this.progress.problems, problem);
      this.progress = { ...this.progress, problems: counts };
      if (told) this.warnings.warn('strategy-solver', told);
    }
  }

  #tellStep(
    { learningRate, measured: due }: StepPlace,
    result: StepResult,
    observed: ReadonlyMap<string, readonly number[]>,
  ): void {
    const { step, epoch, stepInEpoch } = this.progress;
    const lastOfEpoch = stepInEpoch === this.stepsPerEpoch || this.isDone();
    this.#reporter.add({ ...{ step, epoch, learningRate }, lastOfEpoch }, result);
    if (due && result.measured) this.#append(gradientsRecord(this.#steps.context, step, result.measured, observed));
  }

  /**
   * Ends the running epoch: evaluates, tells, selects; early stopping makes the training `done`.
   *
   * @throws TrainingError `diverged` when the parameters are no longer finite numbers
   */
  endEpoch(): void {
    const { epoch } = this.progress;
    const train = this.#totals.result();
    const validation = this.#isEvaluationDue() ? this.evaluate('validation') : null;
    const judged = validation && this.selection.judge.numbersOf(validation);
    this.#tellEpoch(train, judged);
    this.tellMetrics(train, 'train', 'weighted');
    if (validation) {
      this.tellMetrics(validation, 'validation');
      tellAverages(this);
    }
    this.#tellWaits();
    this.#refuseDivergence();
    this.#endStrategyEpoch(train);
    const stop = judged ? this.#decide(epoch, judged) : false;
    this.progress = { ...this.progress, epoch: epoch + 1, stepInEpoch: 0, stoppedEarly: stop };
    this.#totals = new Totals(this.prepared.tasks, 'trained');
    this.#epochBegan = performance.now();
  }

  #isEvaluationDue(): boolean {
    const { data, spec } = this.prepared;
    const due = isDue(spec.training.evaluateEvery, this.progress.epoch, this.progress) || this.isDone();
    return due && data.splits.validation.n > 0;
  }

  /** Losses and metrics of a split with the weights of now. */
  evaluate(split: SplitName): PassResult {
    const { data, model, tasks } = this.prepared;
    const infer = this.#steps.executor.infer?.bind(this.#steps.executor);
    return evaluateSplit(model, tasks, data.splits[split], infer);
  }

  #tellEpoch(train: PassResult, judged: ValidationNumbers | null): void {
    this.#append({
      kind: 'epoch',
      epoch: this.progress.epoch,
      train: splitRecord(train),
      validation: judged ? { ...splitRecord(judged), total: judged.total, skill: judged.skill } : null,
      seconds: Math.round(performance.now() - this.#epochBegan) / 1000,
    });
  }

  /** Tells what the metrics of a split have to say. */
  tellMetrics(pass: PassResult, split: SplitName, counted?: 'labeled' | 'weighted'): void {
    warnOfMetrics(this.warnings.warn, this.prepared.data.facts.labels, pass, split, counted);
  }

  /** Once an attempt, and no part of the result: how fast a disk is says nothing about the model. */
  #tellWaits(): void {
    const message = this.#waitsTold
      ? null
      : slowText(this.prepared.data.waits(), (performance.now() - this.#began) / 1000);
    if (message === null) return;
    this.#waitsTold = true;
    this.#append({ kind: 'warning', ...warningFields({ code: 'data-wait', message }) });
  }

  #refuseDivergence(): void {
    // The objective is that before the update: the very last one is judged by its parameters alone.
    if (Number.isFinite(this.#lastObjective) && this.progress.step < this.totalSteps) return;
    this.pull();
    refuseDiverged(this.prepared.model);
  }

  #endStrategyEpoch({ losses }: PassResult): void {
    const known = [...losses].flatMap(([task, loss]) => (loss === null ? [] : [{ task, loss }]));
    const names = known.map(({ task }) => task);
    const means = known.map(({ loss }) => loss);
    const state = this.#steps.method.afterEpoch(names, means, readState(this.progress.strategy, this.#memory));
    this.progress = { ...this.progress, strategy: stateJson(state) };
    const affinity = this.#observers.endEpoch(names, means, this.progress.step);
    if (affinity) this.#append(affinity);
  }

  /** True where early stopping ends the training. */
  #decide(epoch: number, numbers: ValidationNumbers): boolean {
    const { selection, plateau, stop } = this.selection.decide(this.progress, epoch, numbers);
    this.progress = { ...this.progress, selection, plateau };
    return stop;
  }

  /** Writes the steps gathered so far: before a checkpoint or a pause. */
  flush(): void {
    this.#reporter.flush();
  }

  /** Brings weights and optimizer up to date in their variables, wherever the steps are computed. */
  pull(): void {
    this.#steps.executor.pull();
  }

  /** Frees what computes the steps; the model is the caller's. */
  dispose(): void {
    this.#steps.executor.dispose();
    this.optimizer.dispose();
  }
}

/** A step's own gradients, and what was measured of them by block. */
const withBlocks = (own: Measured | null, beside: Measured | null): Measured | null =>
  own !== null && beside?.blocks !== undefined ? { ...own, blocks: beside.blocks } : own;
