/** `mtl suggest`: a spec and its data → weights to start from. Trains nothing. */
import type { Spec } from '../../spec/index.ts';
import { loadDataset } from '../../samples/dataset.ts';
import type { FactSource } from '../baselines/facts.ts';
import type { RunPlace } from '../prepare/frozen-run.ts';
import { planFor } from '../prepare/prepare.ts';
import { countClasses, createTasks } from '../tasks/facts.ts';
import { initialLosses } from './initial.ts';
import { methodRows } from './methods.ts';
import { digits, type SuggestOptions } from './shares.ts';
import { methods, SuggestError, type Method, type Refusal, type Suggestion } from './suggestion.ts';
import { suggestedWeights } from './weights.ts';

export interface SuggestRequest {
  /** All of them where none is named. */
  readonly by?: Method;
  readonly power?: number;
  readonly split?: 'train' | 'validation';
  /** The run to read performance from; null for none. */
  readonly run: string | null;
  /** For `initial-loss`: how many first batches to run at initialization; 0 takes L⁰. */
  readonly batches?: number;
  /** Folder of the engine's binaries, for `batches`. */
  readonly assetsDirectory: string;
}

/**
 * @throws DataError, TrainingError where data and spec do not fit
 */
export async function suggest(
  spec: Spec,
  place: RunPlace,
  request: SuggestRequest,
): Promise<readonly (Suggestion | Refusal)[]> {
  const data = await loadDataset(spec, place);
  const plan = planFor(spec, data);
  const tasks = createTasks(plan, data.preparation, countClasses(data.preparation, data.splits.train));
  const wanted = request.by === undefined ? methods : [request.by];
  const { batches = 0, assetsDirectory } = request;
  const forward = batches > 0 && wanted.includes('initial-loss');
  const initial = forward ? await initialLosses({ spec, plan, data, tasks }, batches, assetsDirectory) : null;
  const options = { power: request.power ?? 1, run: request.run, split: request.split ?? 'train', initial };
  const found = wanted.map((method) => suggestBy(method, { spec, plan, tasks, data }, options));
  data.close();
  return found;
}

/** One method; what it cannot do is said, not thrown. */
function suggestBy(method: Method, source: FactSource, options: SuggestOptions): Suggestion | Refusal {
  try {
    const { formula, shares, warnings } = methodRows[method](source, options);
    const weights = suggestedWeights(shares.map(({ share }) => share));
    const details = shares.map(({ task, numbers, text }, index) => {
      const weight = weights[index] ?? NaN;
      const end = ` → ${digits(weight)}`;
      return { task, weight, numbers, text: { en: text.en + end, zh: text.zh + end } };
    });
    return { by: method, formula, details, warnings };
  } catch (error) {
    if (error instanceof SuggestError) return { by: method, refused: error.text };
    throw error;
  }
}
