/** Specs and files for the tests of preparation: written to a folder of their own, loaded as the trainer loads them. */
import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCsv } from '../../../src/data/csv.ts';
import { DataError } from '../../../src/data/error.ts';
import { defaultLimits } from '../../../src/data/limits.ts';
import { product, type NumericArray, type Table } from '../../../src/data/table.ts';
import type { CellRules } from '../../../src/data/values.ts';
import type { Spec } from '../../../src/spec/index.ts';
import { readSpecValue } from '../../../src/spec/index.ts';
import type { Dataset, LoadOptions } from '../../../src/samples/dataset.ts';
import { loadDataset } from '../../../src/samples/dataset.ts';
import { cellsOf, type Cells, type PreparedSplit, type PreparedTarget } from '../../../src/samples/contract.ts';
import { gatherAll } from '../../../src/samples/row-stores.ts';
import type { Labels } from '../../../src/samples/targets/contract.ts';
import { assertBilingual } from '../bilingual.ts';

type Values = Readonly<Record<string, unknown>>;

/** A resolved spec of `data` and `tasks`, with the smallest network and every default. */
export function specOf(data: Values, tasks: Values): Spec {
  const inputs = Object.keys(data['inputs'] ?? {});
  const network = { trunk: { input: inputs, layers: [{ type: 'flatten' }] } };
  const withInput = Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [name, { input: 'trunk', ...(task as Values) }]),
  );
  const { spec, problems } = readSpecValue({ data, network, tasks: withInput });
  // Some of what is tested here is not yet executed in every room: then the spec is read, with `not-available` as its only problem.
  assert.deepEqual(
    problems
      .filter(({ code, severity }) => severity === 'error' && code !== 'not-available')
      .map(({ message }) => message.en),
    [],
  );
  assert.ok(spec);
  return spec;
}

/** Writes the files, loads the data of the spec, removes the files. */
export async function load(
  files: Readonly<Record<string, string | Uint8Array>>,
  data: Values,
  tasks: Values,
  options: LoadOptions = {},
): Promise<Dataset> {
  const folder = mkdtempSync(join(tmpdir(), 'batches-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return await loadDataset(specOf(data, tasks), { specFile: join(folder, 'a.mtl.json'), root: folder }, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function problemOf(run: Promise<unknown>): Promise<DataError> {
  const error: unknown = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DataError, `expected a DataError, got ${String(error)}`);
  assertBilingual(error.text);
  return error;
}

/** All samples of an input, one array each. */
export function samplesOf(split: PreparedSplit, input: string): number[][] {
  const store = split.inputs.get(input);
  assert.ok(store);
  return Array.from({ length: split.n }, (_, position) => [...store.gather(Int32Array.of(position))]);
}

/** Targets of a task: null where masked. */
export function labelsOf(split: PreparedSplit, task: string): (number[] | null)[] {
  const target = split.targets.get(task);
  assert.ok(target);
  return Array.from({ length: split.n }, (_, position) =>
    target.mask[position] === 1 ? [...target.values.gather(Int32Array.of(position))] : null,
  );
}

export function assertClose(actual: readonly number[], expected: readonly number[], tolerance = 1e-6): void {
  assert.equal(actual.length, expected.length);
  for (const [index, value] of actual.entries()) {
    const wanted = expected[index] ?? NaN;
    assert.ok(
      Math.abs(value - wanted) <= tolerance * Math.max(1, Math.abs(wanted)),
      `${index}: ${value} instead of ${wanted}`,
    );
  }
}

/** An NPY array of bytes or doubles. */
export function npy(shape: readonly number[], data: Uint8Array | Float32Array): Uint8Array {
  const descr = data instanceof Uint8Array ? '|u1' : '<f4';
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }\n`;
  const content = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const bytes = new Uint8Array(10 + header.length + content.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes.set(content, 10 + header.length);
  return bytes;
}

/** What a person is warned of; what is merely worth knowing left out. */
export function warningsOf({ warnings }: Pick<Dataset, 'warnings'>): Dataset['warnings'] {
  for (const { message } of warnings) assertBilingual(message);
  return warnings.filter(({ severity }) => severity === 'warning');
}

/** The columns of a CSV text. */
export function cellsOfCsv(text: string, rules: CellRules = {}): Cells {
  return cellsOf(parseCsv(text, 'a.csv', {}, defaultLimits), rules);
}

/** A table of arrays, as an archive gives it; rows have no lines. */
export function tableOf(
  arrays: Readonly<Record<string, readonly [shape: readonly number[], values: NumericArray]>>,
  rows: number,
): Table {
  const columns = Object.entries(arrays).map(
    ([name, [shape, values]]) =>
      [name, { kind: 'number', dtype: 'float32', shape, width: product(shape), values }] as const,
  );
  return { file: 'a.npz', format: 'npz', rows, columns: new Map(columns), lineOf: () => undefined };
}

export function cellsOfArrays(
  arrays: Readonly<Record<string, readonly [shape: readonly number[], values: NumericArray]>>,
  rows: number,
): Cells {
  return cellsOf(tableOf(arrays, rows), {});
}

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly zh: string;
  readonly file?: string;
  readonly row?: number;
  readonly column?: string;
  readonly pointer?: string;
}

/** What is thrown, with everything that it says of the place, in both languages. */
export function refusalInBoth(work: () => unknown): Refusal {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof DataError, `expected a DataError, got ${String(error)}`);
    const { code, message, text, file, row, column, pointer } = error;
    assert.match(text.zh, /[\u4e00-\u9fff].*[。？]$/);
    assertBilingual(text);
    return JSON.parse(JSON.stringify({ code, message, zh: text.zh, file, row, column, pointer })) as Refusal;
  }
  assert.fail('nothing was refused');
}

/** The same without the Chinese, which is there. */
export function refusal(work: () => unknown): Omit<Refusal, 'zh'> {
  const { zh: _, ...said } = refusalInBoth(work);
  return said;
}

export const rowsOf = (...rows: readonly number[]): Int32Array => Int32Array.from(rows);

/** Labels with the numbers of their stores laid out, for comparisons. */
export function laidOut<T extends Labels | PreparedTarget>(
  labels: T,
  n: number,
): Omit<T, 'values' | 'present'> & { shape: readonly number[]; values: unknown; present?: unknown } {
  const { values, present, ...others } = labels;
  return {
    ...others,
    shape: values.shape,
    values: gatherAll(values, n),
    ...(present ? { present: gatherAll(present, n) } : {}),
  };
}
