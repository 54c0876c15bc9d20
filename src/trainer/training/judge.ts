/**
 * What an evaluation on the validation split decides: the best epoch, early stopping, the drops of a plateau schedule. A
 * number over nothing has no value, and an evaluation without a value decides nothing (conventions 3).
 */
import { text, type Text } from '../../common/text.ts';
import { lastIsKept, noRows, whyWithoutValue } from '../../plan/index.ts';
import { defaultMonitor, isCounted, plateauMonitor } from '../../spec/index.ts';
import { TrainingError } from '../errors.ts';
import { directionOf, parseMonitor, select, type Monitor, type ValidationNumbers } from '../state/monitor.ts';
import { observePlateau } from '../optimizers/schedules.ts';
import type { Progress } from '../state/progress.ts';
import type { Prepared } from '../prepare/prepare.ts';
import { constantLosses, skillOf, totalOf, type ConstantLosses } from './scores.ts';
import type { PassResult } from '../state/totals.ts';

export interface Decision extends Pick<Progress, 'selection' | 'plateau'> {
  /** The value of the monitor where this epoch is the best so far. */
  readonly best: number | null;
  readonly stop: boolean;
}

export class Judge {
  readonly monitor: Monitor;
  readonly #prepared: Prepared;
  readonly #plateau: Monitor | null;
  #constants: ConstantLosses | null = null;

  constructor(prepared: Prepared) {
    const { spec, tasks } = prepared;
    const monitorOf = (written: string): Monitor => parseMonitor(written, (metric) => directionOf(tasks, metric));
    this.#prepared = prepared;
    this.monitor = monitorOf(defaultMonitor(spec));
    const drops = plateauMonitor(spec);
    this.#plateau = drops === undefined ? null : monitorOf(drops);
  }

  numbersOf(pass: PassResult): ValidationNumbers {
    const { weights } = this.#prepared.spec;
    return { ...pass, total: totalOf(pass, weights), skill: skillOf(pass, this.#constantLosses()) };
  }

  decide(
    { selection, plateau }: Pick<Progress, 'selection' | 'plateau'>,
    epoch: number,
    numbers: ValidationNumbers,
  ): Decision {
    const { earlyStopping, schedule } = this.#prepared.spec.training;
    const value = this.monitor.read(numbers);
    const { state, improved, stop } = select(selection, epoch, value, this.monitor, earlyStopping ?? null);
    const watched = this.#plateau;
    return {
      selection: state,
      plateau:
        schedule.name === 'plateau' && watched
          ? observePlateau(schedule, plateau, watched.read(numbers), watched.higherIsBetter)
          : plateau,
      best: improved ? value : null,
      stop,
    };
  }

  /**
   * Refuses what would wait for a number that can never come. What spec and labels tell has been refused with the plan.
   *
   * @throws TrainingError `monitor-without-value`
   */
  refuseBlind(): void {
    const { earlyStopping } = this.#prepared.spec.training;
    const waits = [...(earlyStopping ? [this.monitor] : []), ...(this.#plateau ? [this.#plateau] : [])];
    if (!waits.some((monitor) => monitor.text === skill) || this.#hasSkill()) return;
    throw new TrainingError(
      'monitor-without-value',
      text(
        `The training waits for ${skill}, which can never have a value: ${noSkill.en}. Watch validation/total or a metric instead.`,
        `训练所等待的 ${skill} 永远不会有值：${noSkill.zh}。请改为监视 validation/total 或某个指标。`,
      ),
    );
  }

  /** Whether the weights of the best epoch are what the run reports. */
  get keepsBest(): boolean {
    const { report, earlyStopping } = this.#prepared.spec.training;
    return report.type === 'best' && (earlyStopping?.restoreBest ?? true);
  }

  /** Why no epoch will be the best, as far as it is known before the first; null where one may be. */
  whyNoBest(): Text | null {
    const { spec, data } = this.#prepared;
    if (!this.keepsBest || data.splits.validation.n === 0) return null;
    const { text: monitor } = this.monitor;
    const why = whyWithoutValue(monitor, spec, data.facts.labels);
    if (why === noRows) return null;
    if (why !== undefined) return lastIsKept(monitor, why);
    return monitor === skill && !this.#hasSkill() ? lastIsKept(monitor, noSkill) : null;
  }

  /** The same after the last epoch. */
  whyNoneWasBest({ selection }: Pick<Progress, 'selection'>): Text | null {
    if (selection.best !== null || !this.keepsBest || this.#prepared.data.splits.validation.n === 0) return null;
    return lastIsKept(this.monitor.text, text('it had none at any evaluation', '每次评估都没有值'));
  }

  /** Tasks with labels that the skill leaves out all the same, since L⁰ is 0 or not known. */
  leftOut(): readonly string[] {
    const { labels } = this.#prepared.data.facts;
    return [...this.#constantLosses()].flatMap(([task, constant]) => {
      const counts = labels?.get(task);
      const measured = (counts?.train.weighted ?? 0) > 0 && (counts?.validation.weighted ?? 0) > 0;
      return measured && !isUsable(constant) ? [task] : [];
    });
  }

  #hasSkill(): boolean {
    return [...this.#constantLosses().values()].some(isUsable);
  }

  /** Of the tasks that the objective counts. */
  #constantLosses(): ConstantLosses {
    const { data, tasks, spec } = this.#prepared;
    const counted = tasks.filter(({ name }) => isCounted(spec, name));
    this.#constants ??= constantLosses(counted, data.splits.train, data.splits.validation);
    return this.#constants;
  }
}

const skill = 'validation/skill';

const isUsable = (constant: number | null): boolean => constant !== null && constant > 0;

const noSkill = text(
  'for no task is the loss of the best constant prediction known and above 0 on the validation split',
  '没有任务在验证集上的最佳常数预测损失已知且大于 0',
);

/** What to say of tasks that the skill leaves out. */
export function leftOutText(tasks: readonly string[]): Text {
  const names = tasks.map((task) => `“${task}”`);
  return text(
    `validation/skill leaves out ${names.join(', ')}: the best constant prediction of the training labels has no loss above 0 on the validation split to compare with.`,
    `validation/skill 不计入${names.join('、')}：训练标签的最佳常数预测在验证集上没有大于 0 的损失可供比较。`,
  );
}
