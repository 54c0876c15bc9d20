// Experiments of several specs in one folder: each is its own spec's.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import '../fake-vscode.ts';
import { experimentPaths } from '../../../../src/experiment/layout.ts';
import { writePlan } from '../../../../src/experiment/plan-file.ts';
import { makePlace, quickFolder, specText } from '../../experiment/workplace.ts';

const { experimentsOf } = await import('../../../../src/editor/experiments/experiments-of.ts');

test('an experiment is that of the spec that it was begun with, as long as that is there', (context) => {
  const { folder, specFile, directory, plan } = makePlace(quickFolder(context), specText({ replicates: 2 }));
  const other = path.join(folder, 'other.mtl.json');
  fs.writeFileSync(other, specText({ replicates: 2 }));
  assert.deepEqual([experimentsOf(specFile), experimentsOf(other)], [[directory], []]);
  writePlan(directory, { ...plan, spec: 'other.mtl.json', name: 'changed' });
  assert.deepEqual([experimentsOf(specFile), experimentsOf(other)], [[], [directory]]);
  fs.rmSync(other);
  assert.deepEqual([experimentsOf(specFile), experimentsOf(other)], [[directory], [directory]], 'its spec is gone');
});

test('one that cannot be read is seen all the same; folders without a plan, and no folder, are none', (context) => {
  const { folder, specFile, directory } = makePlace(quickFolder(context), specText({ replicates: 2 }));
  fs.writeFileSync(experimentPaths(directory).plan, '{');
  fs.mkdirSync(path.join(path.dirname(directory), 'empty'));
  assert.deepEqual(experimentsOf(specFile), [directory]);
  assert.deepEqual(experimentsOf(path.join(folder, 'other.mtl.json')), [directory]);
  assert.deepEqual(experimentsOf(path.join(folder, 'elsewhere', 'x.mtl.json')), []);
});
