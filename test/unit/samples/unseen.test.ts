/** Files with the labels of some tasks alone: in every format, in memory and from disk. */
import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { zipSync } from 'fflate';
import { prepareOther, type Other } from '../../../src/samples/unseen.ts';
import { watchOpenFiles } from '../open-files.ts';
import { labelsOf, load, npy, problemOf } from './helpers.ts';

const rows = Array.from({ length: 40 }, (_, row) => ({ a: row, y: 2 * row, z: row % 5 }));
const csv = (names: readonly ('a' | 'y' | 'z')[]): string =>
  `${[names.join(), ...rows.map((row) => names.map((name) => row[name]).join())].join('\n')}\n`;
const jsonl = (names: readonly ('a' | 'y' | 'z')[]): string =>
  rows.map((row) => JSON.stringify(Object.fromEntries(names.map((name) => [name, row[name]])))).join('\n');
const npz = (names: readonly ('a' | 'y' | 'z')[]): Uint8Array =>
  zipSync(
    Object.fromEntries(
      names.map((name) => [
        `${name}.npy`,
        npy(
          [rows.length],
          Float32Array.from(rows, (row) => row[name]),
        ),
      ]),
    ),
  );

const tasks = {
  y: { type: 'regression', target: 'y', normalize: 'none' },
  both: { type: 'regression', target: ['y', 'z'], normalize: 'none' },
  z: { type: 'regression', target: 'z', sampleWeight: 'a' },
};
const data = { source: 't.csv', inputs: { x: { type: 'number', from: 'a' } } };

function evaluating(context: TestContext, preparation: Awaited<ReturnType<typeof load>>['preparation']) {
  const folder = mkdtempSync(join(tmpdir(), 'mtl-other-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return async (name: string, content: string | Uint8Array, memory: number): Promise<Other> => {
    const path = join(folder, name);
    writeFileSync(path, content);
    const file = { path, name, bytes: statSync(path).size };
    const other = await prepareOther(preparation, file, {}, 'evaluation', { memory, scratchFolder: folder });
    context.after(other.close);
    assert.equal(other.streamed, memory === 1);
    return other;
  };
}

test('the labels that are there are those of a whole file; the other tasks have none, and that is said', async (context) => {
  const { preparation } = await load({ 't.csv': csv(['a', 'y', 'z']) }, data, tasks);
  const evaluate = evaluating(context, preparation);
  const files: readonly (readonly [string, string | Uint8Array])[] = [
    ['half.csv', csv(['y', 'a'])],
    ['half.jsonl', jsonl(['y', 'a'])],
    ['half.npz', npz(['y', 'a'])],
  ];
  for (const [name, content] of files) {
    for (const memory of [1e9, 1]) {
      const { split, warnings } = await evaluate(name, content, memory);
      assert.deepEqual([...split.targets.keys()], ['y'], `${name} ${memory}`);
      assert.deepEqual(
        labelsOf(split, 'y'),
        rows.map(({ y }) => [y]),
      );
      assert.deepEqual(
        warnings.map(({ code, task }) => [code, task]),
        [
          ['not-evaluated', 'both'],
          ['not-evaluated', 'z'],
        ],
      );
      assert.match(warnings[0]?.message.en ?? '', new RegExp(`“both” is not evaluated: ${name}`));
      assert.match(warnings[0]?.message.zh ?? '', new RegExp(`“both”未评估：${name}`));
    }
  }
});

test('a file without the labels of any task is an error that names them', async (context) => {
  const { preparation } = await load({ 't.csv': csv(['a', 'y', 'z']) }, data, tasks);
  const evaluate = evaluating(context, preparation);
  for (const memory of [1e9, 1]) {
    for (const [name, content] of [
      ['none.csv', csv(['a'])],
      ['none.npz', npz(['a'])],
    ] as const) {
      const { code, message } = await problemOf(evaluate(name, content, memory));
      assert.equal(code, 'unknown-column');
      assert.match(message, new RegExp(`${name} has the labels of no task.*“y”, “z”`));
    }
  }
});

test('keys that appear late in a long JSON Lines file count', async (context) => {
  const { preparation } = await load({ 't.csv': csv(['a', 'y', 'z']) }, data, tasks);
  const evaluate = evaluating(context, preparation);
  const long = Array.from({ length: 6000 }, (_, row) =>
    JSON.stringify(row < 5000 ? { a: row } : { a: row, y: 2 * row }),
  ).join('\n');
  for (const memory of [1e9, 1]) {
    const { split } = await evaluate('long.jsonl', long, memory);
    assert.deepEqual([...split.targets.keys()], ['y']);
    assert.equal(split.targets.get('y')?.labeled, 1000);
  }
});

test('a file whose labels turn out to be none once it lies on disk leaves no file open', async (context) => {
  const { preparation } = await load({ 't.csv': csv(['a', 'y', 'z']) }, data, tasks);
  const evaluate = evaluating(context, preparation);
  const files = watchOpenFiles();
  context.after(() => files.stop());
  const { message } = await problemOf(evaluate('far.csv', `${csv(['a', 'y'])}1,1e39\n`, 1));
  assert.match(message, /far\.csv.*1e\+39 is more than a number of 32 bits holds/);
  assert.deepEqual(files.names(), []);
});
