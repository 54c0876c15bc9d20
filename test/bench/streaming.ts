/**
 * A data set several times as large as the memory it may take, read from disk while the network trains, against the same data in
 * memory: time of a step, time spent waiting for data, memory of the process. The runs take turns.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Measurement } from '../../scripts/lib/bench-runner.ts';
import { sampleBytes, watchRun, writeLargeData, type Seen } from './large-data.ts';
import { median } from './times.ts';

const rows = 300_000;
const rounds = 3;
const budget = '16 MB';
const run1 = { steps: 4000, batchSize: 64, engine: 'auto' };

export async function run(): Promise<Measurement[]> {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-bench-')));
  try {
    writeLargeData(path.join(folder, 'large.npz'), rows);
    const [held, disk]: [Seen[], Seen[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      held.push(await watchRun(folder, `held-${String(round)}`, { ...run1, memory: '8 GB' }));
      disk.push(await watchRun(folder, `disk-${String(round)}`, { ...run1, memory: budget }));
    }
    const of = (seen: readonly Seen[], key: 'stepMilliseconds' | 'peak' | 'late' | 'waited' | 'direct'): number =>
      median(seen.map((each) => each[key]));
    const size = `${(sampleBytes(rows) / 2 ** 20).toFixed(0)} MB of data, ${budget} allowed`;
    const note = `batch 64, ${disk[0]?.engine ?? ''}, median of ${String(rounds)} runs`;
    const mb = 2 ** 20;
    return [
      { name: 'a step, data in memory', value: of(held, 'stepMilliseconds'), unit: 'ms', note },
      { name: 'a step, data from disk', value: of(disk, 'stepMilliseconds'), unit: 'ms', note: size },
      {
        name: 'waiting for data from disk, whole run',
        value: of(disk, 'waited') * 1000,
        unit: 'ms',
        note: 'after the first batch',
      },
      {
        name: 'batches that came late',
        value: of(disk, 'late'),
        unit: '',
        note: `of ${String(disk[0]?.batches ?? NaN)}`,
      },
      { name: 'batches read on the spot', value: of(disk, 'direct'), unit: '' },
      { name: 'largest memory of the process, data in memory', value: of(held, 'peak') / mb, unit: 'MB' },
      { name: 'largest memory of the process, data from disk', value: of(disk, 'peak') / mb, unit: 'MB' },
    ];
  } finally {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
