/** The files that a strategy module names, one after the other. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { resolveInside } from '../../../../src/data/paths.ts';
import { moduleFiles } from '../../../../src/trainer/prepare/module-files.ts';

async function namesOf(context: TestContext, files: Readonly<Record<string, string>>, first: string) {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-module-')));
  context.after(() => fs.rmSync(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  }
  const module = await resolveInside(root, root, first, { allowOutside: false });
  const found = await moduleFiles(module, { root, allowOutside: false });
  return found.map((file) => path.relative(root, file.path).split(path.sep).join('/'));
}

test('imports of whatever form, and files that the code reads, each once', async (context) => {
  const files = {
    'm.mjs': `import a from './a.mjs'; const b = require("./b.cjs"); const c = new URL(\`./c.json\`, 1); import('./a.mjs');`,
    'a.mjs': `import './deep/d.js'; import './m.mjs';`,
    'b.cjs': '',
    'c.json': `"./not-followed.mjs"`,
    'not-followed.mjs': '',
    'deep/d.js': `import '../up.mjs'; import './gone.mjs'; import 'package';`,
    'up.mjs': '',
    package: '',
  };
  assert.deepEqual(await namesOf(context, files, 'm.mjs'), ['m.mjs', 'a.mjs', 'b.cjs', 'c.json', 'deep/d.js', 'up.mjs']); // prettier-ignore
});

test('what require adds to a name is tried in its order; queries and escapes are taken off', async (context) => {
  const files = {
    'm.cjs': `require('./one'); require('./two'); require('./three'); require('./four'); import('./q.mjs?x=1#y'); import('./a%20b.mjs'); require('./five'); import('./100%.mjs')`,
    'one.js': '',
    'one.mjs': '',
    'two.mjs': '',
    'three.json': '',
    'four/index.js': '',
    'q.mjs': '',
    'a b.mjs': '',
    'five.cjs': '',
    '100%.mjs': '',
  };
  assert.deepEqual(await namesOf(context, files, 'm.cjs'), [
    ...['m.cjs', 'one.js', 'two.mjs', 'three.json', 'four/index.js', 'q.mjs', 'a b.mjs', 'five.cjs', '100%.mjs'],
  ]);
});

test('a file whose own name holds a mark is that file; quotes must be the same at both ends', async (context) => {
  const files = {
    'm.mjs': `read('./x#1.txt'); read("./y.txt'); read('./z.txt')`,
    'x#1.txt': '',
    x: '',
    'y.txt': '',
    'z.txt': '',
  };
  assert.deepEqual(await namesOf(context, files, 'm.mjs'), ['m.mjs', 'x#1.txt', 'z.txt']);
});

test('the text of code alone is looked at, whatever the case of its ending', async (context) => {
  const files = {
    'm.mjs': `read('./notes.js.txt'); read('./a.xjs'); import './B.JS'; import './c.Cjs'`,
    'notes.js.txt': `import './not-followed.mjs'`,
    'a.xjs': `import './not-followed.mjs'`,
    'B.JS': `import './d.mjs'`,
    'c.Cjs': `require('./e.mjs')`,
    'd.mjs': '',
    'e.mjs': '',
    'not-followed.mjs': '',
  };
  assert.deepEqual(await namesOf(context, files, 'm.mjs'), ['m.mjs', 'notes.js.txt', 'a.xjs', 'B.JS', 'c.Cjs', 'd.mjs', 'e.mjs']); // prettier-ignore
});

test('nothing outside the root', async (context) => {
  assert.deepEqual(await namesOf(context, { 'm.mjs': `import '../../etc/hostname'; import '../m.mjs'` }, 'm.mjs'), ['m.mjs']); // prettier-ignore
});
