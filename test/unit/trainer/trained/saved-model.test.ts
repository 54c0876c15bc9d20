/** Models come from strangers: whatever is wrong with a folder ends in one sentence, before anything is made of it. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { rawRows, tableOf, wholeRun, worker, type WholeRun } from '../whole-run-helpers.ts';

let run: WholeRun;
let folder: string;
let data: string;
const good = new Map<string, Buffer>();
before(async () => {
  run = await wholeRun();
  folder = path.join(run.directory, 'model');
  data = path.join(run.place.folder, 'few.csv');
  fs.writeFileSync(data, tableOf(rawRows(3)));
  for (const name of fs.readdirSync(folder)) good.set(name, fs.readFileSync(path.join(folder, name)));
});
after(() => run.place.remove());
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder);
  for (const [name, bytes] of good) fs.writeFileSync(path.join(folder, name), bytes);
});

async function refused(what: RegExp): Promise<void> {
  const place = { root: run.place.folder, allowOutside: false };
  const told = (error: unknown): boolean => {
    assert.ok(error instanceof Error);
    assert.deepEqual([error.name, (error as { code?: unknown }).code], ['TrainingError', 'no-model'], error.stack);
    assert.match(error.message, what);
    assert.doesNotMatch(error.message, /\n/);
    assert.ok(error.message.length < 600, error.message);
    return true;
  };
  await assert.rejects(worker().predictRun(run.directory, { data, proba: false, ...place }), told);
  await assert.rejects(worker().evaluateRun(run.directory, { data, ...place }), told);
}

const write = (name: string, content: string | Uint8Array): void => fs.writeFileSync(path.join(folder, name), content);

type Json = Record<string, unknown>;

/** Puts `value` at a path of one of the model's JSON files. */
function put(name: string, keys: readonly (string | number)[], value: unknown): void {
  const root = JSON.parse(good.get(name)?.toString('utf8') ?? '') as Json;
  let place: unknown = root;
  for (const key of keys.slice(0, -1)) place = (place as Json)[String(key)];
  const last = String(keys.at(-1));
  if (value === undefined) Reflect.deleteProperty(place as object, last);
  else (place as Json)[last] = value;
  write(name, JSON.stringify(root));
}

describe('a file', () => {
  for (const name of ['preprocessing.json', 'model.json', 'weights.bin']) {
    test(`${name}: missing`, async () => {
      fs.rmSync(path.join(folder, name));
      await refused(name === 'model.json' ? /model/ : new RegExp(name));
    });
    test(`${name}: a folder, a link, cut short, something else`, async () => {
      const file = path.join(folder, name);
      fs.rmSync(file);
      fs.mkdirSync(file);
      await refused(new RegExp(name));
      fs.rmdirSync(file);
      const elsewhere = path.join(run.place.folder, `moved-${name}`);
      fs.writeFileSync(elsewhere, good.get(name) ?? '');
      fs.symlinkSync(elsewhere, file);
      await refused(new RegExp(name));
      fs.rmSync(file);
      write(name, good.get(name)?.subarray(0, 41) ?? '');
      await refused(new RegExp(name));
      write(name, 'null\n');
      await refused(new RegExp(name));
      write(name, '['.repeat(200_000));
      await refused(new RegExp(name));
    });
  }

  test('weights.bin: longer, or with values that are no numbers', async () => {
    const bytes = good.get('weights.bin') ?? Buffer.alloc(0);
    write('weights.bin', Buffer.concat([bytes, Buffer.alloc(4)]));
    await refused(/weights\.bin/);
    // Two gigabytes of nothing: a reader that begins to read them takes the memory first.
    const file = path.join(folder, 'weights.bin');
    fs.truncateSync(file, 2 ** 31 - 4);
    const before = process.memoryUsage().arrayBuffers;
    await refused(/weights\.bin.*536870911 numbers instead of \d+/);
    // Two gigabytes are the most that is looked at; whole floats are asked for below that.
    fs.truncateSync(file, 2 ** 31);
    await refused(/weights\.bin.*536870912 numbers instead of \d+/);
    fs.truncateSync(file, 2 ** 31 + 4);
    await refused(/weights\.bin.*it cannot be read/);
    fs.truncateSync(file, 2 ** 31 - 3);
    await refused(/weights\.bin.*2147483645 bytes are no whole floats/);
    assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 30);
    const spoilt = Buffer.from(bytes);
    spoilt.writeFloatLE(NaN, 8);
    write('weights.bin', spoilt);
    await refused(/no finite/);
  });
});

describe('preprocessing.json', () => {
  const wrong: readonly (readonly [string, readonly (string | number)[], unknown])[] = [
    ['another version', ['v'], 2],
    ['no preparation', ['preparation'], undefined],
    ['a preparation of another version', ['preparation', 'version'], 7],
    ['an unknown input type', ['preparation', 'inputs', 0, 'type'], 'pickle'],
    ['an unknown key', ['preparation', 'inputs', 0, 'code'], 'process.exit()'],
    ['a divisor of zero', ['preparation', 'inputs', 0, 'features', 0, 'scaling', 'divisor'], 0],
    ['a feature less', ['preparation', 'inputs', 0, 'features', 1], undefined],
    ['no features', ['preparation', 'inputs', 0, 'features'], []],
    ['an input of another name', ['preparation', 'inputs', 0, 'name'], 'y'],
    ['a task of another name', ['preparation', 'tasks', 0, 'target', 'name'], 'constructor'],
    ['no tasks', ['preparation', 'tasks'], []],
    ['other classes than its facts', ['preparation', 'tasks', 0, 'target', 'classes'], ['x', 'y', 'z']],
    ['a class less', ['preparation', 'tasks', 0, 'target', 'classes'], ['x', 'y']],
    ['facts that are none', ['facts'], null],
    ['facts of the wrong kind', ['facts', 'columns'], { a: 1 }],
    ['pairs that are none', ['facts', 'classes'], [['10']]],
    [
      'names that come twice',
      ['facts', 'inputShapes'],
      [
        ['x', [2]],
        ['x', [2]],
      ],
    ],
    ['a size that no machine holds', ['facts', 'inputShapes'], [['x', [1e9]]]],
    ['a negative size', ['facts', 'inputShapes'], [['x', [-2]]]],
    ['a width that is not the preparation’s', ['facts', 'inputShapes'], [['x', [3]]]],
    ['counts that are texts', ['classCounts'], [['10', ['a', 'b', 'c']]]],
  ];
  for (const [name, keys, value] of wrong) {
    test(name, async () => {
      put('preprocessing.json', keys, value);
      await refused(/./);
    });
  }

  test('long texts of a stranger are cut in the message', async () => {
    put('preprocessing.json', ['facts', 'classes'], [['x'.repeat(100_000), 1]]);
    await refused(/xxx/);
  });
});

describe('model.json', () => {
  const wrong: readonly (readonly [string, readonly (string | number)[], unknown])[] = [
    ['no manifest', ['weightsManifest'], undefined],
    ['a manifest of the wrong kind', ['weightsManifest'], [null]],
    ['a weight less', ['weightsManifest', 0, 'weights'], []],
    ['another shape', ['weightsManifest', 0, 'weights', 0, 'shape'], [8, 2]],
    ['a shape that is another along one axis', ['weightsManifest', 0, 'weights', 0, 'shape'], [2, 7]],
    ['a huge shape', ['weightsManifest', 0, 'weights', 0, 'shape'], [1e15, 1e15]],
    ['another type', ['weightsManifest', 0, 'weights', 0, 'dtype'], 'string'],
    ['quantized weights', ['weightsManifest', 0, 'weights', 0, 'quantization'], { dtype: 'uint8', min: 0, scale: 1 }],
  ];
  for (const [name, keys, value] of wrong) {
    test(name, async () => {
      put('model.json', keys, value);
      await refused(/model\.json/);
    });
  }

  test('its topology is never made into layers, and its paths are never opened', async () => {
    const place = { root: run.place.folder, allowOutside: false };
    const lies: readonly (readonly [readonly (string | number)[], unknown])[] = [
      [['modelTopology'], { class_name: 'Lambda', config: { code: 'throw' } }],
      [['weightsManifest', 0, 'paths'], ['../../../../etc/passwd']],
    ];
    for (const [keys, value] of lies) {
      put('model.json', keys, value);
      const table = await worker().predictRun(run.directory, { data, proba: false, ...place });
      assert.equal(table.rows.length, 3);
    }
  });
});
