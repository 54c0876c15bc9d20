// conventions 13.1 to 13.3 in the editor: what strangers' names may do to it, and what an untrusted folder may start.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { answers, executed, shown } from './fake-vscode.ts';
import { plainLabel } from '../../../src/editor/weights/lens-text.ts';

const { confirms, nameText, showError, showInformation, showWarning } =
  await import('../../../src/editor/window/say.ts');
const { RunFolders } = await import('../../../src/editor/runs/run-folders.ts');
const { installRuntime } = await import('../../../src/editor/training/runtime.ts');
const { pick } = await import('../../../src/editor/window/language.ts');

const sources = path.resolve(import.meta.dirname, '../../../src/editor');
const hostile = 'a\u202egnp.exe\u2069 [ok](command:workbench.action.terminal.new)\u001b[2J';
const harmless = 'a\\u202egnp.exe\\u2069 [ok]\u200b(command:workbench.action.terminal.new)\\u001b[2J';

test('notifications are shown in one place', () => {
  for (const name of fs
    .readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ts$/.test(file) && path.basename(file) !== 'say.ts')) {
    const text = fs.readFileSync(path.join(sources, name), 'utf8');
    assert.doesNotMatch(text, /show(?:Information|Warning|Error)Message/, name);
  }
});

test('names in notifications neither turn the text round nor become links', async () => {
  shown.length = 0;
  answers.button = 'Yes';
  assert.equal(await showInformation(hostile, 'No', 'Yes'), 'Yes');
  assert.equal(await showWarning(`${hostile}\nsecond`), undefined);
  assert.equal(await showError(hostile, 'No'), undefined);
  assert.equal(await confirms(hostile, 'Yes'), true);
  assert.equal(await confirms(hostile, 'No'), false);
  answers.button = undefined;
  assert.deepEqual(shown, [
    { kind: 'information', text: harmless, rest: ['No', 'Yes'] },
    { kind: 'warning', text: `${harmless}\nsecond`, rest: [] },
    { kind: 'error', text: harmless, rest: ['No'] },
    { kind: 'warning', text: harmless, rest: [{ modal: true }, 'Yes'] },
    { kind: 'warning', text: harmless, rest: [{ modal: true }, 'No'] },
  ]);
});

test('names in trees, titles, lists and problems are one line of text', () => {
  assert.equal(nameText(`${hostile}\n2`), `${harmless}\\n2`);
  assert.equal(plainLabel('$(trash)\u2066x\n'), '$\u200b(trash)\\u2066x\\n');
  assert.equal(pick({ en: 'no column "\u202ex"\nnext', zh: '' }), 'no column "\\u202ex"\nnext');
});

test('in Restricted Mode nothing is installed: the person is told and led to the trust editor', async () => {
  shown.length = 0;
  executed.length = 0;
  answers.trusted = false;
  answers.button = 'Manage Workspace Trust';
  await installRuntime({ fsPath: sources } as never);
  answers.trusted = true;
  answers.button = undefined;
  assert.equal(shown.length, 1);
  assert.match(shown[0]?.text ?? '', /installing need a trusted workspace/);
  assert.deepEqual(executed, ['workbench.trust.manage']);
});

function folder(context: TestContext): string {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-safety-'));
  context.after(() => fs.rmSync(made, { recursive: true, force: true }));
  return made;
}

test('runs are neither looked for nor made where a .mtl leads out of the project', (context) => {
  const [project, elsewhere, storage] = [folder(context), folder(context), folder(context)];
  const spec = path.join(project, 'x.mtl.json');
  const beside = path.join(project, '.mtl', 'runs');
  const folders = new RunFolders({ fsPath: storage } as never);
  assert.ok(folders.of(spec).includes(beside), 'where there is none yet');
  fs.symlinkSync(elsewhere, path.join(project, '.mtl'));
  assert.ok(!folders.of(spec).includes(beside));
  shown.length = 0;
  const own = folders.forNew(spec);
  assert.ok(own.startsWith(path.join(storage, 'runs')), own);
  assert.ok(fs.statSync(own).isDirectory());
  assert.ok(folders.of(spec).includes(own));
  assert.equal(shown[0]?.kind, 'warning');
  assert.ok(shown[0].text.includes(beside));
  folders.forNew(spec);
  assert.equal(shown.length, 1, 'said once');
  assert.deepEqual(fs.readdirSync(elsewhere), []);
  fs.rmSync(path.join(project, '.mtl'));
  assert.equal(folders.forNew(spec), beside);
  assert.ok(fs.statSync(beside).isDirectory());
});
