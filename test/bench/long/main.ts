// npm run bench -- --long [--steps N] [--rows N] [--memory SIZE] [--batch N] [--engine NAME]
//   one long run with data from disk, and the memory of its process as it goes on: it must stay flat.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../../scripts/lib/process.mjs';
import { sampleBytes, watchRun, writeLargeData, type Sample } from '../large-data.ts';

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '50000' },
    rows: { type: 'string', default: '300000' },
    memory: { type: 'string', default: '16 MB' },
    batch: { type: 'string', default: '64' },
    engine: { type: 'string', default: 'auto' },
  },
});
const [steps, rows, batchSize] = [values.steps, values.rows, values.batch].map(Number) as [number, number, number];
const mb = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;

/** Bytes a step, by least squares over the samples. */
function slope(samples: readonly Sample[]): number {
  const n = samples.length;
  const [x, y] = [
    samples.reduce((sum, { step }) => sum + step, 0) / n,
    samples.reduce((sum, { resident }) => sum + resident, 0) / n,
  ];
  const over = samples.reduce((sum, { step, resident }) => sum + (step - x) * (resident - y), 0);
  return over / samples.reduce((sum, { step }) => sum + (step - x) ** 2, 0);
}

const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-long-')));
try {
  writeLargeData(path.join(folder, 'large.npz'), rows);
  console.log(
    `${mb(sampleBytes(rows))} of data, ${values.memory} allowed, ${String(steps)} steps of ${String(batchSize)} samples`,
  );
  const { memory, engine } = values;
  let shown = -Infinity;
  const seen = await watchRun(folder, 'long', { steps, batchSize, memory, engine }, ({ step, resident }) => {
    if (step - shown < steps / 20) return;
    shown = step;
    console.log(`  step ${String(step).padStart(7)}  ${mb(resident).padStart(10)}`);
  });
  // What is compiled, cached and allocated once is there after the first fifth.
  const settled = seen.samples.filter(({ step }) => step > steps / 5);
  const resident = settled.map((sample) => sample.resident);
  const growth = slope(settled) * 10_000;
  console.log(`engine ${seen.engine}; ${seen.stepMilliseconds.toFixed(3)} ms a step`);
  console.log(
    `after the first fifth: ${mb(Math.min(...resident))} to ${mb(Math.max(...resident))}, ${mb(growth)} per 10,000 steps; at most ${mb(seen.peak)}`,
  );
  console.log(
    `${String(seen.batches)} batches read ahead, ${String(seen.late)} late, ${String(seen.direct)} on the spot; ${seen.waited.toFixed(3)} s waited`,
  );
  const target = path.join(root, 'out/bench-long.json');
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, `${JSON.stringify({ v: 1, steps, rows, batchSize, memory, growth, ...seen }, null, 2)}\n`);
} finally {
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
