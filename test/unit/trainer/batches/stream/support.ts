/** The reader thread's program, bundled as it is shipped: a thread of a test cannot load TypeScript. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

export function readerBundle(folder: string): string {
  const outfile = join(folder, 'reader.cjs');
  const entry = fileURLToPath(new URL('../../../../../src/trainer/batches/stream/reader.ts', import.meta.url));
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'warning' });
  return outfile;
}
