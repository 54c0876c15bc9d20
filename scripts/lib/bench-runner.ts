// Started by scripts/bench.mjs through tsx.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './process.mjs';

/** One measured number. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is compared with, or the aim. */
  readonly note?: string;
}

interface Benchmark {
  readonly run: () => Promise<readonly Measurement[]>;
}

function isBenchmark(module: unknown): module is Benchmark {
  return typeof module === 'object' && module !== null && 'run' in module && typeof module.run === 'function';
}

const words = process.argv.slice(2);
const folder = path.join(root, 'test/bench');
const files = fs
  .readdirSync(folder)
  .filter(
    (file) =>
      file.endsWith('.ts') &&
      !file.endsWith('-child.ts') &&
      (words.length === 0 || words.some((word) => file.includes(word))),
  );
const results: (Measurement & { readonly bench: string })[] = [];

for (const file of files) {
  const module: unknown = await import(path.join(folder, file));
  if (!isBenchmark(module)) continue; // helpers that several benchmarks share
  const bench = path.basename(file, '.ts');
  console.log(`\n${bench}`);
  for (const each of await module.run()) {
    results.push({ bench, ...each });
    const value = each.value.toPrecision(4).padStart(10);
    console.log(`  ${each.name.padEnd(60)} ${value} ${each.unit.padEnd(8)} ${each.note ?? ''}`);
  }
}

const machine = {
  cpu: os.cpus()[0]?.model ?? 'unknown',
  cores: os.cpus().length,
  node: process.version,
  platform: process.platform,
};
const target = path.join(root, 'out/bench.json');
fs.mkdirSync(path.dirname(target), { recursive: true });
fs.writeFileSync(target, `${JSON.stringify({ v: 1, machine, results }, null, 2)}\n`);
console.log(`\n${String(results.length)} numbers written to ${path.relative(root, target)}`);
