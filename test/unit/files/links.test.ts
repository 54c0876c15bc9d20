/** What stands at a name itself, and what leads out of a folder. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { isFolder, isLink, isPlainFile, isTaken, leadingOut } from '../../../src/files/links.ts';

function folderFor(context: TestContext): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-links-')));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('a folder, a file, links to each and to nowhere, and what cannot be there', (context) => {
  const folder = folderFor(context);
  const at = (name: string): string => path.join(folder, name);
  fs.mkdirSync(at('folder'));
  fs.writeFileSync(at('file'), '');
  fs.symlinkSync('folder', at('to-folder'));
  fs.symlinkSync('file', at('to-file'));
  fs.symlinkSync('nowhere', at('to-nowhere'));
  const seen = (name: string): readonly boolean[] =>
    [isTaken, isFolder, isPlainFile, isLink].map((ask) => ask(at(name)));
  assert.deepEqual(seen('folder'), [true, true, false, false]);
  assert.deepEqual(seen('file'), [true, false, true, false]);
  for (const link of ['to-folder', 'to-file', 'to-nowhere']) assert.deepEqual(seen(link), [true, false, false, true]);
  for (const none of ['none', 'file/x']) assert.deepEqual(seen(none), [false, false, false, false], none);
});

test('the link that leads out is named, be it the folder itself or the one above it', (context) => {
  const [home, other] = [folderFor(context), folderFor(context)];
  const runs = path.join(home, '.mtl', 'runs');
  const linked = (target: string, place: string): void => {
    fs.rmSync(place, { recursive: true, force: true });
    fs.symlinkSync(target, place);
  };
  // What is not there leads nowhere; what is there lies inside.
  assert.equal(leadingOut(runs, [home]), null);
  fs.mkdirSync(runs, { recursive: true });
  assert.equal(leadingOut(runs, [home]), null);
  assert.equal(leadingOut(runs, [other]), '.mtl');
  assert.equal(leadingOut(runs, [other, home]), null);
  assert.equal(leadingOut(runs, [path.join(home, 'none')]), '.mtl', 'a home that is not there holds nothing');
  assert.equal(leadingOut(runs, [runs]), '.mtl');
  // Names that begin with two points lie inside, too.
  const pointed = path.join(home, '..mtl', 'runs');
  fs.mkdirSync(pointed, { recursive: true });
  assert.equal(leadingOut(pointed, [home]), null);
  linked(other, runs);
  assert.equal(leadingOut(runs, [home]), 'runs');
  assert.equal(leadingOut(runs, [home, other]), null);
  linked(path.join(home, 'none'), runs);
  assert.equal(leadingOut(runs, [home]), 'runs', 'a link to nowhere');
  fs.mkdirSync(path.join(home, 'disk'));
  linked(path.join(home, 'disk'), runs);
  assert.equal(leadingOut(runs, [home]), null);
  linked(path.dirname(home), path.join(home, '.mtl'));
  assert.equal(leadingOut(runs, [home]), '.mtl', 'the folder above');
});
