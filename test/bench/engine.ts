/**
 * Milliseconds per training step at batch 64 (forward, three weighted losses, backward, Adam): the embedded engine
 * against the plain cpu backend and against tfjs-backend-wasm with nothing but the missing kernels. The variants are
 * processes of their own that take turns, so that a busy machine slows all of them alike.
 */
import { fork, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Ask, Variant, Workload } from './engine-child.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const assets = path.join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/dist');
const variants: readonly Variant[] = ['ours', 'stock', 'cpu'];
const rounds = 7;

interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly note?: string;
}

const labels: Readonly<Record<Variant, string>> = {
  ours: 'embedded engine',
  stock: 'tfjs-backend-wasm plus missing kernels',
  cpu: 'plain tfjs cpu',
};

/** The child as it would be shipped: one bundle of ES modules. */
async function bundle(folder: string): Promise<string> {
  const outfile = path.join(folder, 'engine-child.mjs');
  await build({
    entryPoints: [path.join(root, 'test/bench/engine-child.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    logLevel: 'error',
    banner: {
      js:
        "import { createRequire } from 'node:module'; import { dirname } from 'node:path'; import { fileURLToPath } from 'node:url';" +
        'const require = createRequire(import.meta.url), __filename = fileURLToPath(import.meta.url), __dirname = dirname(__filename);',
    },
  });
  return outfile;
}

function answer(child: ChildProcess, ask?: Ask): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => {
      reject(new Error(`the benchmark's process ended with code ${String(code)}`));
    });
    if (ask !== undefined) child.send(ask);
  });
}

async function measure(child: ChildProcess, ask: Ask): Promise<number[]> {
  const times = await answer(child, ask);
  child.removeAllListeners('exit');
  if (!Array.isArray(times)) throw new Error('the benchmark answered without numbers');
  return times.map(Number);
}

function median(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function compare(children: ReadonlyMap<Variant, ChildProcess>, workload: Workload): Promise<Measurement[]> {
  const times = new Map<Variant, number[]>(variants.map((variant) => [variant, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [variant, child] of children) {
      const slow = variant === 'cpu' && workload === 'cnn';
      if (slow && round > 2) continue;
      const measured = await measure(child, { workload, milliseconds: slow ? 1 : 400 });
      // The first round warms the code up.
      if (round > 0) times.get(variant)?.push(...measured);
    }
  }
  const title = workload === 'cnn' ? "article's CNN" : 'MLP 64-128-128';
  const rows = variants.flatMap((variant): Measurement[] => {
    const all = times.get(variant) ?? [];
    const note = `${String(all.length)} steps`;
    return [
      { name: `${title}, ${labels[variant]}, median`, value: median(all), unit: 'ms/step', note },
      { name: `${title}, ${labels[variant]}, minimum`, value: Math.min(...all), unit: 'ms/step', note },
    ];
  });
  const least = (variant: Variant): number => Math.min(...(times.get(variant) ?? []));
  const aim = workload === 'cnn' ? 'of minima; aim: at most 0.4' : 'of minima';
  return [
    ...rows,
    {
      name: `${title}, ours against wasm plus missing kernels`,
      value: least('ours') / least('stock'),
      unit: 'ratio',
      note: aim,
    },
    { name: `${title}, ours against plain cpu`, value: least('ours') / least('cpu'), unit: 'ratio', note: 'of minima' },
  ];
}

export async function run(): Promise<Measurement[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-bench-'));
  const children = new Map<Variant, ChildProcess>();
  try {
    const file = await bundle(folder);
    for (const variant of variants) {
      const child = fork(file, [variant, assets], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      children.set(variant, child);
      await answer(child);
      child.removeAllListeners('exit');
    }
    return [...(await compare(children, 'cnn')), ...(await compare(children, 'mlp'))];
  } finally {
    for (const child of children.values()) child.kill();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
