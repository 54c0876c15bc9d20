/**
 * npm run bench -- --strategies [WORD…]: what every strategy's step costs beside one with static weights, on each engine,
 * and its own arithmetic for 2 to 40 tasks beside the step that computes what it reads.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../../scripts/lib/process.mjs';
import { notAvailable } from '../../../src/spec/index.ts';
import { strategies as table } from '../../../src/spec/schema/strategies.ts';
import { strategyParameters } from '../../unit/matrix/cases.ts';
import { startOurs, type Ours } from '../peers/ours.ts';
import { pairedRatio, summarize } from '../peers/statistics.ts';
import { batchPositions, workloads, writeData, type Workload } from '../peers/workloads.ts';
import { timeArithmetic } from './arithmetic.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' }, slice: { type: 'string', default: '50' } },
});
const [rounds, slice] = [Number(values.rounds), Number(values.slice)];
const taskCounts = [2, 5, 10, 20, 40] as const;
/** Of the step, for up to ten tasks. */
const overheadAim = 0.05;
const batch = 64;

const names = Object.keys(table).filter(
  (name) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
);

const taskNames = (count: number): string[] => Array.from({ length: count }, (_, task) => `task ${String(task)}`);

/** The workload with that many tasks, classification and regression in turn. */
function specWith(workload: Workload, strategy: object, tasks: number): object {
  const kinds = [
    { type: 'classification', classes: 10, target: 'kind', metrics: ['accuracy'] },
    { type: 'regression', target: 'value', metrics: ['mse'] },
    { type: 'regression', target: 'corners', metrics: ['mse'] },
  ];
  const flat = workload.shape.length === 1;
  return {
    data: {
      source: 'data.npz',
      inputs: { x: { type: flat ? 'number' : 'image', from: 'x', normalize: 'none' } },
      split: { train: 1, validation: 0, test: 0 },
    },
    network: workload.network,
    tasks: Object.fromEntries(taskNames(tasks).map((task, index) => [task, { ...kinds[index % 3], input: 'trunk' }])),
    strategy,
    training: { optimizer: 'adam', learningRate: 0.001, batchSize: batch, steps: 10_000_000, seed: 1 },
  };
}

interface StepCost {
  readonly strategy: string;
  readonly workload: string;
  readonly engine: string;
  readonly median?: number;
  readonly minimum?: number;
  /** To a step with static weights, in turns with it. */
  readonly ratio?: number;
  readonly reason?: string;
}

/** A strategy's steps and static ones in turns, in one process. */
async function stepCost(
  ours: Ours,
  folder: string,
  workload: Workload,
  name: string,
  tasks: number,
): Promise<StepCost> {
  const base = { strategy: name, workload: workload.name, engine: ours.name };
  const strategy = { name, ...strategyParameters(name, taskNames(tasks)) };
  const load = (variant: string, of: object): ReturnType<Ours['load']> =>
    ours.load({ folder, workload: workload.name, batch, variant, strategy: name, spec: specWith(workload, of, tasks) });
  try {
    const loaded = await load('it', strategy);
    if (!loaded.ok) return { ...base, reason: loaded.reason ?? 'cannot be loaded' };
    await load('static', { name: 'static' });
    const times = { it: [] as number[][], static: [] as number[][] };
    for (let round = 0; round <= rounds; round++) {
      for (const variant of ['static', 'it'] as const) {
        const { ok, reason, times: measured } = await ours.time(variant, slice);
        if (!ok) return { ...base, reason: reason ?? 'cannot be timed' };
        if (round > 0) times[variant].push([...(measured ?? [])]);
      }
    }
    const { median, minimum } = summarize(times.it);
    return { ...base, median, minimum, ratio: pairedRatio(times.it, [times.static]) };
  } finally {
    await ours.unload();
  }
}

interface Overhead {
  readonly strategy: string;
  readonly workload: string;
  readonly engine: string;
  readonly tasks: number;
  readonly needs: string;
  /** Milliseconds of the arithmetic alone. */
  readonly arithmetic: number;
  /** Milliseconds of a step that computes what the strategy reads, and weighs by nearly nothing. */
  readonly step: number;
}

/** Steps that stand for what a strategy reads: static weights where it is losses, IMTL-G's where it is gradients. */
async function referenceSteps(ours: Ours, folder: string, workload: Workload): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const tasks of taskCounts) {
    for (const name of ['static', 'imtl-g']) {
      const cost = await stepCost(ours, folder, workload, name, tasks);
      if (cost.minimum !== undefined) found.set(`${name} ${String(tasks)}`, cost.minimum);
    }
  }
  return found;
}

const sharedSizes: Readonly<Record<string, number>> = { mlp: 64 * 128 + 128 + 128 * 128 + 128, cnn: 338_150 };

function overheads(engine: string, workload: Workload, steps: ReadonlyMap<string, number>): Overhead[] {
  return names.flatMap((name) =>
    taskCounts.flatMap((tasks): Overhead[] => {
      if (notAvailable.has(`strategy/${name}`) || (workload.name === 'cnn' && tasks > 10)) return [];
      const found = timeArithmetic(
        name,
        strategyParameters(name, taskNames(tasks)),
        tasks,
        sharedSizes[workload.name] ?? 1000,
      );
      if (!found) return [];
      const step = steps.get(`${found.needs === 'losses' ? 'static' : 'imtl-g'} ${String(tasks)}`);
      if (step === undefined) return [];
      const { needs, milliseconds: arithmetic } = found;
      return [{ strategy: name, workload: workload.name, engine, tasks, needs, arithmetic, step }];
    }),
  );
}

const share = ({ arithmetic, step }: Overhead): number => arithmetic / (arithmetic + step);

function printOverheads(all: readonly Overhead[]): void {
  for (const key of new Set(all.map(({ engine, workload }) => `${workload}, ${engine}`))) {
    const mine = all.filter(({ engine, workload }) => `${workload}, ${engine}` === key);
    console.log(`\nArithmetic of a strategy, µs (and % of its step), ${key}, batch ${String(batch)}`);
    console.log(
      `  ${''.padEnd(22)}${'reads'.padEnd(11)}${taskCounts.map((tasks) => `T = ${String(tasks)}`.padStart(16)).join('')}`,
    );
    for (const name of new Set(mine.map(({ strategy }) => strategy))) {
      const row = mine.filter(({ strategy }) => strategy === name);
      const cells = taskCounts.map((tasks) => {
        const found = row.find((each) => each.tasks === tasks);
        return (found ? `${(1000 * found.arithmetic).toFixed(1)} (${(100 * share(found)).toFixed(1)})` : '').padStart(
          16,
        );
      });
      console.log(`  ${name.padEnd(22)}${(row[0]?.needs ?? '').padEnd(11)}${cells.join('')}`);
    }
    const over = mine.filter((each) => each.tasks <= 10 && share(each) > overheadAim);
    const list = over.map((each) => `${each.strategy} T=${String(each.tasks)} ${(100 * share(each)).toFixed(0)} %`);
    console.log(
      over.length === 0 ? '  all at most 5 % up to ten tasks' : `  more than 5 % up to ten tasks: ${list.join(', ')}`,
    );
  }
}

function printCosts(costs: readonly StepCost[]): void {
  const columns = [...new Set(costs.map(({ workload, engine }) => `${workload}, ${engine}`))];
  console.log('\nA step beside one with static weights (three tasks)');
  console.log(`  ${''.padEnd(22)}${columns.map((column) => column.padStart(24)).join('')}`);
  for (const name of names) {
    const cells = columns.map((column) => {
      const found = costs.find((each) => each.strategy === name && `${each.workload}, ${each.engine}` === column);
      if (!found) return ''.padStart(24);
      const { ratio, median } = found;
      return (
        ratio === undefined || median === undefined ? 'refused' : `${ratio.toFixed(2)} (${median.toPrecision(3)} ms)`
      ).padStart(24);
    });
    console.log(`  ${name.padEnd(22)}${cells.join('')}`);
  }
  const reasons = new Map(costs.flatMap(({ strategy, reason }) => (reason === undefined ? [] : [[strategy, reason]])));
  for (const [name, reason] of reasons) console.log(`  ${name}: ${reason}`);
}

async function main(): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-bench-'));
  const costs: StepCost[] = [];
  const all: Overhead[] = [];
  const load = [os.loadavg()[0] ?? 0];
  const { engines, absent } = await startOurs(folder);
  try {
    for (const workload of [workloads.mlp, workloads.cnn]) {
      writeData(folder, workload);
      const order = batchPositions(workload, batch).flatMap((positions) => [...positions]);
      fs.writeFileSync(path.join(folder, 'order.i32'), new Uint8Array(Int32Array.from(order).buffer));
      for (const ours of engines) {
        console.log(`${workload.title} on ${ours.name} …`);
        for (const name of names) costs.push(await stepCost(ours, folder, workload, name, 3));
        all.push(...overheads(ours.name, workload, await referenceSteps(ours, folder, workload)));
        load.push(os.loadavg()[0] ?? 0);
      }
    }
  } finally {
    for (const ours of engines) ours.end();
    fs.rmSync(folder, { recursive: true, force: true });
  }
  printCosts(costs);
  printOverheads(all);
  for (const [name, reason] of absent) console.log(`\nWithout ${name}: ${reason}`);
  console.log(
    `\nLoad of the machine during the run: ${Math.min(...load).toFixed(1)} to ${Math.max(...load).toFixed(1)}`,
  );
  const machine = { cpu: os.cpus()[0]?.model ?? 'unknown', cores: os.cpus().length, node: process.version, load };
  const file = path.join(root, 'out/bench-strategies.json');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify({ v: 1, machine, costs, overheads: all }, null, 2)}\n`);
  console.log(`All numbers are in ${path.relative(root, file)}`);
}

await main();
