/** What `--from` may name, and what is said of what it may not. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { RuntimeError } from '../../../src/runtime/error.ts';
import { localSource } from '../../../src/runtime/source.ts';

const libraries = ['liba.so.2', 'libb.so.2'] as const;

function place(context: TestContext): { folder: string; put: (name: string, text?: string) => string } {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-source-')));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const put = (name: string, text = ''): string => {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    return file;
  };
  return { folder, put };
}

async function refused(named: string, cwd: string, signal?: AbortSignal): Promise<RuntimeError> {
  const error: unknown = await localSource(named, cwd, { libraries }, signal).then(
    (found) => assert.fail(JSON.stringify(found)),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RuntimeError, String(error));
  return error;
}

/** A program that stands for Python: it says where its tensorflow lies, or nothing. */
const pythonThatSays = (text: string): string => `#!/bin/sh\n[ "$1" = -c ] || exit 3\necho "${text}"\n`;

test('a wheel by its name, a folder by its libraries, and only then by an interpreter or wheels', async (context) => {
  const { folder, put } = place(context);
  const wheel = put('w/one.whl');
  assert.deepEqual(await localSource(wheel, folder, { libraries }), { kind: 'wheels', folder: path.join(folder, 'w') });
  const wheels = path.join(folder, 'w');
  put('w/readme.txt');
  assert.deepEqual(await localSource(wheels, folder, { libraries }), { kind: 'wheels', folder: wheels });
  // One of the two libraries is none; the folder itself goes before those below it.
  put('w/liba.so.2');
  assert.equal((await localSource(wheels, folder, { libraries })).kind, 'wheels');
  for (const [below, at] of [
    ['deps/lib', 'deps/lib'],
    ['tensorflow', 'tensorflow'],
    ['', ''],
  ] as const) {
    for (const name of libraries) put(path.join('w', below, name));
    assert.deepEqual(await localSource(wheels, folder, { libraries }), {
      ...{ kind: 'libraries', folder: path.join(wheels, at), from: wheels, headers: null },
    });
  }
});

test('headers lie in the folder of the libraries, beside it or two above, the nearest first', async (context) => {
  const { folder, put } = place(context);
  const at = path.join(folder, 'r/deps/lib');
  for (const name of libraries) put(path.join('r/deps/lib', name));
  for (const include of ['r/include', 'r/deps/include', 'r/deps/lib/include']) {
    // A folder of that name without the header that is asked for is none.
    fs.mkdirSync(path.join(folder, include, 'tensorflow/c'), { recursive: true });
    const before = await localSource(at, folder, { libraries });
    assert.notEqual(before.kind === 'libraries' ? before.headers : '', path.join(folder, include));
    put(path.join(include, 'tensorflow/c/c_api.h'));
    assert.deepEqual(await localSource(at, folder, { libraries }), {
      ...{ kind: 'libraries', folder: at, from: at, headers: path.join(folder, include) },
    });
  }
});

test('an interpreter, or the folder of its environment, tells where its tensorflow lies', async (context) => {
  const { folder, put } = place(context);
  const packages = path.join(folder, 'site-packages/tensorflow');
  for (const name of libraries) put(path.join('site-packages/tensorflow', name));
  const python = put('env/bin/python', pythonThatSays(packages));
  fs.chmodSync(python, 0o755);
  const found = { kind: 'libraries', folder: packages, headers: null } as const;
  assert.deepEqual(await localSource(python, folder, { libraries }), { ...found, from: python });
  assert.deepEqual(await localSource(path.join(folder, 'env'), folder, { libraries }), { ...found, from: python });
  // `python3` goes before `python`.
  const newer = put('env/bin/python3', pythonThatSays(''));
  fs.chmodSync(newer, 0o755);
  const none = await refused(path.join(folder, 'env'), folder);
  assert.deepEqual([none.code, none.text], ['source', {
    en: `--from "${newer}" cannot be used: that Python has no tensorflow.`,
    zh: `无法使用 --from “${newer}”：该 Python 中没有 tensorflow。`,
  }]); // prettier-ignore
  fs.writeFileSync(newer, pythonThatSays(folder));
  assert.deepEqual((await refused(newer, folder)).text, {
    en: `--from "${newer}" cannot be used: the tensorflow of that Python has no liba.so.2 (2.13 or newer has it).`,
    zh: `无法使用 --from “${newer}”：该 Python 的 tensorflow 没有 liba.so.2（需 2.13 或更新版本）。`,
  });
});

test('what is nothing of all that is refused, and says why', async (context) => {
  const { folder, put } = place(context);
  const missing = path.join(folder, 'missing');
  const nothing = await refused(missing, folder);
  assert.equal(nothing.code, 'source');
  assert.deepEqual(nothing.text, {
    en: `--from "${missing}" cannot be used: there is no such file or folder.`,
    zh: `无法使用 --from “${missing}”：没有该文件或文件夹。`,
  });
  put('empty/one.whl.txt');
  const empty = path.join(folder, 'empty');
  assert.deepEqual((await refused(empty, folder)).text, {
    en: `--from "${empty}" cannot be used: it holds neither TensorFlow's wheels nor liba.so.2 and libb.so.2, and is no Python environment.`,
    zh: `无法使用 --from “${empty}”：其中既没有 TensorFlow 的 wheel，也没有 liba.so.2 和 libb.so.2，也不是 Python 环境。`,
  });
  const failing = put('fails', '#!/bin/sh\necho /somewhere\nexit 1\n');
  fs.chmodSync(failing, 0o755);
  for (const file of [failing, put('plain.txt', 'no program')]) {
    assert.deepEqual((await refused(file, folder)).text, {
      en: `--from "${file}" cannot be used: it is no Python interpreter that can be started.`,
      zh: `无法使用 --from “${file}”：无法作为 Python 解释器启动。`,
    });
  }
  assert.equal((await refused(failing, folder, AbortSignal.abort())).code, 'cancelled');
});
