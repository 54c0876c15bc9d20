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

/** What a run found, and the spec text that it holds for; null where it does not tell. */
function sizesOfRun(directory: string): SizesRecord | null {
  for (const line of new LineTail(runPaths(directory).events).read(beginning).lines) {
    const record = parseRecord(line);
    if (typeof record !== 'string' && record.kind === 'start') return record.sizes ?? null;
  }
  return null;
}

/**
 * The newest run that knew the sizes of a spec.
 *
 * @param directories newest first
 * @param text of {@link keyOfSizes}
 */
export function newestSizes(
  directories: readonly string[],
  text: string,
): { readonly directory: string; readonly sizes: SizesRecord } | undefined {
  const key = keyOfSizes(text);
  for (const directory of directories) {
    const sizes = sizesOfRun(directory);
    if (sizes?.key === key) return { directory, sizes };
  }
  return undefined;
}
