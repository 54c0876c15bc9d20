/** An experiment's directory as the source of a comparison. */
import { toldText } from '../../common/told-error.ts';
import { compare } from '../../experiment/comparison/compare.ts';
import { evidenceOf, readFacts } from '../../experiment/comparison/evidence.ts';
import { contestOf, type RunFacts } from '../../experiment/comparison/experiment.ts';
import { countLook } from '../../experiment/comparison/looks.ts';
import { ExperimentReader, type ExperimentView } from '../../experiment/read.ts';
import { runsOfExperiment } from '../../experiment/surface/runs.ts';
import { surfaceOf } from '../../experiment/surface/surface.ts';
import type { Progress } from '../../messages/comparison.ts';
import type { ComparisonSource, Found } from './comparison-source.ts';
import { progressOf } from './experiment-progress.ts';
import { testedRuns, without } from './held-back.ts';

type Result = Pick<Found, 'comparison' | 'surface' | 'problem'>;

interface Known extends Result {
  /** What else the comparison was made from. */
  readonly key: string;
  readonly outcomes: ExperimentView['outcomes'];
}

export class ExperimentSource implements ComparisonSource {
  readonly #directory: string;
  readonly #reader: ExperimentReader;
  /** Of runs that have ended, by id. */
  readonly #facts = new Map<string, RunFacts>();
  /** Runs whose results on the test split have been shown. */
  readonly #seen = new Set<string>();
  #revealing = false;
  #known: Known | null = null;

  constructor(directory: string) {
    this.#directory = directory;
    this.#reader = new ExperimentReader(directory);
  }

  reveal(): void {
    this.#revealing = true;
  }

  look(baseline: string | null, tell: (progress: Progress) => void = () => undefined): Found {
    let view: ExperimentView;
    try {
      view = this.#reader.read();
    } catch (error) {
      const problem = toldText(error);
      if (problem === undefined) throw error;
      return { comparison: null, surface: null, problem, progress: null };
    }
    const held = this.#hold(view);
    const progress = progressOf(view, held.length);
    tell(progress);
    const outcomes = without(view.outcomes, held);
    const { plan, deviations, remarks, expansion } = view;
    const basis = [baseline, plan.sha256, plan.analysisHash, plan.id, deviations.length, held, remarks];
    const key = JSON.stringify([...basis, expansion.runs.length, expansion.pending]);
    if (this.#known?.key !== key || !sameOutcomes(this.#known.outcomes, view.outcomes)) {
      this.#known = { key, outcomes: view.outcomes, ...this.#compare(view, outcomes, baseline) };
    }
    const { comparison, surface, problem } = this.#known;
    return { comparison, surface, problem, progress };
  }

  /** Nothing is held back once all has ended, or when somebody asks. */
  #hold(view: ExperimentView): readonly string[] {
    const tested = testedRuns(view.expansion, view.outcomes);
    const ended = view.outcomes.size === view.states.size && view.expansion.pending.length === 0;
    if (ended || this.#revealing) for (const run of tested) this.#seen.add(run);
    this.#revealing = false;
    return tested.filter((run) => !this.#seen.has(run));
  }

  #compare(view: ExperimentView, outcomes: ExperimentView['outcomes'], baseline: string | null): Result {
    const evidence = evidenceOf(view, this.#factsOf(view), outcomes);
    try {
      const contest = contestOf(evidence, baseline === null ? {} : { baseline });
      const comparison = compare(contest, countLook(this.#directory, evidence, Date.now()));
      // Of the validation split, which nobody holds back.
      const whole = runsOfExperiment({ ...evidence, outcomes: view.outcomes });
      return { comparison, surface: surfaceOf(whole, comparison.measures, view.plan.text, comparison.level), problem: null }; // prettier-ignore
    } catch (error) {
      const problem = toldText(error);
      if (problem === undefined) throw error;
      return { comparison: null, surface: null, problem };
    }
  }

  #factsOf({ outcomes, directoryOf }: ExperimentView): ReadonlyMap<string, RunFacts> {
    for (const [id, { state }] of outcomes) {
      if (state === 'done' && !this.#facts.has(id)) this.#facts.set(id, readFacts(directoryOf(id)));
    }
    return this.#facts;
  }
}

/** The reader gives the same object for a run as long as nothing of it has changed. */
function sameOutcomes(before: ExperimentView['outcomes'], now: ExperimentView['outcomes']): boolean {
  return before.size === now.size && [...now].every(([id, outcome]) => before.get(id) === outcome);
}
