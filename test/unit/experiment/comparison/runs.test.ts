// Runs that were made by hand: what makes them no comparison of one thing is said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlainRun } from '../../../../src/experiment/comparison/plain-run.ts';
import { contestOfRuns } from '../../../../src/experiment/comparison/runs.ts';
import { applySettings, readSpec } from '../../../../src/spec/index.ts';
import { spec as specText } from '../specs.ts';

const file = (path: string, sha256: string) => ({ path, sha256 });

function run(seed: number, files: PlainRun['files'], engine = 'wasm 1'): PlainRun {
  const { spec } = applySettings(readSpec(specText({ replicates: 2 })), [{ pointer: '/training/seed', value: seed }]);
  assert.ok(spec);
  const id = `run ${String(seed)}`;
  return {
    ...{ id, name: id, spec, files, engine },
    state: 'completed',
    problem: null,
    result: new Map(),
    ...{ created: 0, pinned: false, fork: null, epochs: [] },
  };
}
const remarksOf = (...runs: readonly PlainRun[]): string =>
  contestOfRuns(runs)
    .remarks.map(({ en }) => en)
    .join('\n');

test('other data, in a file or in which files there are, are told by name', () => {
  const [a, b] = [file('a.csv', '1'), file('b.csv', '2')];
  assert.doesNotMatch(remarksOf(run(1, [a, b]), run(2, [b, a])), /same data/);
  assert.match(remarksOf(run(1, [a]), run(2, [file('a.csv', '3')])), /do not have the same data \(a\.csv\)/);
  assert.match(remarksOf(run(1, [a]), run(2, [a, b])), /do not have the same data \(a\.csv, b\.csv\)/);
  // One that tells no files tells nothing against the others.
  assert.doesNotMatch(remarksOf(run(1, [a]), run(2, [])), /same data/);
});

test('other engines are told', () => {
  assert.match(remarksOf(run(1, [], 'wasm 1'), run(2, [], 'native 2')), /different engines \(.*wasm 1.*\)/);
  assert.doesNotMatch(remarksOf(run(1, []), run(2, [])), /engines/);
});
