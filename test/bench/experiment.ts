// What an experiment costs beside its runs: the same short runs by `mtl train`, one after the other, and by a driver.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Measurement } from '../../scripts/lib/bench-runner.ts';
import { root } from '../../scripts/lib/process.mjs';
import { LedgerReader, type LedgerRecord } from '../../src/experiment/driver/ledger.ts';
import { median } from './times.ts';

const replicates = 6;

/** Seconds of a command of `mtl`. */
function mtl(folder: string, ...args: readonly string[]): number {
  const begin = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [path.join(root, 'dist/cli.cjs'), ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`mtl ${args.join(' ')} ended with ${String(status)}:\n${stderr}`);
  return (performance.now() - begin) / 1000;
}

function experimentText(): string {
  return fs
    .readFileSync(path.join(root, 'examples/penguins/penguins.mtl.json'), 'utf8')
    .replace(/"epochs": \d+/, '"epochs": 20')
    .replace(/"earlyStopping": \{[^}]*\},/, '')
    .replace(/\}\s*$/, `, "experiment": { "arms": [{ "id": "joint" }], "replicates": ${String(replicates)} } }\n`);
}

const times = (records: readonly LedgerRecord[], kind: LedgerRecord['kind']): readonly number[] =>
  records.flatMap((record) => (record.kind === kind ? [record.t / 1000] : []));

/** From the first start of a run to the end of the last, and how much of that runs were at work. */
function spanOf(folder: string, name: string): { readonly span: number; readonly worked: number } {
  const { records } = new LedgerReader(path.join(folder, name)).read();
  const worked = records.reduce((sum, record) => (record.kind === 'end' ? sum + record.seconds : sum), 0);
  return { span: Math.max(...times(records, 'end')) - Math.min(...times(records, 'submit')), worked };
}

export function run(): Promise<Measurement[]> {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-bench-')));
  try {
    for (const name of ['penguins.csv', 'split.csv']) {
      fs.copyFileSync(path.join(root, 'examples/penguins', name), path.join(folder, name));
    }
    fs.writeFileSync(path.join(folder, 'p.mtl.json'), experimentText());
    const engine = ['--engine', 'wasm'] as const;
    const alone = Array.from({ length: replicates }, (_, seed) =>
      mtl(folder, 'train', 'p.mtl.json', ...engine, '--seed', String(seed + 1)),
    );
    mtl(folder, 'experiment', 'p.mtl.json', ...engine, '--jobs', '1', '--dir', 'one');
    mtl(folder, 'experiment', 'p.mtl.json', ...engine, '--jobs', '2', '--dir', 'two');
    const one = spanOf(folder, 'one');
    const two = spanOf(folder, 'two');
    const each = one.span / replicates;
    return Promise.resolve([
      { name: 'a run by mtl train', value: median(alone), unit: 's', note: `median of ${String(replicates)}` },
      {
        name: 'a run of an experiment beyond that',
        value: each - median(alone),
        unit: 's',
        note: 'one at a time; aim: at most 0.3 s',
      },
      { name: 'between two runs', value: (one.span - one.worked) / replicates, unit: 's' },
      {
        name: 'of two slots busy',
        value: (100 * two.worked) / (2 * two.span),
        unit: '%',
      },
    ]);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
