/** One training at work: the state between two steps and what happens in a step, an epoch, a checkpoint. */
import { text, type Text } from '../../common/text.ts';
import type { SplitName } from '../../plan/index.ts';
import type { EventInput } from '../../runs/events.ts';
import { writeCheckpoint, writeModel } from '../../runs/checkpoints.ts';
import type { EventWriter } from '../../runs/writer.ts';
import { tellAverages } from './averages.ts';
import type { LoadedBatch } from '../prepare/load-batch.ts';
import { slowText } from '../../samples/stream/texts.ts';
import {
  CheckpointError,
  encodeCheckpoint,
  refuseForeign,
  restoreSnapshot,
  snapshot,
  type CheckpointIdentity,
  type Snapshot,
  type TrainingState,
} from '../state/checkpoint.ts';
import { evaluateSplit } from './evaluate-split.ts';
import { expectedWork } from './expected-work.ts';
import { Judge, leftOutText } from './judge.ts';
import { modelFiles } from '../output/model-files.ts';
import type { ValidationNumbers } from '../state/monitor.ts';
import { createOptimizer, type Optimizer } from '../optimizers/optimizer.ts';
import { scheduleFactor } from '../optimizers/schedules.ts';
import { freshProgress, isDue, type Progress } from '../state/progress.ts';
import { splitRecord } from '../output/records.ts';
import { StepReporter } from '../output/step-records.ts';
import type { Prepared } from '../prepare/prepare.ts';
import { readState, stateJson, type MethodState } from '../step/methods/method.ts';
import { countProblem } from '../step/methods/solver-reports.ts';
import { gradientsRecord, measure, measuringInterval, runStep, type StepResult } from '../step/methods/run.ts';
import type { At } from '../step/methods/statistics.ts';
import type { Part, StepInput } from '../step/contract.ts';
import { assumedText } from '../baselines/facts.ts';
import type { ToldWarning, WarningAbout } from './warnings.ts';
import { metricWarnings, notFinite, refuseBroken, tellOnce, warningFields, warningOf } from './warnings.ts';
import { Watching } from './observers.ts';
import { StepBatches } from './step-batches.ts';
import { makeSteps, type ExecutorFactory, type Steps } from './make-steps.ts';
import { Sums, type PassResult } from '../state/totals.ts';
import type { Memory, Strategy } from '../../weighting/contract.ts';

export interface TrainingOptions {
  readonly prepared: Prepared;
  readonly directory: string;
  readonly writer: EventWriter;
  readonly identity: CheckpointIdentity;
  /** What computes the steps; eager by default. */
  readonly executor?: ExecutorFactory;
  /** The user's own strategy, where the spec names a module. */
  readonly strategy?: Strategy;
}

export class Training {
  readonly prepared: Prepared;
  readonly optimizer: Optimizer;
  readonly judge: Judge;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly epochs: number;
  progress: Progress;
  best: Snapshot | null = null;
  readonly #options: TrainingOptions;
  readonly #steps: Steps;
  readonly #watching: Watching;
  readonly #batches: StepBatches;
  readonly #interval: number;
  #memory: Memory<Float32Array>;
  readonly #reporter: StepReporter;
  #sums: Sums;
  #epochBegan = performance.now();
  readonly #began = performance.now();
  #lastObjective = 0;
  #waitsTold = false;

  constructor(options: TrainingOptions) {
    const { spec, model, tasks } = options.prepared;
    const { training } = spec;
    this.#options = options;
    this.prepared = options.prepared;
    this.optimizer = createOptimizer(model.variables, training);
    this.#steps = makeSteps({ ...options, optimizer: this.optimizer });
    this.#watching = new Watching({ ...options, steps: this.#steps, optimizer: this.optimizer });
    this.#batches = new StepBatches(options.prepared, this.#steps.method);
    this.stepsPerEpoch = this.#batches.stepsPerEpoch;
    this.totalSteps = training.steps ?? (training.epochs ?? 1) * this.stepsPerEpoch;
    this.epochs = Math.ceil(this.totalSteps / this.stepsPerEpoch);
    model.setSchedule(this.stepsPerEpoch, this.epochs);
    const { method, executor } = this.#steps;
    const fresh = method.initialState();
    this.#interval = measuringInterval(this.totalSteps, method.paysForGradients);
    executor.expect?.(expectedWork(this.prepared, this.totalSteps, this.epochs, this.#interval));
    this.#memory = fresh.memory;
    this.progress = freshProgress(stateJson(fresh));
    this.judge = new Judge(options.prepared);
    this.#sums = new Sums(tasks, 'trained');
    this.#reporter = new StepReporter(
      tasks.map((task) => task.name),
      spec.weights,
      (record) => options.writer.append(record),
    );
  }

  /** No step is left, or early stopping has spoken. */
  isDone(): boolean {
    return this.progress.stoppedEarly || this.progress.step >= this.totalSteps;
  }

  /**
   * Puts a restored state in place; weights and optimizer have been restored already.
   *
   * @throws CheckpointError when its sums are of other metrics
   */
  continueFrom({ progress, best, memory }: TrainingState): void {
    this.progress = progress;
    this.best = best;
    refuseForeign(this.#steps.method, memory);
    this.#memory = memory;
    if (progress.watched !== null) this.#watching.restore(progress.watched);
    this.#steps.executor.push();
    if (!progress.sums) return;
    try {
      this.#sums.restore(progress.sums);
    } catch (error) {
      throw new CheckpointError(error instanceof Error ? error.message : String(error));
    }
  }

  /** Seconds of training, earlier attempts included. */
  get seconds(): number {
    return this.progress.seconds + (performance.now() - this.#began) / 1000;
  }

  /** The batches of the running epoch that are still to come, grouped into steps. */
  steps(): Generator<readonly Int32Array[]> {
    return this.#batches.of(this.progress.epoch, this.progress.stepInEpoch);
  }

  /** Computes the next step without any effect on this training; whoever computes it may build graphs from it. */
  tryStep(): void {
    for (const positions of this.steps()) {
      const batches = this.#batches.load(positions);
      const at = this.#at();
      const state = readState(this.progress.strategy, this.#memory);
      runStep(this.#steps.context, this.#steps.method, { batches, step: at.step }, at, state);
      for (const batch of batches) batch.dispose();
      return;
    }
  }

  step(positions: readonly Int32Array[]): void {
    const { progress } = this;
    const batches = this.#batches.load(positions);
    const { method, context } = this.#steps;
    const at = this.#at();
    const input: StepInput = { batches, step: at.step };
    this.#watching.before(input, at.learningRate);
    const own = at.measured && !method.paysForGradients ? measure(this.#steps, input) : null;
    const result = runStep(context, method, input, at, readState(progress.strategy, this.#memory));
    const measured = own ?? result.measured;
    const observed = this.#watching.after(input, at, result, measured);
    this.#addToSums(batches, result.parts);
    if (result.parts.some((part) => part !== null)) this.#lastObjective = result.objective;
    for (const batch of batches) batch.dispose();
    this.#remember(result.state);
    for (const { name, message } of notFinite(this.prepared.tasks, result.losses))
      this.warn('loss-not-finite', message, { task: name });
    this.#tellStep(at, { ...result, measured, problems: [...result.problems, ...observed.problems] }, observed.weights);
  }

  #at(): At {
    const { step, epoch } = this.progress;
    const measured = this.prepared.tasks.length > 1 && step % this.#interval === 0;
    return { step, epoch: epoch - 1, learningRate: this.#learningRate(), measured };
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

  #tellStep(
    { learningRate, measured: due }: At,
    result: StepResult,
    observed: ReadonlyMap<string, readonly number[]>,
  ): void {
    const { step, epoch, stepInEpoch } = this.progress;
    for (const problem of result.problems) {
      const { told, counts } = countProblem(this.progress.problems, problem);
      this.progress = { ...this.progress, problems: counts };
      if (told) this.warn('strategy-solver', text(told, told));
    }
    const lastOfEpoch = stepInEpoch === this.stepsPerEpoch || this.isDone();
    this.#reporter.add({ ...{ step, epoch, learningRate }, lastOfEpoch }, result);
    if (due && result.measured) this.#append(gradientsRecord(this.#steps.context, step, result.measured, observed));
  }

  #learningRate(): number {
    const { learningRate, schedule } = this.prepared.spec.training;
    const place = { step: this.progress.step, totalSteps: this.totalSteps, stepsPerEpoch: this.stepsPerEpoch };
    return learningRate * scheduleFactor(schedule, place, this.progress.plateau);
  }

  #addToSums(batches: readonly LoadedBatch[], parts: readonly (Part | null)[]): void {
    batches.forEach((batch, index) => {
      const part = parts[index];
      if (part) this.#sums.add(batch, part.losses, part.predictions);
    });
  }

  /**
   * Ends the running epoch: evaluates, tells, selects; early stopping makes the training `done`.
   *
   * @throws TrainingError `diverged` when the parameters are no longer finite numbers
   */
  endEpoch(): void {
    const { data, tasks, spec } = this.prepared;
    const { epoch } = this.progress;
    const train = this.#sums.result();
    const due = isDue(spec.training.evaluateEvery, epoch, this.progress) || this.isDone();
    const validation = due && data.splits.validation.n > 0 ? this.evaluate('validation') : null;
    const judged = validation ? this.judge.numbersOf(validation) : null;
    this.#append({
      kind: 'epoch',
      epoch,
      train: splitRecord(train),
      validation: judged ? { ...splitRecord(judged), total: judged.total, skill: judged.skill } : null,
      seconds: Math.round(performance.now() - this.#epochBegan) / 1000,
    });
    this.tellMetricWarnings(train, 'train', 'weighted');
    if (validation) this.tellMetricWarnings(validation, 'validation');
    if (validation) tellAverages(this);
    this.#tellWaits();
    this.#refuseDivergence();
    this.#endStrategyEpoch(train);
    const stop = judged ? this.#decide(epoch, judged) : false;
    this.progress = { ...this.progress, epoch: epoch + 1, stepInEpoch: 0, sums: null, stoppedEarly: stop };
    this.#sums = new Sums(tasks, 'trained');
    this.#epochBegan = performance.now();
  }

  /** Losses and metrics of a split with the weights of now. */
  evaluate(split: SplitName): PassResult {
    const { data, model, tasks } = this.prepared;
    const infer = this.#steps.executor.infer?.bind(this.#steps.executor);
    return evaluateSplit(model, tasks, data.splits[split], infer);
  }

  #endStrategyEpoch({ losses }: PassResult): void {
    const known = [...losses].flatMap(([task, loss]) => (loss === null ? [] : [{ task, loss }]));
    const names = known.map(({ task }) => task);
    const means = known.map(({ loss }) => loss);
    const state = this.#steps.method.afterEpoch(names, means, readState(this.progress.strategy, this.#memory));
    this.progress = { ...this.progress, strategy: stateJson(state) };
    const affinity = this.#watching.endEpoch(names, means, this.progress.step);
    if (affinity) this.#append(affinity);
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

  #decide(epoch: number, numbers: ValidationNumbers): boolean {
    const { best, stop, ...state } = this.judge.decide(this.progress, epoch, numbers);
    this.progress = { ...this.progress, ...state };
    if (best !== null) {
      this.#steps.executor.pull();
      this.best = snapshot(this.prepared.model);
      this.#append({ kind: 'best', epoch, monitor: this.judge.monitor.text, value: best });
    }
    return stop;
  }

  /** A checkpoint that a resumed run continues from exactly here, and the model as it would be reported now. */
  async checkpoint(): Promise<void> {
    const { directory, writer, identity } = this.#options;
    this.#steps.executor.pull();
    this.#reporter.flush();
    const midEpoch = this.progress.stepInEpoch > 0;
    const progress: Progress = {
      ...this.progress,
      watched: this.#watching.state(),
      seconds: this.seconds,
      sums: midEpoch ? this.#sums.state() : null,
    };
    const state = { progress, best: this.best, memory: this.#memory };
    const files = encodeCheckpoint(this.prepared.model, this.optimizer, state, identity);
    writer.sync();
    const { keep } = this.prepared.spec.training.checkpoint;
    const { step, path, bytes } = writeCheckpoint(directory, progress.step, files, { keep });
    this.#append({ kind: 'checkpoint', step, path, bytes });
    await this.saveModel();
  }

  /** Writes `model/` with the weights that the spec's `report` asks for, leaving the running weights as they are. */
  async saveModel(): Promise<void> {
    const { model } = this.prepared;
    this.#steps.executor.pull();
    const running = snapshot(model);
    this.takeReported();
    writeModel(this.#options.directory, await modelFiles(this.prepared));
    restoreSnapshot(model, running);
    this.#steps.executor.push();
  }

  /** Puts the weights that are reported into the model: the best epoch's, or the last. */
  takeReported(): void {
    this.#steps.executor.pull();
    if (this.judge.keepsBest && this.best) restoreSnapshot(this.prepared.model, this.best);
    this.#steps.executor.push();
  }

  /** Tells which facts behind the weights are assumptions. */
  tellAssumptions(): void {
    for (const [task, { assumed }] of Object.entries(this.#steps.facts)) {
      if (assumed) this.warn('complexity-unknown', assumedText(task), { task });
    }
  }

  /** Tells, before the first step, what is known of the choice of the best epoch. */
  tellSelection(): void {
    this.#tellNoBest(this.judge.whyNoBest());
    const left = this.prepared.tasks.length > 1 ? this.judge.leftOut() : [];
    if (left.length > 0) this.warn('skill-partial', leftOutText(left));
  }

  /** Tells, after the last step, that no epoch was the best. */
  tellNoneWasBest(): void {
    this.#tellNoBest(this.judge.whyNoneWasBest(this.progress));
  }

  #tellNoBest(why: Text | null): void {
    if (why) this.warn('no-best', why, { about: 'no-best' });
  }

  /** Writes the steps gathered so far: before a pause. */
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

  #append(body: EventInput): void {
    this.#options.writer.append(body);
  }

  /** Tells a warning once in the life of the run: the first with this code, task and `about` (the message itself if none). */
  warn(code: string, message: Text, about: WarningAbout = {}): void {
    const told = tellOnce(this.progress.warned, code, message, about);
    if (!told) return;
    this.progress = { ...this.progress, warned: told.warned };
    this.#append({ kind: 'warning', ...told.fields });
  }

  /** All warnings told so far, in order. */
  warnings(): ToldWarning[] {
    return this.progress.warned.map(warningOf);
  }

  /**
   * What the metrics of a split have to say. Once each: the counts in the words may differ from epoch to epoch. That a task
   * has no label there has been told with the data.
   */
  tellMetricWarnings(pass: PassResult, split: SplitName, counted: 'labelled' | 'weighted' = 'labelled'): void {
    const { labels } = this.prepared.data.facts;
    for (const { code, message, ...about } of metricWarnings(pass, split))
      if (labels?.get(about.task ?? '')?.[split][counted] !== 0) this.warn(code, message, about);
  }

  #refuseDivergence(): void {
    // The objective is that before the update: the very last one is judged by its parameters alone.
    if (Number.isFinite(this.#lastObjective) && this.progress.step < this.totalSteps) return;
    this.#steps.executor.pull();
    refuseBroken(this.prepared.model);
  }
}
