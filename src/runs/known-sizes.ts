/** Sizes that a run has found in its data, out of its `start` record: for a spec whose data nobody has read just now. */
import { sha256 } from './frozen.ts';
import type { SizesRecord } from './events.ts';
import { runPaths } from './layout.ts';
import { parseRecord } from './records.ts';
import { LineTail } from './tail.ts';

/** Before its first `start` a run tells nothing but its progress. */
const beginning = 256 * 1024;

/** Digest of everything in a spec that the sizes follow from. */
export function keyOfSizes(text: string): string {
  return sha256(text);
}

/** What a run found, and the spec text that it holds for; null where it does not tell, undefined where it has not begun. */
function sizesOfRun(directory: string): SizesRecord | null | undefined {
  for (const line of new LineTail(runPaths(directory).events).read(beginning).lines) {
    const record = parseRecord(line);
    if (typeof record !== 'string' && record.kind === 'start') return record.sizes ?? null;
  }
  return undefined;
}

/** A run and what it found. */
export interface FoundSizes {
  readonly directory: string;
  readonly sizes: SizesRecord;
}

/** What runs found, each read once: a first `start` stays as it is, and who types asks at every key. */
export class SizesOfRuns {
  readonly #known = new Map<string, SizesRecord | null>();

  /**
   * The newest run that knew the sizes of a spec.
   *
   * @param directories newest first
   * @param text of {@link keyOfSizes}
   */
  newest(directories: readonly string[], text: string): FoundSizes | undefined {
    const key = keyOfSizes(text);
    for (const directory of directories) {
      const sizes = this.#of(directory);
      if (sizes?.key === key) return { directory, sizes };
    }
    return undefined;
  }

  #of(directory: string): SizesRecord | null {
    const known = this.#known.get(directory);
    if (known !== undefined) return known;
    const sizes = sizesOfRun(directory);
    if (sizes !== undefined) this.#known.set(directory, sizes);
    return sizes ?? null;
  }
}
