/** Cutting runs that are hopeless while a stage explores: what the runs have reported so far, put before the stage's rule. */
import { text, type Text } from '../../common/text.ts';
import type { EpochEvent, JsonNumber } from '../../runs/events.ts';
import { RunReader } from '../../runs/reader.ts';
import { readMonitor } from '../../spec/index.ts';
import type { Design, Measure, Outcome, PlannedRun, Stage } from '../contract.ts';
import type { PrunedTrial, Report } from '../prune/contract.ts';
import { selectedMeasure } from '../choose.ts';
import { pruners } from '../prune/table.ts';

export interface Cut {
  readonly run: string;
  /** The epoch by which it was judged. */
  readonly epoch: number;
  readonly reason: Text;
}

export interface Cutter {
  /**
   * Which of the live runs are to be stopped now.
   *
   * @param begun runs that are live or have ended
   * @param outcomes of those that have ended
   */
  look(begun: readonly PlannedRun[], outcomes: ReadonlyMap<string, Outcome>): readonly Cut[];
}

/** Null where no stage cuts: those that compare never do. */
export function cutterOf(design: Design, directoryOf: (run: string) => string): Cutter | null {
  const stages = design.stages.filter(({ prune, compares }) => prune !== null && !compares);
  return stages.length === 0 ? null : new StageCutter(design, stages, directoryOf);
}

/** What a run has reported, followed in its directory. */
class Followed {
  readonly reports = new Map<number, Report>();
  /** Epochs of the whole run, as its start says; null before. */
  epochs: number | null = null;
  /** Epochs that have been judged. */
  readonly judged = new Set<number>();
  #over = false;
  readonly #reader: RunReader;

  constructor(directory: string, reportOf: (epoch: EpochEvent) => Report) {
    this.#reader = new RunReader(directory, {
      keep: false,
      onRecord: (record) => {
        if (record.kind === 'start') this.epochs = record.epochs;
        // An epoch that is trained again after a kill comes out the same.
        if (record.kind === 'epoch') this.reports.set(record.epoch, reportOf(record));
      },
    });
  }

  /** @param ended there will be no more: the file is read for the last time */
  read(ended: boolean): void {
    if (this.#over) return;
    this.#reader.pollAll();
    this.#over = ended;
  }
}

class StageCutter implements Cutter {
  readonly #design: Design;
  readonly #stages: readonly Stage[];
  readonly #directoryOf: (run: string) => string;
  readonly #followed = new Map<string, Followed>();

  constructor(design: Design, stages: readonly Stage[], directoryOf: (run: string) => string) {
    this.#design = design;
    this.#stages = stages;
    this.#directoryOf = directoryOf;
  }

  look(begun: readonly PlannedRun[], outcomes: ReadonlyMap<string, Outcome>): readonly Cut[] {
    return this.#stages.flatMap((stage) => {
      const runs = begun.filter((run) => run.stage === stage.id && run.role === 'explore');
      // Nobody is left whom it could concern.
      if (runs.every(({ id }) => outcomes.has(id))) return [];
      const trials = runs.map(({ id }) => this.#trialOf(id, outcomes.get(id)));
      return runs.filter(({ id }) => !outcomes.has(id)).flatMap((run) => this.#judge(stage, run.id, trials));
    });
  }

  #follow(run: string): Followed {
    const known = this.#followed.get(run);
    if (known !== undefined) return known;
    const followed = new Followed(this.#directoryOf(run), (epoch) => reportOf(this.#design, epoch));
    this.#followed.set(run, followed);
    return followed;
  }

  #trialOf(id: string, outcome: Outcome | undefined): PrunedTrial {
    const followed = this.#follow(id);
    followed.read(outcome !== undefined);
    return { id, state: outcome?.state ?? 'running', reports: followed.reports };
  }

  /** Every epoch that a run has reported since it was judged last, in order. */
  #judge({ prune }: Stage, run: string, trials: readonly PrunedTrial[]): readonly Cut[] {
    const { reports, epochs, judged } = this.#follow(run);
    if (prune === null || prune === undefined || epochs === null) return [];
    const request = { eta: prune.eta, rule: prune.rule, tasks: this.#design.measures.map(({ task }) => task), epochs };
    for (const epoch of [...reports.keys()].toSorted((a, b) => a - b)) {
      if (judged.has(epoch)) continue;
      judged.add(epoch);
      const { decision, reason } = pruners[prune.method](request, trials, run, epoch);
      if (decision === 'cut') return [{ run, epoch, reason: cutText(epoch, reason) }];
    }
    return [];
  }
}

const cutText = (epoch: number, reason: Text): Text =>
  text(`Cut at epoch ${String(epoch)}. ${reason.en}`, `在第 ${String(epoch)} 轮剪枝。${reason.zh}`);

/** What the rules see of an epoch: less is better throughout. */
export function reportOf(design: Design, { validation }: EpochEvent): Report {
  const valueOf = ({ task, metric, higherIsBetter }: Measure): number | null => {
    const split = validation === null || !Object.hasOwn(validation.metrics, task) ? {} : validation.metrics[task];
    const value = split !== undefined && Object.hasOwn(split, metric) ? split[metric] : undefined;
    const found = value ?? (metric === 'loss' ? ownLoss(validation, task) : null);
    return smallerIsBetter(found, higherIsBetter);
  };
  return { measures: design.measures.map(valueOf), monitor: monitorOf() };

  function monitorOf(): number | null {
    const monitor = readMonitor(design.selection);
    if (monitor === undefined || validation === null) return null;
    if (!('task' in monitor)) return smallerIsBetter(validation[monitor.kind], monitor.kind === 'skill');
    if (monitor.kind === 'loss') return smallerIsBetter(ownLoss(validation, monitor.task), false);
    const measure = selectedMeasure(design);
    return measure === null ? null : valueOf(measure);
  }
}

function ownLoss(validation: EpochEvent['validation'], task: string): JsonNumber | null {
  return validation !== null && Object.hasOwn(validation.losses, task) ? (validation.losses[task] ?? null) : null;
}

/** What is not finite is no value. */
function smallerIsBetter(value: JsonNumber | null | undefined, higherIsBetter: boolean): number | null {
  if (typeof value !== 'number') return null;
  return higherIsBetter ? -value : value;
}
