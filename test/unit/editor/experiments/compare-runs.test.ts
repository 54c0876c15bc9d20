import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import '../fake-vscode.ts';

const { givenBy, withReference } = await import('../../../../src/editor/experiments/compare-runs.ts');

const run = (name: string, state = 'completed') => ({ kind: 'run', entry: { directory: `/runs/${name}`, state } });

test('nodes of the tree: the experiment, one run, several, and those of a spec that have ended', () => {
  assert.deepEqual(givenBy({ kind: 'experiment', directory: '/e' }, undefined), { experiment: '/e' });
  assert.deepEqual(givenBy(run('a'), undefined), { runs: ['/runs/a'] });
  assert.deepEqual(givenBy(run('a'), [run('a')]), { runs: ['/runs/a'] });
  assert.deepEqual(givenBy(run('a'), [run('a'), run('b'), run('a')]), { runs: ['/runs/a', '/runs/b'] });
  assert.deepEqual(givenBy(run('a'), [run('a'), { kind: 'experiment', directory: '/e' }]), { experiment: '/e' });
  const runs = [run('a').entry, run('b', 'running').entry];
  assert.deepEqual(givenBy({ kind: 'spec', runs }, undefined), { runs: ['/runs/a'] });
});

test('a directory is an experiment where it holds a plan, else a run; without anything one is asked for', () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-compare-'));
  assert.deepEqual(givenBy(directory, undefined), { runs: [directory] });
  fs.writeFileSync(path.join(directory, 'plan.json'), '{}');
  assert.deepEqual(givenBy(directory, undefined), { experiment: directory });
  fs.rmSync(directory, { recursive: true });
  assert.equal(givenBy(undefined, undefined), undefined);
  assert.equal(givenBy({ kind: 'spec', runs: [] }, undefined), undefined);
});

test('runs stand the oldest first; one alone is set beside the pinned one of its spec', () => {
  const entry = (directory: string, created: number, pinned = false, specFile: string | undefined = '/s.mtl.json') => ({ directory, created, specFile, notes: { pinned } }); // prettier-ignore
  const store = { entries: [entry('/a', 3), entry('/b', 1), entry('/p', 2, true), entry('/o', 4, true, '/other')] } as never; // prettier-ignore
  assert.deepEqual(withReference(store, { runs: ['/a', '/b'] }), { runs: ['/b', '/a'] });
  assert.deepEqual(withReference(store, { runs: ['/a'] }), { runs: ['/p', '/a'] });
  assert.deepEqual(withReference(store, { runs: ['/p'] }), { runs: ['/p'] });
  assert.deepEqual(withReference(store, { runs: ['/o'] }), { runs: ['/o'] });
  assert.deepEqual(withReference(store, { experiment: '/e' }), { experiment: '/e' });
  assert.equal(withReference(store, undefined), undefined);
});
