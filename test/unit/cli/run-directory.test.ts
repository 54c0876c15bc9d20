/** Where the data of a run are: believed of a run directory only where its spec is really there. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { beforeEach, test, type TestContext } from 'node:test';
import { Arguments } from '../../../src/cli/arguments.ts';
import { CliError } from '../../../src/cli/error.ts';
import { setLanguage } from '../../../src/cli/language.ts';
import { runDirectory, runPlace } from '../../../src/cli/run-directory.ts';
import { createRun } from '../../../src/runs/launch.ts';
import { temporaryFolder } from '../runs/helpers.ts';

beforeEach(() => setLanguage('en'));

const asked = (values: Readonly<Record<string, unknown>> = {}): Arguments =>
  new Arguments([], new Map(Object.entries(values)));

/** A run of a spec of this name, which lies there. */
function runOf(
  context: TestContext,
  name: string,
): { readonly root: string; readonly file: string; readonly run: string } {
  const root = fs.realpathSync(temporaryFolder(context));
  const file = path.join(root, name);
  fs.writeFileSync(file, '{}');
  return { root, file, run: createRun({ text: '{}', resolved: {}, specFile: file, root, name: 'x' }) };
}

test('the root is that of the spec, whose name ends in .json in any case', (context) => {
  for (const name of ['a.mtl.json', 'A.MTL.JSON']) {
    const { root, run } = runOf(context, name);
    assert.deepEqual(runPlace(asked(), run), { root, allowOutside: false });
    assert.deepEqual(runPlace(asked({ 'allow-outside': true }), run), { root, allowOutside: true });
  }
});

test('of a file that is no spec, or one that is gone, the folder has to be said', (context) => {
  const { root, run } = runOf(context, 'a.json.bak');
  const refused = (en: RegExp) => (error: unknown) => error instanceof CliError && en.test(error.text.en);
  assert.throws(() => runPlace(asked(), run), refused(/cannot be told for certain\. Say it: --root DIR/));
  assert.equal(runPlace(asked({ root }), run).root, root);
  const gone = runOf(context, 'b.mtl.json');
  fs.rmSync(gone.file);
  assert.throws(() => runPlace(asked(), gone.run), refused(/there is no .*b\.mtl\.json where the run directory says/));
});

test('a run is named by its folder', (context) => {
  const { run, file } = runOf(context, 'a.mtl.json');
  assert.equal(runDirectory(path.relative('.', run)), run);
  for (const word of [file, `${run}-none`])
    assert.throws(() => runDirectory(word), /There is no run directory ".*"\. "mtl runs list" shows/);
});
