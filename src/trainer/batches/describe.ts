/** Everything that a plan can know of the data: the whole files are read and prepared. For `check` and `diagram`, not while typing. */
import type { Place } from '../../data/describe.ts';
import { describeData } from '../../data/describe.ts';
import { DataError } from '../../data/error.ts';
import { textOf } from '../../data/messages.ts';
import type { DataFacts } from '../../plan/types.ts';
import type { Problem, Range, Spec } from '../../spec/index.ts';
import { loadDataset } from './dataset.ts';
import type { Warning } from './types.ts';

export interface FullDescription {
  /** From the headers alone where the rows could not be prepared; undefined where not even those could be read. */
  readonly facts?: DataFacts;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Warning[];
}

/** Nothing is thrown for bad data: it comes back as problems, at the key of the spec that they concern. */
export async function describeFully(
  spec: Spec,
  place: Place,
  locate?: (pointer: string) => Range,
): Promise<FullDescription> {
  const { facts, header, problems } = await describeData(spec, place, locate);
  const known = facts === undefined ? {} : { facts };
  if (header === undefined || problems.length > 0) return { ...known, problems, warnings: [] };
  try {
    const dataset = await loadDataset(spec, place);
    dataset.close();
    return { facts: dataset.facts, problems, warnings: dataset.warnings };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const pointer = error.code === 'split' ? '/data/split' : '/data';
    const range = locate?.(pointer) ?? { start: 0, end: 0 };
    return {
      ...known,
      problems: [{ code: error.code, message: textOf(error), severity: 'error', range, pointer, fixes: [] }],
      warnings: [],
    };
  }
}
