/** Finds reference files, runs their cases and reports. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type ArchitectureFile, checkArchitectures } from '../architectures.ts';
import { runAggregator } from './aggregators.ts';
import type { Case, Fields, Outcome } from './check.ts';
import { asFields, asList, asText } from './check.ts';
import { runReplay } from './libmtl.ts';
import { runScalarizer } from './scalarizers.ts';
import { runStatistic } from './statistics.ts';

export interface Result extends Outcome {
  /** Folder of the file: `aggregators`, `libmtl`, … */
  readonly group: string;
}

/** A reference file, plain or compressed. */
export function readReference(file: string): Fields {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  // Python writes numbers that are none as bare words.
  return JSON.parse(text.replace(/(?<=[:[,]\s*)(NaN|-?Infinity)(?=\s*[,\]}])/g, '"$1"')) as Fields;
}

function filesBelow(folder: string): string[] {
  if (statSync(folder).isFile()) return [folder];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.json(\.gz)?$/.test(name))
    .sort()
    .map((name) => path.join(folder, name));
}

/** The model file that cases of `file` name, beside it. */
function modelBeside(file: string, name: string): Fields {
  const beside = path.join(path.dirname(file), name);
  return readReference(existsSync(beside) ? beside : `${beside}.gz`);
}

function runCase(format: string, method: string, one: Case, file: string): Outcome {
  const outcome = { method, id: one.id, failures: [], error: 0, share: 0 };
  try {
    if (format.startsWith('aggregators/')) return runAggregator(method, one);
    if (format.startsWith('scalarizers/')) return runScalarizer(method, one);
    if (format.startsWith('libmtl/')) {
      if (one['kind'] === 'matrix') return runReplay(method, one, {});
      return runReplay(method, one, modelBeside(file, asText(one['model'])));
    }
    return { ...outcome, skipped: `files of the format "${format}" are not known` };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { method, id: one.id, failures: [message], error: Infinity, share: Infinity };
  }
}

/** Sharing mechanisms, through spec, plan and model in single precision on the active tfjs backend. */
async function runArchitectures(architecture: string, content: Fields): Promise<Result[]> {
  const verdicts = await checkArchitectures(content as unknown as ArchitectureFile);
  return verdicts.map(({ id, comparisons }) => {
    const wrong = comparisons.filter(({ error, allowed }) => !(error <= allowed));
    return {
      group: 'architectures',
      method: `${architecture} (float32)`,
      id,
      failures: wrong.map(({ what, error, allowed }) => `${what}: off by ${short(error)}, allowed ${short(allowed)}`),
      error: Math.max(0, ...comparisons.map(({ error }) => error)),
      share: Math.max(0, ...comparisons.map(({ error, allowed }) => error / allowed)),
    };
  });
}

/** Runs all cases of one file. Architectures need an active tfjs backend. */
export async function runFile(file: string): Promise<Result[]> {
  const content = readReference(file);
  if (content['kind'] === 'statistics') {
    const cases = asList(content['cases']).map(asFields);
    return cases.map((one, index) => ({ ...runStatistic(one, index), group: 'statistics' }));
  }
  const format = asText(content['format']);
  const [group = 'unknown'] = format.split('/');
  if (format.startsWith('libmtl-model/')) return [];
  if (content['architecture'] !== undefined) return runArchitectures(asText(content['architecture']), content);
  const method = asText(content['method'] ?? content['architecture']);
  return asList(content['cases']).map((one) => ({ ...runCase(format, method, asFields(one) as Case, file), group }));
}

export async function runFolder(folder: string): Promise<Result[]> {
  const results: Result[] = [];
  for (const file of filesBelow(folder)) results.push(...(await runFile(file)));
  return results;
}

const short = (value: number): string => (value === 0 ? '0' : value.toExponential(1));

/** One line a method, and one for each failure. */
export function lines(results: readonly Result[], verbose = false): string[] {
  const groups = new Map<string, Result[]>();
  for (const result of results) {
    const name = `${result.group}/${result.method}`;
    groups.set(name, [...(groups.get(name) ?? []), result]);
  }
  return [...groups].flatMap(([name, cases]) => {
    const run = cases.filter(({ skipped }) => skipped === undefined);
    const failed = run.filter(({ failures }) => failures.length > 0);
    const error = Math.max(0, ...run.map((one) => one.error));
    const share = Math.max(0, ...run.map((one) => one.share));
    const reasons = new Set(cases.flatMap(({ skipped }) => skipped ?? []));
    const result =
      run.length === 0
        ? `${cases.length} skipped: ${[...reasons].join('; ')}`
        : `${String(run.length - failed.length).padStart(3)} of ${String(run.length).padStart(3)} pass, largest error ${short(error).padStart(7)} (${short(share)} of the tolerance)`;
    const counted = `${run.length - failed.length} passed${failed.length > 0 ? `, ${failed.length} failed` : ''}`;
    const details = failed.flatMap(({ id, failures }) => {
      const shown = verbose ? failures : failures.slice(0, 2);
      const rest = failures.length - shown.length;
      return [`    ${id}`, ...shown.map((text) => `      ${text}`), ...(rest > 0 ? [`      and ${rest} more`] : [])];
    });
    const counts = name.startsWith('statistics/') && run.length > 0;
    return [counts ? `${name}: ${counted}` : `${name.padEnd(30)} ${result}`, ...details];
  });
}

export function verdict(results: readonly Result[]): string {
  const skipped = results.filter((one) => one.skipped !== undefined);
  const run = results.filter((one) => one.skipped === undefined);
  const failed = run.filter(({ failures }) => failures.length > 0).length;
  const tail = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
  return `${run.length - failed} passed, ${failed} failed${tail}`;
}
