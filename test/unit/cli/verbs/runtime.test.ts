// `mtl runtime list` and `remove`, in the test's own process; what `install` is refused for.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { beforeEach, test, type TestContext } from 'node:test';
import { setLanguage } from '../../../../src/cli/language.ts';
import { writeJson } from '../../../../src/runtime/manifest.ts';
import { temporaryFolder } from '../../runs/helpers.ts';
import { within } from '../in-process.ts';

beforeEach(() => setLanguage('en'));

/** The runtime folder of the test, with these runtimes; the first is in use. */
function folderWith(context: TestContext, ...names: readonly string[]): string {
  const folder = fs.realpathSync(temporaryFolder(context));
  const before = process.env['MTL_RUNTIME_DIR'];
  process.env['MTL_RUNTIME_DIR'] = folder;
  context.after(() => {
    if (before === undefined) delete process.env['MTL_RUNTIME_DIR'];
    else process.env['MTL_RUNTIME_DIR'] = before;
  });
  for (const [at, name] of names.entries()) {
    fs.mkdirSync(path.join(folder, name));
    writeJson(path.join(folder, name, 'runtime.json'), {
      ...{ v: 1, name, version: '2.21.0', gpu: at === 1, source: 'pip', addon: 'aa', bytes: at === 1 ? 2.5e9 : 9e8 },
      ...{ installed: 'then', hashes: {} },
    });
  }
  if (names[0] !== undefined) writeJson(path.join(folder, 'current.json'), { v: 1, name: names[0] });
  return folder;
}

test('runtimes are listed with the one in use marked, for people and as JSON', async (context) => {
  const folder = folderWith(context, 'cpu-1', 'gpu-1');
  const { code, out, err } = await within(['runtime', 'list']);
  assert.deepEqual([code, err], [0, '']);
  assert.equal(
    out,
    `* cpu-1 · TensorFlow 2.21.0 · CPU · 900 MB · ${path.join(folder, 'cpu-1')}\n  gpu-1 · TensorFlow 2.21.0 · CUDA · 2.5 GB · ${path.join(folder, 'gpu-1')}\n`,
  );
  const { runtimes, v } = JSON.parse((await within(['runtime', 'list', '--json'])).out) as {
    v: number;
    runtimes: unknown[];
  };
  const common = { version: '2.21.0', source: 'pip', installed: 'then' };
  assert.deepEqual([v, runtimes], [1, [
    { name: 'cpu-1', gpu: false, bytes: 9e8, ...common, folder: path.join(folder, 'cpu-1'), current: true },
    { name: 'gpu-1', gpu: true, bytes: 2.5e9, ...common, folder: path.join(folder, 'gpu-1'), current: false },
  ]]); // prettier-ignore
});

test('one is removed by name, all without; what there is not is refused with what there is', async (context) => {
  folderWith(context, 'a-1', 'b-1', 'c-1');
  assert.deepEqual(await within(['runtime', 'remove', 'b-1']), { code: 0, out: 'Removed: b-1\n', err: '' });
  assert.deepEqual(await within(['runtime', 'remove', 'b-1']), {
    code: 2,
    out: '',
    err: 'mtl: No runtime named "b-1" is installed (a-1, c-1).\n',
  });
  assert.deepEqual(JSON.parse((await within(['runtime', 'remove', '--json'])).out), { v: 1, removed: ['a-1', 'c-1'] });
  assert.equal((await within(['runtime', 'remove'])).out, 'No native engine was installed.\n');
  assert.equal((await within(['runtime', 'list'])).out, 'No native engine is installed.\n');
  assert.deepEqual(JSON.parse((await within(['runtime', 'list', '--json'])).out), { v: 1, runtimes: [] });
  assert.equal((await within(['runtime', 'remove', '--lang', 'zh'])).out, '没有已安装的原生引擎。\n');
});

test('several are named with commas', async (context) => {
  folderWith(context, 'a-1', 'b-1');
  assert.equal((await within(['runtime', 'remove'])).out, 'Removed: a-1, b-1\n');
});

test('another verb, or a word too many, is refused', async (context) => {
  folderWith(context);
  const refused = async (...words: readonly string[]): Promise<string> => {
    const { code, out, err } = await within(['runtime', ...words]);
    assert.deepEqual([code, out], [2, '']);
    return err;
  };
  assert.equal(await refused('eat'), 'mtl: "runtime" takes install, remove or list, not "eat".\n');
  for (const verb of ['list', 'install'])
    assert.equal(await refused(verb, 'x'), `mtl: "runtime ${verb}" takes nothing after it.\n`);
});

test('a source that cannot be used is refused before anything is done, and no handler of signals stays', async (context) => {
  const folder = folderWith(context);
  const before = ['SIGINT', 'SIGTERM'].map((name) => process.listenerCount(name));
  const { code, out, err } = await within(['runtime', 'install', '--from', path.join(folder, 'none.whl')]);
  assert.equal(out, '');
  assert.match(err, /none\.whl" cannot be used: there is no such file or folder\.\n$/);
  assert.equal(code, 2);
  assert.deepEqual(['SIGINT', 'SIGTERM'].map((name) => process.listenerCount(name)), before); // prettier-ignore
  assert.deepEqual(
    fs.readdirSync(folder).filter((name) => name !== 'lock'),
    [],
  );
});
