/** Predictions of a finished run: every row in its place, in the data's own words and units, as plain tfjs gives them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { unzipSync } from 'fflate';
import { parseOrdered, type OrderedValue } from '../../../../src/runs/json.ts';
import type { PredictionTable } from '../../../../src/trainer/trained/predict.ts';
import { mtl } from '../../cli/run-cli.ts';
import { endedWell, newRun, start } from '../run-helpers.ts';
import {
  at,
  awkwardSpec,
  classNames,
  rawRows,
  tableOf,
  wholeRun,
  worker,
  type WholeRun,
} from '../whole-run-helpers.ts';

let run: WholeRun;
let data: string;
let table: PredictionTable;
const rows = rawRows();
before(async () => {
  run = await wholeRun();
  data = path.join(run.place.folder, 'rows.csv');
  table = await predict(data, true);
});
after(() => run.place.remove());

function predict(file: string, proba: boolean, directory = run.directory): Promise<PredictionTable> {
  return worker().predictRun(directory, { data: file, proba, root: run.place.folder, allowOutside: false });
}

/** One column of the table by its name. */
function column(name: string, from = table): (string | number | null)[] {
  const index = from.columns.indexOf(name);
  assert.ok(index >= 0, name);
  return from.rows.map((row) => row[index] ?? null);
}

const testRows = rows.flatMap(({ part, a }, index) => (part === 'test' && a !== '' ? [index] : []));

function metric(task: string, name: string): number {
  const result = parseOrdered(fs.readFileSync(path.join(run.directory, 'result.json'), 'utf8'));
  return Number(at(result, 'splits', 'test', 'metrics', task, name));
}

test('one row for each of the file, in order; what training drops is empty, and counted', () => {
  assert.deepEqual(
    column('row'),
    rows.map((_, index) => index),
  );
  const empty = table.rows.flatMap((row, index) => (row.slice(1).every((cell) => cell === null) ? [index] : []));
  assert.deepEqual(empty, [6, 7, 11, 17]);
  assert.ok(table.rows.every((row, index) => empty.includes(index) || row.every((cell) => cell !== null)));
  assert.equal(table.warnings.length, 1);
  assert.match(table.warnings[0]?.en ?? '', /^4 rows/);
});

test('classes by name, probabilities that sum to 1 and whose largest is the class', () => {
  const names = table.columns.filter((name) => name.startsWith('10/')).map((name) => name.slice(3));
  assert.deepEqual(names.toSorted(), classNames.toSorted());
  assert.deepEqual(table.columns, ['row', '10', ...names.map((name) => `10/${name}`), '2', 'toString']);
  for (const [index, label] of column('10').entries()) {
    if (label === null) continue;
    const shares = names.map((name) => Number(column(`10/${name}`)[index]));
    assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-6);
    assert.equal(names[shares.indexOf(Math.max(...shares))], label);
  }
});

test('numbers in the unit of the data: error and accuracy over the test rows are those of result.json', () => {
  for (const task of ['2', 'toString']) {
    const guessed = column(task);
    const errors = testRows.flatMap((index) => {
      const mass = rows[index]?.mass ?? '';
      return mass === '' ? [] : [Number(guessed[index]) - Number(mass)];
    });
    const rmse = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
    // Targets are float32 of thousands.
    assert.ok(Math.abs(rmse - metric(task, 'rmse')) < 1e-5 * rmse, `${task}: ${String(rmse)}`);
  }
  const labels = column('10');
  const judged = testRows.filter((index) => rows[index]?.kind !== '');
  const hits = judged.filter((index) => rows[index]?.kind === labels[index]).length;
  assert.equal(hits / judged.length, metric('10', 'accuracy'));
});

test('neither other rows, nor labels, nor probabilities asked for change a prediction', async () => {
  const file = path.join(run.place.folder, 'few.csv');
  fs.writeFileSync(
    file,
    `b,a\n${rows
      .slice(20, 23)
      .map(({ a, b }) => `${b},${a}`)
      .join('\n')}\n`,
  );
  const few = await predict(file, false);
  assert.deepEqual(few.columns, ['row', '10', '2', 'toString']);
  assert.deepEqual(column('10', few), column('10').slice(20, 23));
  for (const task of ['2', 'toString']) {
    const [seen, known] = [column(task, few), column(task).slice(20, 23)];
    seen.forEach((value, index) => {
      assert.ok(Math.abs(Number(value) - Number(known[index])) < 1e-6 * Math.abs(Number(value)));
    });
  }
});

test('plain tfjs in a process of its own gives the same from model/', () => {
  const folder = path.join(run.directory, 'model');
  const stored = JSON.parse(fs.readFileSync(path.join(folder, 'preprocessing.json'), 'utf8')) as Stored;
  const features = stored.preparation.inputs[0]?.features ?? [];
  const usable = rows.flatMap((row, index) => (row.a === '' ? [] : [index]));
  const samples = usable.map((index) =>
    features.map(({ column: name, scaling }) => (Number(rows[index]?.[name]) - scaling.shift) / scaling.divisor),
  );
  const child = spawnSync(process.execPath, [path.join(import.meta.dirname, '../plain-tfjs.mjs'), folder], {
    input: JSON.stringify(Object.fromEntries(stored.inputs.map(([, name]) => [name, samples]))),
    encoding: 'utf8',
  });
  assert.equal(child.status, 0, child.stderr);
  const outputs = JSON.parse(child.stdout) as Record<string, number[][]>;
  const named = new Map(stored.outputs);
  const close = (seen: number | undefined, known: number, what: string): void =>
    assert.ok(Math.abs((seen ?? NaN) - known) < 1e-5 * Math.max(1, Math.abs(known)), what);
  const kinds = stored.preparation.tasks[0]?.target.classes ?? [];
  usable.forEach((row, index) => {
    kinds.forEach((name, place) => {
      close(outputs[named.get('10') ?? '']?.[index]?.[place], Number(column(`10/${name}`)[row]), name);
    });
    for (const [place, task] of ['2', 'toString'].entries()) {
      const scaling = stored.preparation.tasks[place + 1]?.target.scalings?.[0];
      assert.ok(scaling);
      const value = outputs[named.get(task) ?? '']?.[index]?.[0] ?? NaN;
      close(value * scaling.divisor + scaling.shift, Number(column(task)[row]), task);
    }
  });
});

interface Scaling {
  readonly shift: number;
  readonly divisor: number;
}

/** What the test reads of preprocessing.json. */
interface Stored {
  readonly inputs: readonly (readonly [string, string])[];
  readonly outputs: readonly (readonly [string, string])[];
  readonly preparation: {
    readonly inputs: readonly {
      readonly features: readonly { readonly column: 'a' | 'b'; readonly scaling: Scaling }[];
    }[];
    readonly tasks: readonly {
      readonly target: { readonly classes?: readonly string[]; readonly scalings?: readonly Scaling[] };
    }[];
  };
}

describe('mtl predict', () => {
  const words = (...more: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> =>
    mtl(['predict', run.directory, '--root', run.place.folder, '--data', data, ...more], { cwd: run.place.folder });

  test('CSV on stdout, the warning on stderr', async () => {
    const { code, stdout, stderr } = await words();
    assert.equal(code, 0, stderr);
    assert.match(stderr, /warning: 4 rows/);
    const lines = stdout.trimEnd().split(/\r?\n/);
    assert.equal(lines[0], 'row,10,2,toString');
    assert.equal(lines.length, rows.length + 1);
    assert.equal(lines[7], '6,,,');
    assert.equal(lines[1]?.split(',')[1], column('10')[0]);
  });

  test('JSONL and NPZ by the name of --out', async () => {
    const jsonl = path.join(run.place.folder, 'out.jsonl');
    assert.equal((await words('--out', jsonl, '--proba')).code, 0);
    const objects = fs
      .readFileSync(jsonl, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => parseOrdered(line));
    assert.equal(objects.length, rows.length);
    const values = [...(objects[0] as ReadonlyMap<string, OrderedValue>)];
    assert.deepEqual(
      values,
      table.columns.map((name, index) => [name, table.rows[0]?.[index]]),
    );
    const npz = path.join(run.place.folder, 'out.npz');
    assert.equal((await words('--out', npz)).code, 0);
    assert.deepEqual(Object.keys(unzipSync(fs.readFileSync(npz))), ['row.npy', '10.npy', '2.npy', 'toString.npy']);
  });
});

test('counts are predicted as counts: the mean of a poisson task, not its logarithm', async () => {
  const folder = run.place.folder;
  const counts = rows
    .filter(({ a }) => a !== '')
    .map((row) => ({ ...row, mass: String(Math.round(Math.exp(2 + Number(row.a) / 2))), part: 'train' }));
  fs.writeFileSync(path.join(folder, 'rows.csv'), tableOf(counts));
  try {
    const spec = JSON.parse(awkwardSpec) as { tasks: object; weights?: object; training: object };
    spec.tasks = { n: { type: 'regression', target: 'mass', normalize: 'none', loss: 'poisson', input: 'trunk' } };
    delete spec.weights;
    spec.training = { epochs: 30, learningRate: 0.02, batchSize: 32, checkpoint: { every: 30, unit: 'epoch' } };
    const directory = newRun(run.place, 'poisson', JSON.stringify(spec));
    await endedWell(await start(directory, run.place));
    const guessed = column('n', await predict(path.join(folder, 'rows.csv'), false, directory)).map(Number);
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const truth = mean(counts.map(({ mass }) => Number(mass)));
    assert.ok(Math.abs(mean(guessed) - truth) < 0.3 * truth, `${String(mean(guessed))} for ${String(truth)}`);
  } finally {
    fs.writeFileSync(path.join(folder, 'rows.csv'), tableOf(rows));
  }
});
