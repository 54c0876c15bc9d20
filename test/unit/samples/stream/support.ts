/** The reader thread's program, bundled as it is shipped: a thread of a test cannot load TypeScript. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

export function readerBundle(folder: string): string {
  const outfile = join(folder, 'reader.cjs');
  const entry = fileURLToPath(new URL('../../../../src/samples/stream/reader.ts', import.meta.url));
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'warning' });
  return outfile;
}

/** `Atomics.waitAsync`, which the library of these sources' language level does not name yet. */
export async function toldWithin(numbers: Int32Array, place: number, before: number): Promise<string> {
  const { waitAsync } = Atomics as unknown as {
    readonly waitAsync: (
      numbers: Int32Array,
      place: number,
      before: number,
      limit: number,
    ) => { value: Promise<string> | string };
  };
  // Waiting alone does not keep a process alive.
  const alive = setInterval(() => undefined, 1000);
  try {
    return await waitAsync(numbers, place, before, 10_000).value;
  } finally {
    clearInterval(alive);
  }
}
