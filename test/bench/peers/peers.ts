/**
 * npm run bench -- --peers: milliseconds per training step, ours against PyTorch, plain tfjs-node and the embedded engine,
 * in one run. Each peer is a process of its own; they take turns in short slices, so that a busy moment slows all of them.
 * Before anything is timed, the losses of the first steps must agree: the same thing is timed, from the same weights.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../../scripts/lib/process.mjs';
import { runtimeFolder } from '../../../src/runtime/layout.ts';
import { assetsDirectory as assets, bundle } from './ours.ts';
import { startPeer, type Peer } from './processes.ts';
import type { Answer } from './protocol.ts';
import { report, verdicts, type CellResult, type VariantResult } from './report.ts';
import { pythonWithTorch } from './torch.ts';
import { batchPositions, batchSizes, specOf, strategyNames, workloads, workloadNames, writeData } from './workloads.ts';
import type { StrategyName, Workload } from './workloads.ts';

export interface PeerOptions {
  /** Parts of cell names (`mlp`, `cnn/64`, `mmoe/16/static`): only cells that contain one of them. */
  readonly words: readonly string[];
  readonly rounds: number;
  /** Milliseconds of one turn. */
  readonly slice: number;
}

/** A variant as the table names it; `id` is what its process knows it by. */
interface Variant {
  readonly id: string;
  readonly name: string;
  readonly threads: number;
  readonly peer: Peer;
  readonly applies: (cell: Cell) => boolean;
}

interface Cell {
  readonly workload: Workload;
  readonly batch: number;
  readonly strategy: StrategyName;
}

const checkedSteps = 4;
/** Float32 on two sides with different orders of summation, after Adam's division by small numbers. */
const lossTolerance = 2e-3;

export async function runPeers(options: PeerOptions): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-bench-'));
  const variants: Variant[] = [];
  const absent = new Map<string, string>();
  try {
    await startAll(folder, variants, absent);
    const results: CellResult[] = [];
    const load = [os.loadavg()[0] ?? 0];
    for (const cell of cells(options.words)) {
      results.push(await measure(cell, variants, folder, options));
      load.push(os.loadavg()[0] ?? 0);
    }
    report(results, absent, load);
  } finally {
    for (const { peer } of variants) peer.end();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

const nameOf = ({ workload, batch, strategy }: Cell): string => `${workload.name}/${String(batch)}/${strategy}`;

function cells(words: readonly string[]): Cell[] {
  const all = workloadNames.flatMap((name) =>
    strategyNames.flatMap((strategy) => batchSizes.map((batch) => ({ workload: workloads[name], batch, strategy }))),
  );
  return all.filter((cell) => words.length === 0 || words.some((word) => nameOf(cell).includes(word)));
}

async function startAll(folder: string, variants: Variant[], absent: Map<string, string>): Promise<void> {
  const [ours, plain] = await Promise.all(['ours-child', 'plain-child'].map((name) => bundle(folder, name)));
  if (ours === undefined || plain === undefined) throw new Error('two bundles');
  const runtime = runtimeFolder();
  const python = await pythonWithTorch();
  const script = path.join(root, 'test/bench/peers/torch_peer.py');
  const always = (): boolean => true;
  for (const threads of threadCounts()) {
    const env = { TF_NUM_INTRAOP_THREADS: String(threads), OMP_NUM_THREADS: String(threads) };
    const add = async (file: string, args: readonly string[], rows: readonly Omit<Variant, 'peer' | 'threads'>[]) => {
      const command = file.endsWith('.py') && typeof python !== 'string' ? python.command : process.execPath;
      const peer = await startPeer(command, [file, ...args], env);
      variants.push(...rows.map((row) => ({ ...row, threads, peer })));
    };
    if (typeof python === 'string') absent.set('PyTorch', python);
    else {
      await add(
        script,
        [String(threads)],
        [
          { id: 'eager', name: 'PyTorch eager', applies: always },
          { id: 'fused', name: 'PyTorch fused Adam', applies: always },
          // Compiling takes many seconds for each shape: the middle batch size stands for all.
          {
            id: 'compile',
            name: 'PyTorch compiled',
            applies: (cell) => cell.batch === 64 && cell.strategy === 'static',
          },
        ],
      );
    }
    await add(
      plain,
      [runtime],
      [{ id: 'plain', name: 'tfjs-node eager', applies: (cell) => cell.strategy === 'static' }],
    );
    await add(
      ours,
      ['native', assets, runtime],
      [
        { id: 'native-eager', name: 'ours native eager', applies: always },
        { id: 'native-captured', name: 'ours native captured', applies: always },
      ],
    );
  }
  const peer = await startPeer(process.execPath, [ours, 'wasm', assets, runtime], {});
  variants.push({ id: 'wasm', name: 'ours embedded (wasm)', threads: 1, peer, applies: always });
}

function threadCounts(): number[] {
  return os.availableParallelism() > 1 ? [1, 2] : [1];
}

/** One cell of the table: everybody loads the same, agrees on the first losses, and is timed in turns. */
async function measure(
  cell: Cell,
  variants: readonly Variant[],
  root: string,
  options: PeerOptions,
): Promise<CellResult> {
  const { workload, batch, strategy } = cell;
  process.stdout.write(`${nameOf(cell)} …`);
  const folder = fs.mkdtempSync(path.join(root, 'cell-'));
  const results = new Map<Variant, VariantResult>();
  try {
    writeData(folder, workload);
    const order = Int32Array.from(batchPositions(workload, batch).flatMap((positions) => [...positions]));
    fs.writeFileSync(path.join(folder, 'order.i32'), new Uint8Array(order.buffer));
    const exporter = variants.at(-1);
    if (!exporter) throw new Error('there is nobody to time');
    await expect(exporter.peer.ask(loadOf({ ...cell, strategy: 'static' }, folder, 'export')));
    await expect(exporter.peer.ask({ do: 'export', folder }));
    await exporter.peer.ask({ do: 'unload' });
    for (const variant of variants.filter(({ applies }) => applies(cell))) {
      results.set(variant, await begin(variant, cell, folder));
    }
    compareLosses([...results.values()]);
    await timeInTurns(results, options);
    await profileMiss(cell, results, folder);
    for (const peer of new Set(variants.map((variant) => variant.peer))) await peer.ask({ do: 'unload' });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(' done\n');
  return {
    workload: workload.name,
    title: workload.title,
    target: workload.target,
    batch,
    strategy,
    variants: [...results.values()],
  };
}

const loadOf = ({ workload, batch, strategy }: Cell, folder: string, variant: string) => ({
  ...({ do: 'load', folder, batch, strategy, variant } as const),
  workload: workload.name,
  spec: specOf(workload, { batch, strategy }),
});

async function expect(answer: Promise<Answer>): Promise<Answer> {
  const given = await answer;
  if (!given.ok) throw new Error(given.reason ?? 'a process of the benchmark failed without a reason');
  return given;
}

async function begin({ id, name, threads, peer }: Variant, cell: Cell, folder: string): Promise<VariantResult> {
  const result: VariantResult = { name, threads, rounds: [], losses: [] };
  const loaded = await peer.ask(loadOf(cell, folder, id));
  if (!loaded.ok) return { ...result, reason: loaded.reason ?? 'cannot be loaded' };
  const { ok, reason, losses } = await peer.ask({ do: 'losses', variant: id, steps: checkedSteps });
  if (!ok) return { ...result, reason: reason ?? 'cannot be trained' };
  return { ...result, losses: losses ?? [] };
}

/** The losses that most agree on are PyTorch's where it is there; who differs is not timed, and says by how much. */
function compareLosses(results: VariantResult[]): void {
  const reference = results.find(({ reason }) => reason === undefined);
  if (!reference) return;
  for (const result of results) {
    if (result.reason !== undefined) continue;
    const worst = Math.max(
      ...reference.losses.flatMap((step, index) =>
        step.map((loss, task) => {
          const other = result.losses[index]?.[task] ?? NaN;
          const difference = Math.abs(other - loss) / Math.max(Math.abs(loss), 0.01);
          return Number.isNaN(difference) ? Infinity : difference;
        }),
      ),
    );
    if (worst > lossTolerance) {
      result.reason = `its losses differ from those of ${reference.name} by ${worst.toExponential(1)}: not the same thing`;
    }
  }
}

/** Where our step's time goes, once it is known to be too long for its target. */
async function profileMiss(cell: Cell, results: ReadonlyMap<Variant, VariantResult>, folder: string): Promise<void> {
  const { workload, batch, strategy } = cell;
  const variants = [...results.values()];
  const one = { ...{ title: workload.title, target: workload.target, workload: workload.name }, batch, strategy };
  const [verdict] = verdicts([{ ...one, variants }]);
  if (verdict?.met !== false) return;
  for (const [{ id, peer }, result] of results) {
    if (id !== 'native-captured' || result.reason !== undefined) continue;
    await expect(peer.ask(loadOf(cell, folder, 'native-profiled')));
    await expect(peer.ask({ do: 'time', variant: 'native-profiled', milliseconds: 300 }));
    const { profile } = await expect(peer.ask({ do: 'profile', variant: 'native-profiled', milliseconds: 300 }));
    if (profile) result.profile = profile;
    return;
  }
}

async function timeInTurns(
  results: ReadonlyMap<Variant, VariantResult>,
  { rounds, slice }: PeerOptions,
): Promise<void> {
  for (let round = 0; round <= rounds; round++) {
    for (const [{ id, peer }, result] of results) {
      if (result.reason !== undefined) continue;
      // A step of a second is not noisy: fewer of them will do.
      const slow = (result.rounds[0]?.[0] ?? 0) > 800;
      if (slow && round > Math.ceil(rounds / 2)) continue;
      const { ok, reason, times } = await peer.ask({ do: 'time', variant: id, milliseconds: slice });
      if (!ok) result.reason = reason ?? 'cannot be timed';
      // The first round warms the code up.
      else if (round > 0) result.rounds.push(times ?? []);
    }
  }
}
