// Single runs side by side: values of the test split, best ones of the validation split, where specs differ, what forbids a reading.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runsBeside } from '../../../../src/experiment/comparison/beside.ts';
import type { BesideRow, RunsBeside } from '../../../../src/experiment/comparison/contract.ts';
import type { PlainRun } from '../../../../src/experiment/comparison/plain-run.ts';
import { compare } from '../../../../src/experiment/comparison/compare.ts';
import { contestOfRuns } from '../../../../src/experiment/comparison/runs.ts';
import { comparisonJson } from '../../../../src/experiment/report/json.ts';
import { besideTables } from '../../../../src/experiment/report/beside.ts';
import { isOrderedMap, parseOrdered } from '../../../../src/runs/json.ts';
import { applySettings, readSpec, type Setting } from '../../../../src/spec/index.ts';
import { spec as specText } from '../specs.ts';

function fields(value: object): NonNullable<PlainRun['result']> {
  const read = parseOrdered(JSON.stringify(value));
  assert.ok(isOrderedMap(read));
  return read;
}
const tested = (accuracy: unknown, mae: unknown = 2): PlainRun['result'] =>
  fields({ splits: { test: { metrics: { kind: { accuracy }, size: { mae } } } } });

function run(id: string, changes: Partial<PlainRun> = {}, settings: readonly Setting[] = []): PlainRun {
  const { spec } = applySettings(readSpec(specText({ replicates: 2 })), settings);
  assert.ok(spec);
  return {
    ...{ id, name: 'plain', spec, files: [], engine: 'wasm 1', state: 'completed', problem: null },
    ...{ result: tested(0.5), created: 0, pinned: false, fork: null, epochs: [] },
    ...changes,
  };
}
const seed = (value: number): Setting => ({ pointer: '/training/seed', value });
const row = ({ rows }: RunsBeside, metric: string, split: BesideRow['split']): BesideRow => {
  const found = rows.find((one) => one.metric === metric && one.split === split);
  assert.ok(found, `${metric} ${split}`);
  return found;
};
const caveats = (...runs: readonly PlainRun[]): string =>
  runsBeside(runs).caveats.map(({ en }) => en).join('\n'); // prettier-ignore
const epochs = (...accuracy: readonly (number | string)[]): PlainRun['epochs'] =>
  accuracy.map((value, at) => ({ epoch: at + 1, metrics: { kind: { accuracy: value }, size: { mae: value } } }) as PlainRun['epochs'][number]); // prettier-ignore

test('the pinned run is the reference, else the first; names that stand twice have the end of their ids', () => {
  const [a, b] = [run('x-aaaa'), run('x-bbbb', { pinned: true })];
  assert.equal(runsBeside([a, b]).reference, 'x-bbbb');
  assert.equal(runsBeside([a, run('c', { name: 'other' })]).reference, 'x-aaaa');
  assert.deepEqual(runsBeside([a, b, run('c', { name: 'other' })]).runs.map(({ label }) => label), ['plain #aaaa', 'plain #bbbb', 'other']); // prettier-ignore
});

test('what has no value says why, and 0 is a value', () => {
  const beside = runsBeside([
    run('zero', { result: tested(0) }),
    run('undefined', { result: tested(null) }),
    run('failed', { result: null, state: 'failed' }),
    run('live', { result: null, state: 'running' }),
    run('untested', { result: fields({ splits: { validation: {} } }) }),
  ]);
  assert.deepEqual(
    row(beside, 'accuracy', 'test').values.map(({ state, value }) => [state, value]),
    [['value', 0], ['undefined', null], ['failed', null], ['missing', null], ['missing', null]], // prettier-ignore
  );
});

test('the best validation value goes by the direction of the metric, with the first epoch that had it', () => {
  const beside = runsBeside([
    run('a', { epochs: epochs(0.25, 0.75, 0.75, 0.5) }),
    run('b', { epochs: epochs('NaN'), state: 'failed' }),
    run('c'),
    run('d', { state: 'crashed' }),
  ]);
  const of = (metric: string) => row(beside, metric, 'validation').values.map(({ state, value, epoch }) => [state, value, epoch]); // prettier-ignore
  const rest = [['undefined', null, null], ['missing', null, null], ['failed', null, null]]; // prettier-ignore
  assert.deepEqual(of('accuracy'), [['value', 0.75, 2], ...rest]);
  assert.deepEqual(of('mae'), [['value', 0.25, 1], ...rest]);
});

test('where specs differ, seeds too, with the value of each run', () => {
  const rate: Setting = { pointer: '/training/learningRate', value: 0.5 };
  const { differences } = runsBeside([run('a'), run('b', {}, [seed(7)]), run('c', {}, [rate])]);
  const own = String(run('a').spec.training.learningRate);
  const first = String(run('a').spec.training.seed);
  assert.deepEqual(new Map(differences.map(({ pointer, values }) => [pointer, values])), new Map([
    ['/training/seed', [first, '7', first]],
    ['/training/learningRate', [own, own, '0.5']],
  ])); // prettier-ignore
  assert.deepEqual(runsBeside([run('a'), run('b')]).differences, []);
});

test('what forbids to read a difference as an effect is said, and nothing where there is nothing', () => {
  assert.equal(caveats(run('a'), run('b', {}, [{ pointer: '/training/learningRate', value: 0.5 }])), '');
  assert.match(caveats(run('a'), run('b', {}, [seed(7)])), /^The seeds differ \(\d+, 7\)/);
  assert.match(caveats(run('a'), run('b', {}, [{ pointer: '/data/split/seed', value: 9 }])), /rows, labels or metrics: \/data\/split differ/); // prettier-ignore
  assert.match(caveats(run('a'), run('b', { engine: 'native 2' })), /different engines \(wasm 1, native 2\)/);
  const file = (sha256: string) => ({ files: [{ path: 'a.csv', sha256 }] });
  assert.match(caveats(run('a', file('1')), run('b', file('2'))), /not have the same data \(a\.csv\)/);
  assert.match(caveats(run('a', { state: 'running' }), run('b', { state: 'stopped', name: 's' })), /Still training: plain\.\nStopped before the end: s\./); // prettier-ignore
  assert.equal(caveats(run('a', { state: 'running' })), '', 'a run alone is compared with nothing');
});

const forkOf = (parent: string, changes: readonly { pointer: string }[]) =>
  ({ fork: { run: parent, step: 40, checkpoint: 'checkpoints/40', changes, notCarried: [], spec: '', stepsPerEpoch: 8 } }) as const; // prettier-ignore

test('a fork is told, and is no twin of a run with the same spec unless it changed nothing', () => {
  const changed = run('f', { name: 'fork', ...forkOf('a', [{ pointer: '/weights/kind' }]) });
  assert.match(caveats(run('a'), changed), /"fork" is a fork: up to step 40 it is the run "plain"\./);
  assert.deepEqual(contestOfRuns([run('a'), changed]).arms.map(({ id }) => id), ['plain', 'fork']); // prettier-ignore
  const same = contestOfRuns([run('a'), run('f', forkOf('a', []))]);
  assert.equal(same.arms.length, 1);
  assert.match(same.remarks.map(({ en }) => en).join(), /has the spec and the seeds of "a"/);
  assert.equal(same.beside?.runs.length, 2, 'side by side it is shown all the same');
});

test('the arm of the reference is the baseline', () => {
  const wide = run('w', { name: 'wide', pinned: true }, [{ pointer: '/network/trunk/layers/0/units', value: 16 }]);
  assert.equal(contestOfRuns([run('a'), wide]).baseline, 'wide');
  assert.equal(contestOfRuns([run('a'), wide], { baseline: 'plain' }).baseline, 'plain');
});

test('as a table and as JSON: the difference, the best one, the epoch; a run alone has neither', () => {
  const runs = [run('a', { name: 'one', epochs: epochs(0.75) }), run('b', { name: 'two', result: tested(0.75), epochs: epochs(0.5) }, [seed(7)])]; // prettier-ignore
  const [numbers, specs] = besideTables(runsBeside(runs));
  const texts = numbers?.rows.map((cells) => cells.map(({ text }) => text.en)) ?? [];
  assert.deepEqual(texts[0], ['kind', 'accuracy ↑', 'test', '0.5', '0.75 * (+0.25)']);
  assert.deepEqual(texts[1], ['kind', 'accuracy ↑', 'best validation', '0.75 * @1', '0.5 (−0.25) @1']);
  assert.match(numbers?.note?.en ?? '', /must not be read as the effect.*The seeds differ/);
  assert.deepEqual(
    specs?.rows.map(([cell]) => cell?.text.en),
    ['/training/seed'],
  );
  assert.deepEqual(besideTables(runsBeside(runs.slice(0, 1))), []);
  const json = JSON.parse(comparisonJson(compare(contestOfRuns(runs)))) as { runs: { reference: string; measures: { deltas: unknown; best: unknown; epochs: unknown }[] } }; // prettier-ignore
  assert.equal(json.runs.reference, 'a');
  assert.deepEqual(
    [json.runs.measures[0]?.deltas, json.runs.measures[0]?.best],
    [
      [null, 0.25],
      [false, true],
    ],
  );
  assert.deepEqual(json.runs.measures[1]?.epochs, [1, 1]);
});
