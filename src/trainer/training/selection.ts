/** Which weights a run reports: those of its best epoch, kept here as they were, or the last. */
import type { EventInput } from '../../runs/events.ts';
import type { Text } from '../../common/text.ts';
import type { Prepared } from '../prepare/prepare.ts';
import { restoreSnapshot, snapshot, type Snapshot } from '../state/checkpoint.ts';
import type { ValidationNumbers } from '../state/monitor.ts';
import type { Progress } from '../state/progress.ts';
import type { StepExecutor } from '../step/contract.ts';
import { Judge, leftOutText, type Decision } from './judge.ts';
import type { Warn } from './warnings.ts';

export interface SelectionOptions {
  readonly prepared: Prepared;
  /** Where the running weights are. */
  readonly executor: Pick<StepExecutor, 'pull' | 'push'>;
  readonly append: (record: EventInput) => void;
  readonly warn: Warn;
}

export class Selection {
  readonly judge: Judge;
  /** Weights of the best epoch so far. */
  best: Snapshot | null = null;
  readonly #options: SelectionOptions;

  constructor(options: SelectionOptions) {
    this.#options = options;
    this.judge = new Judge(options.prepared);
  }

  /** What an evaluation decides; keeps the weights where it is the best so far. */
  decide(progress: Pick<Progress, 'selection' | 'plateau'>, epoch: number, numbers: ValidationNumbers): Decision {
    const { executor, prepared, append } = this.#options;
    const decision = this.judge.decide(progress, epoch, numbers);
    if (decision.best === null) return decision;
    executor.pull();
    this.best = snapshot(prepared.model);
    append({ kind: 'best', epoch, monitor: this.judge.monitor.text, value: decision.best });
    return decision;
  }

  /** Puts the weights that are reported into the model. */
  takeReported(): void {
    const { executor, prepared } = this.#options;
    executor.pull();
    if (this.judge.keepsBest && this.best) restoreSnapshot(prepared.model, this.best);
    executor.push();
  }

  /** Runs with the weights that are reported in the model, and puts the running ones back. */
  async withReported(work: () => Promise<void>): Promise<void> {
    const { executor, prepared } = this.#options;
    executor.pull();
    const running = snapshot(prepared.model);
    this.takeReported();
    await work();
    restoreSnapshot(prepared.model, running);
    executor.push();
  }

  /** Tells, before the first step, what is known of the choice of the best epoch. */
  tellBefore(): void {
    const { prepared, warn } = this.#options;
    this.#tellNoBest(this.judge.whyNoBest());
    const left = prepared.tasks.length > 1 ? this.judge.leftOut() : [];
    if (left.length > 0) warn('skill-partial', leftOutText(left));
  }

  /** Tells, after the last step, that no epoch was the best. */
  tellAfter(progress: Pick<Progress, 'selection'>): void {
    this.#tellNoBest(this.judge.whyNoneWasBest(progress));
  }

  #tellNoBest(why: Text | null): void {
    if (why) this.#options.warn('no-best', why, { about: 'no-best' });
  }
}
