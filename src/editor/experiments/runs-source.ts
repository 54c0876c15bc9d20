/** Some runs as the source of a comparison. */
import type { Text } from '../../common/text.ts';
import { toldText } from '../../common/told-error.ts';
import { compare } from '../../experiment/comparison/compare.ts';
import type { Comparison } from '../../experiment/comparison/contract.ts';
import { contestOfRuns, readPlainRun } from '../../experiment/comparison/runs.ts';
import type { ComparisonSource, Found } from './comparison-source.ts';
import { stampOf } from './stamps.ts';

export class RunsSource implements ComparisonSource {
  readonly #directories: readonly string[];
  #known: { readonly key: string; readonly comparison: Comparison | null; readonly problem: Text | null } | null = null;

  /** @param directories absolute */
  constructor(directories: readonly string[]) {
    this.#directories = directories;
  }

  reveal(): void {
    // Nothing was planned of these runs, and nothing is held back.
  }

  look(baseline: string | null): Found {
    const key = JSON.stringify([stampOf({ runs: this.#directories }), baseline]);
    if (this.#known?.key !== key) this.#known = { key, ...this.#compare(baseline) };
    const { comparison, problem } = this.#known;
    return { comparison, problem, progress: null };
  }

  #compare(baseline: string | null): { readonly comparison: Comparison | null; readonly problem: Text | null } {
    try {
      const runs = this.#directories.map(readPlainRun);
      return { comparison: compare(contestOfRuns(runs, baseline === null ? {} : { baseline })), problem: null };
    } catch (error) {
      const problem = toldText(error);
      if (problem === undefined) throw error;
      return { comparison: null, problem };
    }
  }
}
