/** Loading a strategy module: only the file that the run was made with, only from inside the root. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { describeData } from '../../../../src/data/describe.ts';
import { createRun } from '../../../../src/runs/launch.ts';
import { readRunRecord } from '../../../../src/runs/frozen.ts';
import { readSpec, type Spec } from '../../../../src/spec/index.ts';
import { loadStrategy } from '../../../../src/trainer/prepare/load-strategy.ts';

const code = 'export const weigh = ({ losses }) => losses.map(() => 2);\n';

function setUp(context: TestContext, module = './mine.mjs') {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-own-'));
  context.after(() => fs.rmSync(root, { recursive: true, force: true }));
  fs.mkdirSync(path.join(root, 'inner'));
  fs.writeFileSync(path.join(root, 'inner', 'mine.mjs'), code);
  fs.writeFileSync(path.join(root, 'outer.mjs'), code);
  fs.writeFileSync(path.join(root, 'inner', 't.csv'), 'a,y,z\n1,2,3\n4,5,6\n');
  const text = JSON.stringify({
    data: { source: 't.csv', inputs: { x: { type: 'number', from: 'a' } } },
    network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 2 }] } },
    tasks: {
      y: { type: 'regression', target: 'y', input: 'trunk' },
      z: { type: 'regression', target: 'z', input: 'trunk' },
    },
    strategy: { module },
  });
  const spec = readSpec(text).spec as Spec;
  const specFile = path.join(root, 'inner', 's.mtl.json');
  fs.writeFileSync(specFile, text);
  const place = { specFile, root: path.join(root, 'inner'), allowOutside: false };
  return { root, text, spec, specFile, place };
}

const names = { tasks: ['y', 'z'] };
const statistics = { step: 0, tasks: ['y', 'z'], losses: [1, 1], weights: [1, 1] };

test('a run is made with the hash of its module, and loads that module alone', async (context) => {
  const { text, spec, specFile, place } = setUp(context);
  const directory = createRun({ text, resolved: spec, specFile, root: place.root, name: 'own' });
  const { modules = [] } = readRunRecord(directory);
  assert.equal(modules.length, 1);
  assert.equal(modules[0]?.path, './mine.mjs');
  assert.match(modules[0].sha256, /^[0-9a-f]{64}$/);
  const strategy = await loadStrategy(spec.strategy, names, place, modules);
  assert.deepEqual(strategy?.weigh(statistics, null).weights, [2, 2]);
  fs.appendFileSync(path.join(place.root, 'mine.mjs'), '// changed\n');
  const changed = { code: 'strategy-module', message: /mine\.mjs is not the one that this run was made with/ };
  await assert.rejects(loadStrategy(spec.strategy, names, place, modules), changed);
  await assert.rejects(loadStrategy(spec.strategy, names, place, []), changed);
});

test('other strategies load nothing', async (context) => {
  const { spec, place } = setUp(context);
  const strategy = { ...spec.strategy, name: 'static' } as Spec['strategy'];
  assert.equal(await loadStrategy(strategy, names, place, []), null);
});

test('a module outside the root is refused before it is looked at, unless allowed', async (context) => {
  const { spec, place } = setUp(context, '../outer.mjs');
  await assert.rejects(loadStrategy(spec.strategy, names, place, []), { code: 'path-outside' });
  const { problems } = await describeData(spec, place);
  assert.deepEqual(
    problems.map(({ code: word, pointer }) => [word, pointer]),
    [['path-outside', '/strategy/module']],
  );
  const allowed = await describeData(spec, { ...place, allowOutside: true });
  assert.deepEqual(allowed.problems, []);
});

test('check says that a module is missing or none; it loads nothing', async (context) => {
  const missing = setUp(context, './nothing.mjs');
  const { problems } = await describeData(missing.spec, missing.place);
  assert.deepEqual(
    problems.map(({ code: word }) => word),
    ['file-missing'],
  );
  const table = setUp(context, './t.csv');
  const found = await describeData(table.spec, table.place);
  assert.deepEqual(
    found.problems.map(({ code: word }) => word),
    ['not-a-module'],
  );
});

test('a module that cannot be loaded says why, with its file', async (context) => {
  const { text, spec, specFile, place } = setUp(context, './broken.mjs');
  fs.writeFileSync(path.join(place.root, 'broken.mjs'), 'export const = 3;');
  const directory = createRun({ text, resolved: spec, specFile, root: place.root, name: 'own' });
  const { modules = [] } = readRunRecord(directory);
  await assert.rejects(loadStrategy(spec.strategy, names, place, modules), {
    code: 'strategy-module',
    message: /broken\.mjs: it cannot be loaded/,
  });
});
