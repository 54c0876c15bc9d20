// Arms of several experiments: called by both names, paired only by the whole of their seeds, refused where they are no comparison.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compare } from '../../../../src/experiment/comparison/compare.ts';
import type { Comparison } from '../../../../src/experiment/comparison/contract.ts';
import type { ExperimentEvidence, Wishes } from '../../../../src/experiment/comparison/experiment.ts';
import { contestOfSeveral } from '../../../../src/experiment/comparison/several.ts';
import { readDesign } from '../../../../src/experiment/design.ts';
import { methodsText } from '../../../../src/experiment/report/methods.ts';
import { spec, surroundings } from '../specs.ts';
import { evidenceOf, tabled, three, type Values } from './evidence.ts';
import { close, deltaOf } from './readings.ts';

const plain = { arms: [{ id: 'joint' }], replicates: { n: 5, hold: 'split' }, measures: three.measures };
const two = { ...plain, arms: [{ id: 'wide', set: { '/network/trunk/layers/0/units': 16 } }] };
const of = (experiment: unknown, values: Values = tabled): ExperimentEvidence => evidenceOf(experiment, values);
const together = (a: ExperimentEvidence, b: ExperimentEvidence, wishes: Wishes = {}): Comparison =>
  compare(contestOfSeveral([{ name: 'one', evidence: a }, { name: 'two', evidence: b }], wishes)); // prettier-ignore
const said = (sentences: Comparison['remarks']): string => sentences.map(({ en }) => en).join(' ');

describe('what can be compared', () => {
  const comparison = together(of(three), of(two));

  test('arms have both names, the baseline is the first one’s', () => {
    assert.deepEqual(comparison.arms.map(({ id }) => id), ['one/joint', 'one/single', 'one/wide', 'two/wide']); // prettier-ignore
    assert.deepEqual([comparison.baseline, comparison.name, comparison.kind], ['one/single', 'one, two', 'experiment']);
    assert.equal(together(of(three), of(two), { baseline: 'two/wide' }).baseline, 'two/wide');
    assert.throws(() => together(of(three), of(two), { baseline: 'wide' }), /no arm "wide".*one\/joint/);
  });

  test('paired where all seeds are the same; scipy’s values as in one experiment', () => {
    const delta = deltaOf(comparison, 'two/wide');
    assert.deepEqual([comparison.paired, delta.n, comparison.tests], [true, 5, 6]);
    close(delta.p, 0.00012833212910506677);
    // Holm over the six tests of both experiments.
    close(delta.adjustedP, 6 * 0.00012833212910506677);
  });

  test('no plan foresaw it: that is said, hypotheses are left to each, the very same runs are named', () => {
    assert.match(said(comparison.deviations), /which no plan foresaw/);
    assert.match(methodsText(comparison).en, /Deviations from the plan: Arms of several experiments/);
    assert.deepEqual([comparison.hypotheses, comparison.looks, comparison.provenance.plan], [[], null, null]);
    assert.match(said(comparison.remarks), /"one\/wide" and "two\/wide" are the very same runs/);
    assert.doesNotMatch(said(together(of(plain), of(two)).remarks), /very same/);
    const sized = of({ ...plain, arms: [{ id: 'joint' }, { id: 'single', auto: 'single-task', match: 'parameters' }] });
    assert.match(said(together(of(plain), sized).remarks), /two: "single" has networks with as many parameters/);
  });

  test('other seeds: nothing is paired, Welch compares', () => {
    const other = of({ ...two, replicates: { seeds: [11, 12, 13, 14, 15], hold: 'split' } }, (arm, task, place) => tabled(arm, task, place - 8)); // prettier-ignore
    const unpaired = together(of(three), other);
    assert.equal(unpaired.paired, false);
    assert.match(said(unpaired.remarks), /Not every arm shares seeds and splits/);
    // scipy.stats.ttest_ind(equal_var=False)
    close(deltaOf(unpaired, 'two/wide').p, 0.013845616628874041);
    // The same seeds with another split are other replicates.
    assert.equal(together(of(plain), of({ ...two, replicates: 5 })).paired, false);
    const declared = together(of({ ...plain, replicates: { n: 5, hold: 'split', paired: false } }), of(two));
    assert.equal(declared.paired, false);
    assert.doesNotMatch(said(declared.remarks), /Not every arm shares/);
  });

  test('margins, level and looks that differ are told', () => {
    const margins = together(of(three), of({ ...two, measures: { kind: { margin: 0.5 } } }));
    assert.deepEqual(margins.measures.map(({ task, margin }) => [task, margin]), [['kind', null], ['size', null]]); // prettier-ignore
    assert.match(said(margins.deviations), /different margins of "kind".*different margins of "size"/);
    assert.doesNotMatch(said(comparison.deviations), /margins|Level|Looks/);
    const level = together(of(three), of({ ...two, analysis: { level: 0.9 } }));
    assert.equal(level.level, 0.95);
    assert.match(said(level.deviations), /Level and family are those of "one"/);
    assert.match(said(together(of(three), of({ ...two, analysis: { family: 'all' } })).deviations), /Level and family/);
    assert.match(said(together(of(three), of({ ...two, looks: 2 })).deviations), /Looks that an experiment declared/);
    assert.equal(together(of(three), of(two), { level: 0.9 }).level, 0.9);
  });

  test('failures and sentences tell the experiment', () => {
    const failing = together(of(plain), of(two, (arm, task, place) => (place === 0 ? 'failed' : tabled(arm, task, place)))); // prettier-ignore
    assert.deepEqual(failing.failures.map(({ arm, seed }) => [arm, seed]), [['two/wide', 3]]); // prettier-ignore
    assert.notEqual(deltaOf(failing, 'two/wide').rankP, null);
    const exclude = { failures: { nan: 'exclude' } };
    const left = together(of({ ...plain, ...exclude }), of({ ...two, ...exclude }, (arm, task, place) => (place === 0 ? 'failed' : tabled(arm, task, place)))); // prettier-ignore
    assert.equal(deltaOf(left, 'two/wide').rankP, null);
    const engine = together(of(plain), { ...of(two), surroundings: { ...surroundings, engine: { name: 'native', version: '1' } } }); // prettier-ignore
    assert.match(said(engine.remarks), /different engines \(wasm 4\.22\.0, native 1\)/);
  });
});

describe('what is no comparison is refused by name', () => {
  const files = (list: readonly (readonly [string, string])[]) => ({ ...surroundings, files: new Map(list) });
  const refused = (b: ExperimentEvidence, pattern: RegExp, a = of(plain)): void =>
    assert.throws(() => together(a, b), (error: Error) => pattern.test(error.message) && /cannot be compared with each other/.test(error.message)); // prettier-ignore

  test('data, by content; the code of a strategy is none', () => {
    refused({ ...of(two), surroundings: files([['a.csv', 'beef']]) }, /the data \(a\.csv\) of "one" and "two"/);
    refused({ ...of(two), surroundings: files([['a.csv', 'f00d'], ['b.csv', 'beef']]) }, /the data \(b\.csv\)/); // prettier-ignore
    const moved = { ...of(two), surroundings: files([['x/a.csv', 'f00d'], ['mine.mjs', 'c0de']]) }; // prettier-ignore
    assert.equal(together(of(plain), moved).arms.length, 2);
    for (const code of ['mine.js', 'mine.cjs', 'mine.mts', 'mine.ts'])
      assert.equal(together(of(plain), { ...of(two), surroundings: files([['a.csv', 'f00d'], [code, 'c0de']]) }).arms.length, 2); // prettier-ignore
    // Code ends so; a table does not become code by a piece of its name.
    for (const table of ['b.json', 'b.tsv', 'b.js.csv', 'js'])
      refused(
        {
          ...of(two),
          surroundings: files([
            ['a.csv', 'f00d'],
            [table, 'beef'],
          ]),
        },
        /the data \(/,
      );
  });

  const remade = (experiment: unknown, rest: Readonly<Record<string, unknown>>): ExperimentEvidence => {
    const { design } = readDesign(spec(experiment, rest));
    assert.ok(design);
    return { ...of(experiment), design };
  };

  test('split, metric, what is predicted, no task in common', () => {
    const data = { source: 'a.csv', inputs: { x: { type: 'number', from: ['p', 'q'] } } };
    refused(remade(two, { data: { ...data, split: { train: 0.5, validation: 0.25, test: 0.25 } } }), /the split of "one" and "two"/); // prettier-ignore
    refused(of({ ...two, measures: { kind: { metric: 'macroF1' } } }), /the metric of kind: accuracy in "one", macroF1 in "two"/); // prettier-ignore
    const tasks = (target: string, classes = 3) => ({
      kind: { type: 'classification', target: 'kind', classes, input: 'trunk' },
      size: { type: 'regression', target, input: 'own', metrics: ['mae', 'r2'] },
    });
    refused(remade(two, { tasks: tasks('other') }), /what size predicts \(type, target or classes\), and with it the unit/); // prettier-ignore
    refused(remade(two, { tasks: tasks('size', 4) }), /what kind predicts/);
    const alone = { tasks: { only: { type: 'regression', target: 'size', input: 'trunk' } }, weights: {}, network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 8 }] } } }; // prettier-ignore
    refused(remade({ arms: two.arms, replicates: two.replicates }, alone), /the tasks of "one" and "two" \(none is shared\)/); // prettier-ignore
  });
});
