/**
 * A design → its runs. Pure: the same text, data, engine and outcomes give the same runs with the same ids on every machine,
 * so that whoever goes on with an experiment, wherever, asks for what is still missing and for nothing twice.
 */
import { text, type Text } from '../common/text.ts';
import type { FactorSpec } from '../spec/index.ts';
import { bestOf, takeFrom, type Contender, type OutcomeOf } from './choose.ts';
import type {
  Arm,
  Candidate,
  ComparedArm,
  Design,
  Expansion,
  Outcome,
  Pending,
  PlannedRun,
  Role,
  Stage,
  Surroundings,
} from './contract.ts';
import { runId, seedsOf } from './identity.ts';
import { lengthsOf } from './pace.ts';
import { Labels, pathsOf, pointsOf, settingsOf, type Point, type Points } from './points.ts';
import { afterUsing, replicateOf, seedsFor, type UsedSeeds } from './replicates.ts';
import { trialOf } from './trials.ts';
import { variantOf } from './variant.ts';

/** A setting that a stage explores: an arm to be, or none where it cannot be trained. */
interface Explored extends Contender {
  readonly candidate: Candidate;
}

/** Before anything is known of engine and data: the runs are the same, and only their ids are others. */
export const anywhere: Surroundings = { engine: { name: '', version: '' }, files: new Map() };

export function expand(design: Design, surroundings: Surroundings, outcomes: ReadonlyMap<string, Outcome>): Expansion {
  return new Expander(design, surroundings, outcomes).all();
}

class Expander {
  readonly #design: Design;
  readonly #surroundings: Surroundings;
  readonly #outcomeOf: OutcomeOf;
  readonly #runs = new Map<string, PlannedRun>();
  readonly #pending: Pending[] = [];
  readonly #compared: ComparedArm[] = [];
  readonly #remarks: Text[] = [];
  /** Settings that a stage has explored, by its id; undefined while some have not ended. */
  readonly #explored = new Map<string, readonly Explored[] | undefined>();
  /** What tuning has found for an arm: null where nothing could be chosen, undefined while it goes on. */
  readonly #tuned = new Map<string, Candidate | null | undefined>();

  constructor(design: Design, surroundings: Surroundings, outcomes: ReadonlyMap<string, Outcome>) {
    this.#design = design;
    this.#surroundings = surroundings;
    this.#outcomeOf = ({ id }) => outcomes.get(id);
  }

  all(): Expansion {
    const { arms, stages, spec } = this.#design;
    for (const arm of arms) if (arm.pace === null) this.#note(arm);
    let used: UsedSeeds = { next: spec.training.seed, last: [] };
    const tuningAt = stages.find(({ compares }) => !compares);
    for (const stage of stages) {
      const seeds = seedsFor(stage.replicates, used);
      if (stage === tuningAt) this.#tune(stage, used.next);
      if (stage.method !== null) this.#explore(stage, seeds);
      const all = stage.compares ? this.#compare(stage, seeds) : seeds;
      used = { ...afterUsing(used, all), last: seeds };
    }
    if (stages.every(({ compares }) => !compares)) this.#showExplored();
    return {
      runs: [...this.#runs.values()],
      pending: this.#pending,
      compared: this.#compared,
      remarks: this.#remarks,
    };
  }

  // ---- tuning ----------------------------------------------------------------------------------------------------

  /**
   * Arms that are tuned, and frontiers, whose points are their tuning: the best one is compared later, and all of them are
   * shown as what was looked at. One seed each: the spec's own.
   */
  #tune(stage: Stage, seed: number): void {
    for (const arm of this.#design.arms) {
      if (arm.tune === null && arm.pace === null && !arm.frontier) continue;
      const chosen = arm.frontier
        ? this.#frontier(stage, arm, seed)
        : arm.tune === null
          ? arm.candidates[0]
          : this.#best(arm, this.#tuningPoints(stage, arm, seed));
      this.#tuned.set(arm.id, this.#timed(stage, arm, chosen, seed));
    }
  }

  /** The candidate as long as another run takes; undefined until one of each has ended, null where one failed. */
  #timed(stage: Stage, arm: Arm, chosen: Candidate | null | undefined, seed: number): Candidate | null | undefined {
    const { pace } = arm;
    if (pace === null || chosen === null || chosen === undefined) return chosen;
    const runs = [pace.reference, chosen].flatMap((candidate) =>
      this.#runsOf({ stage, arm: arm.id, role: 'tune', candidate, seeds: [seed], replicated: false }),
    );
    const outcomes = runs.map(this.#outcomeOf);
    if (outcomes.includes(undefined)) {
      this.#note(arm);
      return undefined;
    }
    const [reference, ...own] = runs.map((run, index) => ({ task: run.task, outcome: outcomes[index] }));
    const { lengths, remark } = lengthsOf(arm.id, this.#design.spec, reference?.outcome, own);
    this.#remarks.push(remark);
    return lengths === null ? null : pace.lasting(chosen, lengths);
  }

  #frontier(stage: Stage, arm: Arm, seed: number): Candidate | null | undefined {
    const points = this.#runAll(stage, arm, arm.candidates, seed);
    for (const { candidate, runs } of points) {
      this.#addCompared(stage, { id: pointId(arm, candidate), of: arm.id, tuned: false, candidate, runs }, [seed]);
    }
    return this.#best(arm, points);
  }

  #tuningPoints(stage: Stage, arm: Arm, seed: number): readonly Explored[] {
    const { factors: names = [], runs = 1 } = arm.tune ?? {};
    const factors = this.#design.factors.filter(({ name }) => names.includes(name));
    const points = tuningPoints(factors, runs, [...this.#design.spec.tasks.keys()], this.#design.spec.training.seed);
    this.#remarks.push(...points.remarks);
    const labels = new Labels();
    const candidates = points.known.flatMap((point): Candidate[] => {
      const label = labels.of(point);
      const made = arm.at(settingsOf(point, points.paths), label, point);
      return 'variants' in made ? [made] : this.#refused(arm.id, label);
    });
    return this.#runAll(stage, arm, candidates, seed);
  }

  #note({ notes }: Arm): void {
    this.#remarks.push(...notes.map(({ message }) => message));
  }

  #refused(arm: string, label: string): [] {
    this.#remarks.push(
      text(
        `The setting ${label} of "${arm}" cannot be trained and is left out.`,
        `“${arm}”的设置 ${label} 无法训练，已略去。`,
      ),
    );
    return [];
  }

  #runAll(stage: Stage, arm: Arm, candidates: readonly Candidate[], seed: number): readonly Explored[] {
    return candidates.map((candidate) => ({
      key: candidate.label,
      candidate,
      runs: this.#runsOf({ stage, arm: arm.id, role: 'tune', candidate, seeds: [seed], replicated: false }),
    }));
  }

  /** The best candidate; of single-task baselines the best for every task. */
  #best(arm: Arm, explored: readonly Explored[]): Candidate | null | undefined {
    if (explored.some((one) => !this.#hasEnded(one))) return undefined;
    const tasks = explored[0]?.candidate.variants.map(({ task }) => task) ?? [];
    const variants = tasks.map((task) => {
      const contenders = explored.map(({ key, runs }) => ({ key, runs: runs.filter((run) => run.task === task) }));
      const best = bestOf(this.#design, contenders, this.#outcomeOf);
      const found = explored.find(({ key }) => key === best?.key);
      return found?.candidate.variants.find((variant) => variant.task === task);
    });
    const chosen = variants.filter((variant) => variant !== undefined);
    if (chosen.length === 0 || chosen.length < tasks.length) {
      this.#remarks.push(
        text(
          `Nothing could be chosen for "${arm.id}": no setting has a value of ${this.#design.selection} on the validation split.`,
          `无法为“${arm.id}”选择设置：没有一个设置在验证集上有 ${this.#design.selection} 的值。`,
        ),
      );
      return null;
    }
    const same = explored.find(({ candidate }) => candidate.variants.every((variant) => chosen.includes(variant)));
    return { label: same?.candidate.label ?? '', point: same?.candidate.point ?? new Map(), variants: chosen };
  }

  // ---- exploring -------------------------------------------------------------------------------------------------

  #explore(stage: Stage, seeds: readonly number[]): void {
    const { factors, spec, experiment } = this.#design;
    const role: Role = stage.compares ? 'compare' : 'explore';
    const explored = new Map<string, Explored | null>();
    const labels = new Labels();
    const at = (point: Point, paths = pathsOf(factors)): Explored | null => {
      const label = labels.of(point);
      const known = explored.get(label);
      if (known !== undefined) return known;
      const made = variantOf(this.#design.base, settingsOf(point, paths), stage.pointer ?? '/experiment/factors');
      const candidate = 'variant' in made ? { label, point, variants: [made.variant] } : null;
      if (candidate === null) this.#refused(stage.id, label);
      const runs =
        candidate === null
          ? []
          : this.#runsOf({ stage, arm: armOf(stage, label), role, candidate, seeds, replicated: true });
      const one = candidate === null ? null : { key: label, candidate, runs };
      explored.set(label, one);
      return one;
    };
    const points: Points = pointsOf(
      {
        method: stage.method ?? 'grid',
        factors,
        runs: stage.runs,
        tasks: [...spec.tasks.keys()],
        seed: spec.training.seed,
        batch: experiment.budget.parallel ?? 4,
      },
      (point) => {
        const one = at(point);
        return one === null
          ? { setting: point, values: [], state: 'failed' }
          : trialOf(this.#design, point, one.runs, this.#outcomeOf);
      },
    );
    this.#remarks.push(...points.remarks);
    const all = points.known.map((point) => at(point, points.paths)).filter((one) => one !== null);
    if (points.later > 0) this.#pending.push({ stage: stage.id, arm: null, runs: points.later * seeds.length });
    const complete = points.later === 0 && all.every((one) => this.#hasEnded(one));
    this.#explored.set(stage.id, complete ? all : undefined);
    if (stage.compares)
      for (const one of all) this.#addCompared(stage, { ...one, id: one.key, of: stage.id, tuned: false }, seeds);
    else if (!complete) this.#known.set(stage.id, all);
  }

  /** Settings of a stage that goes on. */
  readonly #known = new Map<string, readonly Explored[]>();

  #hasEnded({ runs }: Contender): boolean {
    return runs.every((run) => this.#outcomeOf(run) !== undefined);
  }

  // ---- comparing -------------------------------------------------------------------------------------------------

  /** @returns every seed that was given out */
  #compare(stage: Stage, seeds: readonly number[]): readonly number[] {
    const entries = [...this.#declared(), ...this.#taken(stage)];
    const paired = stage.replicates?.paired ?? true;
    const given = (index: number): readonly number[] =>
      paired ? seeds : seeds.map((seed) => seed + index * seeds.length);
    const all: number[] = [...seeds];
    for (const [index, entry] of entries.entries()) {
      const own = given(index);
      all.push(...own);
      if (entry.candidate === undefined) {
        this.#pending.push({ stage: stage.id, arm: entry.id, runs: entry.perSeed * own.length });
        continue;
      }
      const { id, candidate } = entry;
      const runs = this.#runsOf({ stage, arm: id ?? '', role: 'compare', candidate, seeds: own, replicated: true });
      this.#addCompared(stage, { id: id ?? '', of: entry.of, tuned: entry.tuned, candidate, runs }, own);
    }
    this.#bySeed();
    return all;
  }

  /** Runs that compare, the first seed of every arm first: whenever one looks, arms are paired as far as possible. */
  #bySeed(): void {
    const runs = [...this.#runs.values()];
    const rank = new Map(
      this.#compared.flatMap(({ runs: own, seeds }) =>
        own.filter(({ role }) => role === 'compare').map(({ id, seed }) => [id, seeds.indexOf(seed)] as const),
      ),
    );
    const ordered = runs.toSorted((a, b) => (rank.get(a.id) ?? -1) - (rank.get(b.id) ?? -1));
    this.#runs.clear();
    for (const run of ordered) this.#runs.set(run.id, run);
  }

  #declared(): readonly Entry[] {
    return this.#design.arms.flatMap((arm): readonly Entry[] => {
      const perSeed = arm.candidates[0]?.variants.length ?? 1;
      if (!this.#tuned.has(arm.id)) {
        return arm.candidates.map((candidate) => ({
          ...{ candidate, perSeed, of: arm.id, tuned: false },
          id: arm.frontier ? pointId(arm, candidate) : arm.id,
        }));
      }
      const chosen = this.#tuned.get(arm.id);
      // Of an arm for which nothing could be chosen a remark tells; it has no runs.
      if (chosen === null) return [];
      const tuned = arm.tune !== null || arm.frontier;
      return [{ id: arm.id, of: arm.id, candidate: chosen, perSeed, tuned }];
    });
  }

  #taken({ take }: Stage): readonly Entry[] {
    if (take === null) return [];
    const explored = this.#explored.get(take.from);
    if (explored === undefined) {
      return Array.from({ length: take.max }, () => ({
        ...{ id: null, of: take.from, candidate: undefined, perSeed: 1, tuned: false },
      }));
    }
    const chosen = takeFrom(this.#design, explored, take, this.#outcomeOf);
    if (chosen.length === 0) {
      this.#remarks.push(
        text(
          `No setting of stage "${take.from}" has values to be taken by.`,
          `阶段“${take.from}”没有可据以选取的设置。`,
        ),
      );
    }
    return chosen.flatMap(({ key }) => {
      const found = explored.find((one) => one.key === key);
      return found === undefined
        ? []
        : [{ id: key, of: take.from, candidate: found.candidate, perSeed: 1, tuned: false }];
    });
  }

  #addCompared(
    stage: Stage,
    {
      id,
      of,
      tuned,
      candidate,
      runs,
    }: Pick<ComparedArm, 'id' | 'of' | 'tuned' | 'runs'> & { readonly candidate: Candidate },
    seeds: readonly number[],
  ): void {
    const adaptive = stage.method === 'tpe' || stage.method === 'nsga2' || stage.prune !== null;
    this.#compared.push({
      ...{ id, of, tuned, runs, seeds, stage: stage.id },
      settings: candidate.variants.length === 1 ? (candidate.variants[0]?.settings ?? []) : [],
      point: candidate.point,
      confirmed: stage.compares && !adaptive,
    });
  }

  /** Where nothing is compared, what was explored is shown, marked as such. */
  #showExplored(): void {
    for (const stage of this.#design.stages) {
      const all = this.#explored.get(stage.id) ?? this.#known.get(stage.id) ?? [];
      for (const one of all) {
        const seeds = [...new Set(one.runs.map(({ seed }) => seed))];
        this.#addCompared(stage, { ...one, id: one.key, of: stage.id, tuned: false }, seeds);
      }
    }
  }

  // ---- runs ------------------------------------------------------------------------------------------------------

  #runsOf(asked: {
    readonly stage: Stage;
    readonly arm: string;
    readonly role: Role;
    readonly candidate: Candidate;
    readonly seeds: readonly number[];
    /** The stage's replicates say what the seeds move; else the run keeps the spec's own. */
    readonly replicated: boolean;
  }): readonly PlannedRun[] {
    const { stage, arm, role, candidate, seeds } = asked;
    return seeds.flatMap((seed) =>
      candidate.variants.map((variant): PlannedRun => {
        const replicate = replicateOf(variant.spec, asked.replicated ? stage.replicates : null, seed);
        const id = runId(variant, seedsOf(variant.spec, replicate), this.#surroundings);
        const { label, point } = candidate;
        const run = {
          ...{ id, arm, role, label, point, seed, variant, replicate },
          stage: stage.id,
          task: variant.task,
        };
        if (!this.#runs.has(id)) this.#runs.set(id, run);
        return run;
      }),
    );
  }
}

interface Entry {
  /** Null where the arm itself is not known yet. */
  readonly id: string | null;
  readonly of: string;
  /** Undefined while it is looked for. */
  readonly candidate: Candidate | undefined;
  readonly perSeed: number;
  readonly tuned: boolean;
}

const pointId = ({ id }: Arm, { label }: Candidate): string => `${id}/${label}`;
const armOf = ({ compares, id }: Stage, label: string): string => (compares ? label : `${id}/${label}`);

/** All combinations where the budget has room for them, else spread evenly by a scrambled Sobol sequence. */
function tuningPoints(factors: readonly FactorSpec[], runs: number, tasks: readonly string[], seed: number): Points {
  const sizes = factors.map((factor) => ('levels' in factor ? factor.levels.length : Infinity));
  const all = sizes.reduce((product, size) => product * size, 1);
  const request = { factors, tasks, seed, batch: 1 };
  return pointsOf(
    all <= runs ? { ...request, method: 'grid', runs: null } : { ...request, method: 'sobol', runs },
    () => undefined,
  );
}
