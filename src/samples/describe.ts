/** What only the rows can tell: sizes for the plan, and what people should know of them. For `check` and `diagram`, not while typing. */
import type { Place } from '../data/describe.ts';
import { DataError } from '../data/error.ts';
import type { DataFacts } from '../plan/plan.ts';
import type { Problem, Range, Spec } from '../spec/index.ts';
import { loadDataset } from './dataset.ts';
import type { Warning } from './contract.ts';

export interface RowsDescription {
  /** Undefined where the rows could not be prepared. */
  readonly facts?: DataFacts;
  /** The very warnings of a run, and the error that would end it; each at the key of the spec that it concerns. */
  readonly problems: readonly Problem[];
}

/**
 * Reads and prepares all rows, as a run does. Nothing is thrown for bad data.
 * @param locate where a pointer of the resolved spec stands in the text; without it problems carry the pointer alone
 */
export async function describeRows(
  spec: Spec,
  place: Place,
  locate: (pointer: string) => Range = () => ({ start: 0, end: 0 }),
): Promise<RowsDescription> {
  const problemOf = (one: Pick<Warning, 'code' | 'message' | 'pointer'>, severity: Problem['severity']): Problem => {
    const { code, message, pointer } = one;
    return { code, message, severity, range: locate(pointer), pointer, fixes: [], origin: 'rows' };
  };
  try {
    const dataset = await loadDataset(spec, place);
    // What is wanted of it is in memory.
    dataset.close();
    return {
      facts: dataset.facts,
      problems: dataset.warnings.map((warning) => problemOf(warning, warning.severity)),
    };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const pointer = error.pointer ?? (error.code === 'split' ? '/data/split' : '/data/source');
    return { problems: [problemOf({ code: error.code, message: error.text, pointer }, 'error')] };
  }
}
