/** The table of the peers, what the targets say, and `out/bench-peers.json`. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../../scripts/lib/process.mjs';
import { pairedRatio, ratioOfMinima, summarize } from './statistics.ts';

export interface VariantResult {
  readonly name: string;
  readonly threads: number;
  /** Milliseconds of each step, a list a round. */
  readonly rounds: (readonly number[])[];
  readonly losses: readonly (readonly number[])[];
  /** Why there are no times. */
  reason?: string;
  /** Where a step's time goes, in milliseconds by part. */
  profile?: Readonly<Record<string, number>>;
}

export interface CellResult {
  readonly workload: string;
  readonly title: string;
  readonly target: number;
  readonly batch: number;
  readonly strategy: string;
  readonly variants: readonly VariantResult[];
}

const judged = 'ours native captured';
const rivals: readonly string[] = ['PyTorch eager', 'PyTorch fused Adam'];

const timed = ({ reason, rounds }: VariantResult): boolean => reason === undefined && rounds.length > 0;

/** Those that a variant is compared with: PyTorch's eager modes on as many threads. */
function rivalsOf(cell: CellResult, threads: number): VariantResult[] {
  return cell.variants.filter((other) => rivals.includes(other.name) && other.threads === threads && timed(other));
}

interface Row {
  readonly variant: string;
  readonly threads: number;
  readonly median?: number;
  readonly minimum?: number;
  readonly steps?: number;
  /** To the better of PyTorch's eager and fused Adam on as many threads. */
  readonly ratio?: number;
  readonly ratioOfMinima?: number;
  readonly reason?: string;
}

function rowOf(cell: CellResult, variant: VariantResult): Row {
  const { name, threads, reason, rounds } = variant;
  if (!timed(variant)) return { variant: name, threads, reason: reason ?? 'no times' };
  const others = rivalsOf(cell, threads).map((other) => other.rounds);
  return {
    ...{ variant: name, threads, ...summarize(rounds) },
    ...(others.length > 0 ? { ratio: pairedRatio(rounds, others), ratioOfMinima: ratioOfMinima(rounds, others) } : {}),
  };
}

export interface Verdict {
  readonly what: string;
  readonly value: number | null;
  readonly target: number;
  readonly met: boolean | null;
  /** Of a miss: where the time of our step goes, in milliseconds. */
  readonly profile?: Readonly<Record<string, number>>;
}

const rounded = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

const judgedOf = (cell: CellResult | undefined): VariantResult[] =>
  (cell?.variants ?? []).filter((each) => each.name === judged && timed(each));

/** The variant with the least median: each side is judged on the number of threads that suits it. */
function fastest(variants: readonly VariantResult[]): VariantResult | undefined {
  const medianOf = (each: VariantResult): number => summarize(each.rounds).median;
  return variants.toSorted((a, b) => medianOf(a) - medianOf(b))[0];
}

/** A step with gradients by task costs less than this many steps with one gradient. */
const taskCount = 3;

/**
 * One line for each cell: with static weights, the ratio to PyTorch; with gradients by task, the ratio of least times to
 * our own step with static weights, which was measured at another moment.
 */
export function verdicts(cells: readonly CellResult[]): Verdict[] {
  return cells.map((cell): Verdict => {
    const what = `${cell.title}, batch ${String(cell.batch)}, ${cell.strategy}`;
    const ours = fastest(judgedOf(cell));
    if (cell.strategy === 'static') {
      const rival = fastest(cell.variants.filter((other) => rivals.includes(other.name) && timed(other)));
      const value = ours && rival ? pairedRatio(ours.rounds, [rival.rounds]) : null;
      return verdictOf(cell, `${what}: ÷ PyTorch`, value, cell.target);
    }
    const alike = cells.find(
      (other) => other.workload === cell.workload && other.batch === cell.batch && other.strategy === 'static',
    );
    const plain = judgedOf(alike).find(({ threads }) => threads === ours?.threads);
    const value = ours && plain ? ratioOfMinima(ours.rounds, [plain.rounds]) : null;
    return verdictOf(cell, `${what}: ÷ one step with static weights`, value, taskCount);
  });
}

function verdictOf(cell: CellResult, what: string, value: number | null, target: number): Verdict {
  const met = value === null ? null : value <= target;
  const profile = met === false ? cell.variants.find((each) => each.profile)?.profile : undefined;
  return { what, value, target, met, ...(profile ? { profile } : {}) };
}

/** Prints the table and the targets, and writes the file. */
export function report(
  cells: readonly CellResult[],
  absent: ReadonlyMap<string, string>,
  load: readonly number[],
): void {
  for (const cell of cells) {
    console.log(`\n${cell.title}, batch ${String(cell.batch)}, ${cell.strategy} (ms per step)`);
    console.log(`  ${'variant'.padEnd(24)} threads   median  minimum    steps  ÷ PyTorch  of minima`);
    for (const variant of cell.variants) printRow(rowOf(cell, variant));
  }
  for (const [name, reason] of absent) console.log(`\nWithout ${name}: ${reason}`);
  const all = verdicts(cells);
  console.log('\nTargets (ours native captured, each side on the number of threads that suits it)');
  for (const { what, value, target, met, profile } of all) {
    const said = value === null ? 'not measured' : `${value.toFixed(2)} (at most ${String(target)})`;
    console.log(`  ${met === null ? '    ' : met ? 'met ' : 'MISS'}  ${what}: ${said}`);
    if (!profile) continue;
    const parts = Object.entries(profile).map(([part, time]) => `${part} ${rounded(time)}`);
    console.log(`        ms: ${parts.join(', ')}`);
  }
  console.log(
    `\nLoad of the machine during the run: ${Math.min(...load).toFixed(1)} to ${Math.max(...load).toFixed(1)}; the benchmark itself is 1 to 2.`,
  );
  write(cells, all, absent, load);
}

function printRow({ variant, threads, median, minimum, steps, ratio, ratioOfMinima: least, reason }: Row): void {
  const start = `  ${variant.padEnd(24)} ${String(threads).padStart(7)}`;
  if (median === undefined || minimum === undefined) {
    console.log(`${start}  – ${reason ?? ''}`);
    return;
  }
  const ratios = [ratio, least].map((each) => (each === undefined ? '' : each.toFixed(2)).padStart(11)).join('');
  console.log(
    `${start} ${rounded(median).padStart(8)} ${rounded(minimum).padStart(8)} ${String(steps).padStart(8)}${ratios}`,
  );
}

function write(
  cells: readonly CellResult[],
  targets: readonly Verdict[],
  absent: ReadonlyMap<string, string>,
  load: readonly number[],
): void {
  const file = path.join(root, 'out/bench-peers.json');
  const machine = {
    ...{ cpu: os.cpus()[0]?.model ?? 'unknown', cores: os.cpus().length, node: process.version },
    ...{ platform: process.platform, load },
  };
  const figures = cells.map((cell) => ({
    ...{ workload: cell.workload, title: cell.title, batch: cell.batch, strategy: cell.strategy },
    rows: cell.variants.map((variant) => rowOf(cell, variant)),
  }));
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const content = { v: 1, machine, absent: Object.fromEntries(absent), cells: figures, targets };
  fs.writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  console.log(`\nAll numbers are in ${path.relative(root, file)}`);
}
