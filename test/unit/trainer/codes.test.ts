// Warnings and errors of a run that stand in no other test, each provoked.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { EventInput } from '../../../src/runs/events.ts';
import type { Engine } from '../../../src/engine/contract.ts';
import { slowText } from '../../../src/samples/stream/texts.ts';
import { csvOf, embeddedEngine, recordsOf, sampleRows, trainThrough, trial, type Row } from './training-helpers.ts';
import { tellAssumptions } from '../../../src/trainer/training/begin.ts';

let engine: Engine;
before(async () => {
  engine = await embeddedEngine();
});
after(() => engine.dispose());

const spec = (changes: Readonly<Record<string, unknown>> = {}): object => ({
  data: { source: 'data.csv', inputs: { x: { type: 'number', from: ['a', 'b'] } } },
  network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 3 }] } },
  tasks: {
    kind: { type: 'classification', target: 'kind', input: 'trunk' },
    value: { type: 'regression', target: 'value', input: 'trunk' },
  },
  training: { epochs: 1, batchSize: 8, seed: 1 },
  ...changes,
});

interface Told {
  readonly code: string;
  readonly message: string;
  readonly zh?: string;
  readonly task?: string;
}
const told = (records: readonly EventInput[], code: string): Told[] =>
  (recordsOf(records, 'warning') as unknown as readonly Told[]).filter((each) => each.code === code);

async function warnings(
  changes: Readonly<Record<string, unknown>>,
  rows: readonly Row[],
  code: string,
): Promise<Told[]> {
  const made = await trial(spec(changes), { 'data.csv': csvOf(rows) });
  try {
    tellAssumptions(made.training);
    trainThrough(made.training);
    const prepared = made.prepared.data.warnings.filter((each) => each.code === code);
    return [
      ...prepared.map(({ message }) => ({ code, message: message.en, zh: message.zh })),
      ...told(made.records, code),
    ];
  } finally {
    made.dispose();
  }
}

test('rows-without-split: how many of how many are not used', async () => {
  const rows = sampleRows(40).map((row, at) => ({ ...row, part: at < 20 ? 'train' : at < 33 ? 'validation' : '' }));
  const data = { ...(spec() as { data: object }).data, split: { column: 'part' } };
  const [only, ...more] = await warnings({ data }, rows, 'rows-without-split');
  assert.deepEqual(more, []);
  assert.match(only?.message ?? '', /^7 rows of 40 are in no split and not used/);
  assert.match(only?.zh ?? '', /40 行中有 7 行/);
});

test('many-categories: a column with a value of its own in almost every row', async () => {
  const rows = sampleRows(1500).map((row, at) => ({ ...row, name: `n${String(at)}` }));
  const data = {
    source: 'data.csv',
    inputs: { x: { type: 'category', from: ['name'] } },
    split: { train: 0.8, validation: 0.1, test: 0.1 },
  };
  const [only] = await warnings({ data }, rows, 'many-categories');
  assert.match(only?.message ?? '', /column “name” has 1200 different values/);
  assert.match(only?.zh ?? '', /列“name”有 1200 个不同的值/);
  const few = rows.map((row, at) => ({ ...row, name: `n${String(at % 900)}` }));
  assert.deepEqual(await warnings({ data }, few, 'many-categories'), []);
});

describe('facts behind weights', () => {
  test('complexity-unknown: no linear model of fewer than ten rows', async () => {
    const rows = sampleRows(40).map((row, at) => ({ ...row, value: at % 5 === 0 ? (row['value'] ?? '') : '' }));
    const found = await warnings(
      { strategy: 'complexity', weights: { kind: 1, value: 1 } },
      rows,
      'complexity-unknown',
    );
    assert.deepEqual(found.map(({ task }) => task), ['value']); // prettier-ignore
    assert.match(found[0]?.message ?? '', /Task "value": no linear model can be fitted/);
  });

  test('no-facts: a target that never changes has nothing to be measured by', async () => {
    const rows = sampleRows(40).map((row) => ({ ...row, value: 5 }));
    const made = trial(spec({ strategy: 'initial-loss', weights: { kind: 1, value: 1 } }), { 'data.csv': csvOf(rows) });
    await assert.rejects(made, { code: 'no-facts', message: /Task "value": its .* is 0/ });
  });
});

test('strategy-solver: what a strategy has to say reaches the run, at its first and tenth time', async () => {
  const rows = sampleRows(400).map((row, at) => ({ ...row, kind: at < 8 ? (row['kind'] ?? '') : '' }));
  const changes = { strategy: { name: 'pcd', primary: 'kind' }, weights: { kind: 1, value: 1 } };
  const data = { ...(spec() as { data: object }).data, split: { train: 0.9, validation: 0, test: 0.1 } };
  const found = await warnings({ ...changes, data }, rows, 'strategy-solver');
  assert.equal(found.length, 2);
  assert.match(found[0]?.message ?? '', /^pcd: the primary task "kind" has no label in this batch/);
  assert.match(found[0]?.zh ?? '', /^pcd：主任务“kind”在此批中没有标签/);
  assert.match(found[1]?.message ?? '', /10 times so far/);
  assert.match(found[1]?.zh ?? '', /（至今 10 次）$/);
});

test('classes-absent: a split without a class has a mean over the others, and says so', async () => {
  const rows = sampleRows(60).map((row, at) => ({
    ...row,
    kind: at < 40 ? (['x', 'y', 'z'][at % 3] ?? '') : (['x', 'y'][at % 2] ?? ''),
    part: at < 40 ? 'train' : 'validation',
  }));
  const data = { ...(spec() as { data: object }).data, split: { column: 'part' } };
  const tasks = { kind: { type: 'classification', target: 'kind', input: 'trunk', metrics: ['rocAuc'] } };
  const found = await warnings({ data, tasks, weights: { kind: 1 } }, rows, 'classes-absent');
  assert.deepEqual(found.map(({ task }) => task), ['kind']); // prettier-ignore
  assert.match(found[0]?.message ?? '', /rocAuc: no sample of “z” in this split/);
});

test('duplicate-column: two columns of one name are refused with both places', async () => {
  const made = trial(spec(), { 'data.csv': 'a,b,kind,value,b\n1,2,x,3,4\n2,3,y,4,5\n' });
  await assert.rejects(made, { code: 'duplicate-column', message: /columns 2 and 5 are both called “b”/ });
});

test('invalid-spec: a spec that its data contradict does not begin', async () => {
  const rows = sampleRows(40);
  const made = trial(spec({ tasks: { value: { type: 'box', target: ['a', 'b', 'value', 'kind'].slice(0, 3), input: 'trunk' } }, weights: { value: 1 } }), { 'data.csv': csvOf(rows) }); // prettier-ignore
  await assert.rejects(made, { message: /four numbers|value/ });
});

test('data-wait: said when a good part of the time went by waiting, not before', () => {
  assert.equal(slowText(undefined, 1e9), null);
  assert.equal(slowText({ seconds: 90, rows: 1 } as never, 1), null);
  assert.equal(slowText({ seconds: 0, rows: 1 } as never, 1000), null);
  const text = slowText({ seconds: 700, rows: 1 } as never, 1000);
  assert.match(text?.en ?? '', /^70 % of the time so far went into waiting for data from disk/);
  assert.match(text?.zh ?? '', /70 %/);
});

test('a folder that is no run says so: not-a-run', async () => {
  const { readFrozen } = await import('../../../src/runs/frozen.ts');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-none-'));
  assert.throws(() => readFrozen(folder), { code: 'not-a-run', message: /is not a run directory/ });
  fs.rmSync(folder, { recursive: true });
});
