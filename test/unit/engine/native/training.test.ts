/** Whole runs of the built programs on both engines: the same course, and models that either engine opens. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import {
  effective,
  ended,
  endedWell,
  makeWorkplace,
  newRun,
  outcomeOf,
  specText,
  start,
  until,
  type Workplace,
} from '../../trainer/run-helpers.ts';
import { installedFolder, nativeSuite } from './support.ts';

const root = path.resolve(import.meta.dirname, '../../../..');

/** Runs the built `mtl` with the installed engine, unless the environment says otherwise. */
async function mtl(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const child = spawn(process.execPath, [path.join(root, 'dist/cli.cjs'), ...args], {
    env: { ...process.env, MTL_RUNTIME_DIR: installedFolder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  assert.equal(code, 0, `mtl ${args.join(' ')}: ${err}`);
  return out;
}

/** Numbers of a table of predictions, row by row. */
function numbers(csv: string): number[] {
  return csv
    .trim()
    .split('\n')
    .slice(1)
    .flatMap((line) => line.split(',').map(Number))
    .filter((value) => Number.isFinite(value));
}

function losses(directory: string): number[] {
  return effective(directory)
    .filter(({ kind }) => kind === 'epoch')
    .flatMap((record) => Object.values((record['train'] as { losses: Record<string, number> }).losses));
}

nativeSuite('native runs', () => {
  let place: Workplace;
  let spec: string;
  let none: string;
  before(() => {
    place = makeWorkplace();
    spec = path.join(place.folder, 'spec.mtl.json');
    // Smooth but for one relu; 20 epochs of 8 steps.
    fs.writeFileSync(spec, specText({ epochs: 20, batchSize: 32, learningRate: 0.01 }));
    none = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-no-runtime-'));
  });
  after(() => {
    place.remove();
    fs.rmSync(none, { recursive: true, force: true });
  });

  const train = async (name: string, engine: string): Promise<string> => {
    const directory = path.join(place.folder, name);
    await mtl(['train', spec, '--engine', engine, '--run-dir', directory, '--root', place.folder]);
    return directory;
  };

  test('both engines go the same way, and the start record says which one it was', async () => {
    const [native, wasm] = [await train('native', 'native'), await train('wasm', 'wasm')];
    const start = effective(native).find(({ kind }) => kind === 'start');
    const engine = start?.['engine'] as { name: string; device: string; detail: string; graph: boolean };
    assert.equal(engine.name, 'native');
    assert.equal(engine.graph, true, engine.detail);
    assert.match(engine.detail, /TensorFlow 2\./);
    const [left, right] = [losses(native), losses(wasm)];
    assert.equal(left.length, right.length);
    left.forEach((loss, i) => {
      const other = right[i] ?? Number.NaN;
      assert.ok(
        Math.abs(loss - other) <= 1e-4 * Math.max(1, other),
        `loss ${String(i)}: ${String(loss)}, ${String(other)}`,
      );
    });
  });

  test('a model trained natively predicts the same on the embedded engine', async () => {
    const run = fs.existsSync(path.join(place.folder, 'native'))
      ? path.join(place.folder, 'native')
      : await train('native', 'native');
    const args = ['predict', run, '--data', path.join(place.folder, 'data.csv'), '--proba', '--root', place.folder];
    const here = numbers(await mtl(args));
    const there = numbers(await mtl(args, { MTL_RUNTIME_DIR: none }));
    assert.ok(here.length > 500);
    assert.equal(there.length, here.length);
    here.forEach((value, i) => {
      const other = there[i] ?? Number.NaN;
      assert.ok(Math.abs(value - other) <= 1e-5 * Math.max(1, Math.abs(other)), `${String(value)}, ${String(other)}`);
    });
  });

  test('killed and resumed, a run ends with the bits of one that was never interrupted', async () => {
    const text = specText({
      epochs: 8,
      batchSize: 16,
      learningRate: 0.01,
      checkpoint: { every: 3, unit: 'step', keep: 2 },
    });
    const given = process.env['MTL_RUNTIME_DIR'];
    // The trainer is started with this process's environment.
    process.env['MTL_RUNTIME_DIR'] = installedFolder;
    try {
      const options = { engine: 'native' };
      const whole = newRun(place, 'whole', text);
      await endedWell(await start(whole, place, false, options));
      const killed = newRun(place, 'killed', text);
      const launched = await start(killed, place, false, options);
      await until(killed, 'epoch', 3);
      process.kill(launched.pid, 'SIGKILL');
      await ended(launched);
      await endedWell(await start(killed, place, true, options));
      const engines = effective(killed).filter(({ kind }) => kind === 'start');
      assert.equal((engines.at(-1)?.['engine'] as { name: string }).name, 'native');
      assert.deepEqual(outcomeOf(killed), outcomeOf(whole));
    } finally {
      if (given === undefined) delete process.env['MTL_RUNTIME_DIR'];
      else process.env['MTL_RUNTIME_DIR'] = given;
    }
  });

  test('not-captured: steps that cannot be a graph are told with the reason, and train all the same', async () => {
    const given = process.env['MTL_RUNTIME_DIR'];
    process.env['MTL_RUNTIME_DIR'] = installedFolder;
    try {
      // Shorter ones go step by step anyway, and say so with the engine.
      const spec = JSON.parse(specText({ epochs: 60, batchSize: 16 })) as object;
      const text = JSON.stringify({ ...spec, strategy: 'moml', weights: { kind: 1, 值: 1 } });
      const directory = newRun(place, 'eager', text);
      assert.deepEqual(await ended(await start(directory, place, false, { engine: 'native' })), {
        code: 0,
        signal: null,
      });
      const told = effective(directory).filter(({ code }) => code === 'not-captured');
      assert.ok(told.length > 0);
      assert.match(String(told[0]?.['message']), /^Some steps run operation by operation, which is slower: /);
      assert.match(String(told[0]?.['zh']), /^部分训练步逐个运算执行，速度较慢：[^a-z]*[\u4e00-\u9fff].*。$/);
    } finally {
      if (given === undefined) delete process.env['MTL_RUNTIME_DIR'];
      else process.env['MTL_RUNTIME_DIR'] = given;
    }
  });

  test('the same training twice gives the same bits', async () => {
    const [one, two] = [await train('one', 'native'), await train('two', 'native')];
    assert.deepEqual(outcomeOf(one), outcomeOf(two));
  });
});
