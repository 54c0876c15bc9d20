/** What is compared when a run is started again, and which engine it gets; engines are made up here. */
import { text } from '../../../../src/common/text.ts';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { EngineMark } from '../../../../src/runs/changes.ts';
import { readFingerprints, writeFingerprints } from '../../../../src/runs/fingerprints.ts';
import { sha256 } from '../../../../src/runs/frozen.ts';
import { readSpec, type Spec } from '../../../../src/spec/index.ts';
import { againWarnings, before, findAgain, settle, type Found } from '../../../../src/trainer/prepare/again.ts';
import { EngineError } from '../../../../src/engine/errors.ts';
import type { Engine, EngineRequest } from '../../../../src/engine/contract.ts';
import type { FrozenRun } from '../../../../src/trainer/prepare/frozen-run.ts';

const native: EngineMark = { name: 'native', version: 'TensorFlow 2.21.0', device: 'cpu', threads: 2 };
const wasm: EngineMark = { name: 'wasm', version: 'TensorFlow.js 4, SIMD', device: 'cpu', threads: 1 };

/** A project with one file, `data.csv`, and a machine that has these engines. */
function setUp(context: TestContext, options: { readonly engine?: string; readonly module?: boolean } = {}) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-again-'));
  context.after(() => fs.rmSync(root, { recursive: true, force: true }));
  const data = path.join(root, 'data.csv');
  fs.writeFileSync(data, 'a,y\n1,2\n');
  fs.writeFileSync(path.join(root, 'mine.mjs'), 'export const weigh = 1;\n');
  const source = JSON.stringify({
    data: { source: 'data.csv', inputs: { x: { type: 'number', from: 'a' } } },
    network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 2 }] } },
    tasks: { y: { type: 'regression', target: 'y', input: 'trunk' } },
    ...(options.module === true ? { strategy: { module: './mine.mjs' } } : {}),
    training: { engine: options.engine ?? 'auto' },
  });
  const spec = readSpec(source).spec as Spec;
  const place = { specFile: path.join(root, 's.mtl.json'), root, allowOutside: false };
  const run: FrozenRun = { spec, hash: '', place, name: 's', specName: 's.mtl.json', modules: [] };
  const asked: EngineRequest[] = [];
  let disposed = 0;
  const machine =
    (...engines: EngineMark[]) =>
    (request: EngineRequest): Promise<Engine> => {
      asked.push(request);
      const found = engines.find(({ name }) => request === 'auto' || name === request);
      if (!found)
        return Promise.reject(
          new EngineError('engine-unavailable', text(`there is no ${request}.`, `没有 ${request}。`)),
        );
      const { name, version = '', device, threads } = found;
      const description = {
        name: name as 'wasm',
        device,
        threads,
        detail: text('', ''),
        graph: false,
        deterministic: true,
      };
      const backend = null as unknown as Engine['backend'];
      return Promise.resolve({
        description,
        version,
        backend,
        fallbacks: () => new Map(),
        dispose: () => {
          disposed++;
        },
      });
    };
  const find = (wish: object, ...engines: EngineMark[]): Promise<Found> =>
    findAgain(
      before(root),
      run,
      { attempt: 1, engine: 'auto', ...wish },
      { open: machine(...engines), onBytes: () => undefined },
    );
  /** As after a first start on that engine. */
  const started = (engine: EngineMark): void => {
    const bytes = fs.readFileSync(data);
    const files = [{ path: 'data.csv', bytes: bytes.length, sha256: sha256(bytes) }];
    writeFingerprints(root, { v: 1, attempt: 1, files, engine, accepted: [] });
  };
  return { root, data, run, find, started, asked, disposed: () => disposed };
}

test('a first start takes what the spec asks for, and writes down what it found', async (context) => {
  const { root, data, find, asked } = setUp(context, { engine: 'wasm' });
  const found = await find({}, native, wasm);
  assert.deepEqual(asked, ['wasm']);
  assert.deepEqual(found.changes, []);
  const was = before(root);
  const settled = await settle(root, was, found, { attempt: 1 }, 0);
  assert.deepEqual(settled, { accepted: [], all: [] });
  assert.deepEqual(againWarnings(was, settled), []);
  const bytes = fs.readFileSync(data);
  assert.deepEqual(readFingerprints(root), {
    v: 1,
    attempt: 1,
    files: [{ path: 'data.csv', bytes: bytes.length, sha256: sha256(bytes) }],
    engine: wasm,
    accepted: [],
  });
});

test('the engine stays that of the last start, whatever was installed meanwhile', async (context) => {
  const { find, started, asked } = setUp(context);
  started(wasm);
  assert.deepEqual((await find({}, native, wasm)).changes, []);
  assert.deepEqual(asked, ['wasm']);
});

test('an engine that is asked for by name is taken, and told as a change', async (context) => {
  const { root, find, started, asked } = setUp(context);
  started(wasm);
  const found = await find({ engine: 'native' }, native, wasm);
  assert.deepEqual(asked, ['native']);
  assert.deepEqual(found.changes, [{ kind: 'engine', before: 'wasm', after: 'native' }]);
  const was = before(root);
  const settled = await settle(root, was, found, { attempt: 2 }, 40);
  const [accepted] = settled.accepted;
  assert.deepEqual([accepted?.attempt, accepted?.step, accepted?.change.kind], [2, 40, 'engine']);
  const [warning] = againWarnings(was, settled);
  assert.equal(warning?.code, 'accepted-change');
  assert.match(warning.message.en, /From step 40 on.*the engine was wasm and is native/);
  assert.match(warning.message.zh, /自第 40 步起.*引擎原为 wasm，现为 native/);
  assert.deepEqual((await find({}, native, wasm)).changes, [], 'from then on it is the engine of the run');
});

test('an engine that is gone is refused with what next; accepted, another one takes its place', async (context) => {
  const { find, started, asked } = setUp(context, { engine: 'native' });
  started(native);
  await assert.rejects(find({}, wasm), { code: 'changed', message: /its engine \(native\).*there is no native/ });
  await assert.rejects(find({ engine: 'native', acceptChanges: true }, wasm), { code: 'engine-unavailable' });
  asked.length = 0;
  const found = await find({ acceptChanges: true }, wasm);
  assert.deepEqual(asked, ['native', 'auto']);
  assert.deepEqual(found.changes, [{ kind: 'engine', before: 'native', after: 'wasm' }]);
});

test('another version, device or number of threads is refused with both, and the engine closed', async (context) => {
  const { find, started, disposed } = setUp(context);
  started(native);
  const others: readonly (readonly [EngineMark, RegExp])[] = [
    [
      { ...native, version: 'TensorFlow 2.22.0' },
      /version of the engine was TensorFlow 2\.21\.0 and is TensorFlow 2\.22\.0/,
    ],
    [{ ...native, device: 'H200' }, /device was cpu and is H200/],
    [{ ...native, threads: 1 }, /threads was 2 and is 1/],
  ];
  for (const [index, [engine, message]] of others.entries()) {
    await assert.rejects(find({}, engine), { code: 'changed', message });
    // A name that is asked for accepts another engine, not another version of the same.
    await assert.rejects(find({ engine: 'native' }, engine), { code: 'changed', message });
    assert.equal(disposed(), 2 * (index + 1));
    assert.equal((await find({ acceptChanges: true }, engine)).changes.length, 1);
  }
});

test('changed files are refused together with a changed engine, and accepted together', async (context) => {
  const { root, data, find, started } = setUp(context);
  started(native);
  fs.appendFileSync(data, '3,4\n');
  const both = /"data\.csv" grew from 8 to 12 bytes.*threads was 2 and is 4/;
  await assert.rejects(find({}, { ...native, threads: 4 }), { code: 'changed', message: both });
  const found = await find({ acceptChanges: true }, { ...native, threads: 4 });
  const first = await settle(root, before(root), found, { attempt: 2 }, 5);
  assert.deepEqual(
    first.all.map(({ change }) => change.kind),
    ['file', 'threads'],
  );
  fs.rmSync(data);
  await assert.rejects(find({}, { ...native, threads: 4 }), { code: 'changed', message: /"data\.csv" is missing/ });
  fs.writeFileSync(data, 'b,y\n1,2\n');
  const second = await settle(
    root,
    before(root),
    await find({ acceptChanges: true }, { ...native, threads: 4 }),
    { attempt: 3 },
    9,
  );
  assert.equal(second.accepted.length, 1);
  assert.deepEqual(
    second.all.map(({ attempt, step }) => [attempt, step]),
    [
      [2, 5],
      [2, 5],
      [3, 9],
    ],
    'what was accepted before is not forgotten',
  );
});

test('damaged fingerprints are refused, and new ones written where somebody accepts that', async (context) => {
  const { root, find } = setUp(context);
  fs.writeFileSync(path.join(root, 'fingerprints.json'), '{}');
  await assert.rejects(find({}, wasm), { code: 'changed', message: /fingerprints\.json is damaged/ });
  const found = await find({ acceptChanges: true }, wasm);
  await settle(root, before(root), found, { attempt: 2 }, 0);
  assert.deepEqual((await find({}, wasm)).changes, []);
});

test('before its first start, code that is not what the run was made with is refused', async (context) => {
  const { root, run, find } = setUp(context, { module: true });
  const module = path.join(root, 'mine.mjs');
  Object.assign(run, { modules: [{ path: './mine.mjs', sha256: sha256(fs.readFileSync(module)) }] });
  const found = await find({}, wasm);
  assert.deepEqual(found.changes, []);
  assert.deepEqual(found.surroundings.modules, run.modules);
  fs.appendFileSync(module, '// other\n');
  await assert.rejects(find({}, wasm), { code: 'changed', message: /mine\.mjs" has changed/ });
  assert.equal((await find({ acceptChanges: true }, wasm)).changes.length, 1);
  fs.rmSync(module);
  await assert.rejects(find({}, wasm), { code: 'changed', message: /mine\.mjs" is missing/ });
});
