/** Some runs as the source of a comparison. */
import { toldText } from '../../common/told-error.ts';
import { compare } from '../../experiment/comparison/compare.ts';
import { contestOfRuns } from '../../experiment/comparison/runs.ts';
import { readPlainRun } from '../../experiment/comparison/plain-run.ts';
import { EpochReader } from '../../experiment/comparison/epochs.ts';
import { runsOfRuns } from '../../experiment/surface/runs.ts';
import { surfaceOf } from '../../experiment/surface/surface.ts';
import type { ComparisonSource, Found } from './comparison-source.ts';
import { stampOf } from './stamps.ts';

type Result = Pick<Found, 'comparison' | 'surface' | 'problem'>;

export class RunsSource implements ComparisonSource {
  readonly #directories: readonly string[];
  /** A live run's history is read on, not again. */
  readonly #histories: ReadonlyMap<string, EpochReader>;
  #known: (Result & { readonly key: string }) | null = null;

  /** @param directories absolute */
  constructor(directories: readonly string[]) {
    this.#directories = directories;
    this.#histories = new Map(directories.map((directory) => [directory, new EpochReader(directory)]));
  }

  reveal(): void {
    // Nothing was planned of these runs, and nothing is held back.
  }

  look(baseline: string | null): Found {
    const key = JSON.stringify([stampOf({ runs: this.#directories }), baseline]);
    if (this.#known?.key !== key) this.#known = { key, ...this.#compare(baseline) };
    const { comparison, surface, problem } = this.#known;
    return { comparison, surface, problem, progress: null };
  }

  #compare(baseline: string | null): Result {
    try {
      const runs = this.#directories.map((directory) => readPlainRun(directory, this.#histories.get(directory)));
      const comparison = compare(contestOfRuns(runs, baseline === null ? {} : { baseline }));
      const { measures, level } = comparison;
      return { comparison, surface: surfaceOf(runsOfRuns(runs, measures), measures, null, level), problem: null };
    } catch (error) {
      const problem = toldText(error);
      if (problem === undefined) throw error;
      return { comparison: null, surface: null, problem };
    }
  }
}
