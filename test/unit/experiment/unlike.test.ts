// Arms that are measured on other rows or labels than the baseline: told when they are planned, and beside what they come to.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contestOf } from '../../../src/experiment/comparison/experiment.ts';
import { readDesign } from '../../../src/experiment/design.ts';
import { checkExperiment } from '../../../src/experiment/problems/index.ts';
import { readSpec } from '../../../src/spec/index.ts';
import { unlikeArms, unlikeText } from '../../../src/experiment/unlike.ts';
import { evidenceOf } from './comparison/evidence.ts';
import { spec } from './specs.ts';

const joint = { id: 'joint' };
const arm = (set: Readonly<Record<string, unknown>>, id = 'other') => ({ id, set });

/** Place and message of what check says. */
function told(experiment: object): readonly (readonly [string, string])[] {
  const text = spec({ replicates: 20, ...experiment });
  const problems = checkExperiment(readSpec(text), readDesign(text), { speed: null, parallel: 2 });
  return problems.flatMap(({ code, pointer, message }) => (code === 'unlike-arms' ? [[pointer, message.en]] : []));
}

describe('what is told', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, unknown>>, string | null])[] = [
    ['another target', { '/tasks/size/target': 'length' }, '/tasks/size/target differs'],
    ['other classes', { '/tasks/kind/classes': 4 }, '/tasks/kind/classes differs'],
    ['another file', { '/data/source': 'b.csv' }, '/data/source differs'],
    ['other shares of the split', { '/data/split': { train: 0.5, validation: 0.2, test: 0.3 } }, '/data/split differs'],
    ['two places', { '/data/source': 'b.csv', '/tasks/size/target': 'z' }, '/data/source, /tasks/size/target differ'],
    ['rows where a task applies', { '/tasks/size/when': { column: 'p', equals: 1 } }, '/tasks/size/when differs'],
    ['a weight', { '/weights/kind': 0.9 }, null],
    ['the loss', { '/tasks/size/loss': 'mae' }, null],
    ['the unit of the loss', { '/tasks/size/normalize': 'none' }, null],
    ['inputs', { '/data/inputs/x/from': ['p'] }, null],
    ['a seed of the split, which the replicates set', { '/data/split/seed': 99 }, null],
  ];
  for (const [what, set, expected] of cases) {
    test(what, () => {
      const found = told({ arms: [joint, arm(set), { id: 'same', set: { '/training/batchSize': 16 } }] });
      if (expected === null) assert.deepEqual(found, []);
      else {
        assert.equal(found.length, 1);
        const [pointer = '', message = ''] = found[0] ?? [];
        assert.equal(pointer, '/experiment/arms/1');
        assert.ok(message.startsWith(`"other" is not measured on the same as "joint": ${expected}.`), message);
        const rows = /\/data|when/.test(expected);
        assert.equal(message.endsWith('alone, and pairs do not have the same rows.'), rows);
      }
    });
  }

  test('a seed of the split, where the replicates hold it', () => {
    const arms = [joint, arm({ '/data/split/seed': 99, '/training/batchSize': 16 })];
    const [[, message] = []] = told({ arms, replicates: { n: 20, hold: ['split'] } });
    assert.match(message ?? '', /\/data\/split differs/);
  });

  test('single-task baselines have the rows and labels of the spec', () => {
    assert.deepEqual(told({ arms: [joint, { id: 'single', auto: 'single-task' }] }), []);
  });

  test('a split by another column than the first classification task', () => {
    const task = (target: string) => ({ '/tasks/kind/target': target });
    const found = told({ arms: [joint, arm(task('other'))] });
    assert.match(found[0]?.[1] ?? '', /: \/data\/split, \/tasks\/kind\/target differ\./);
  });

  test('a measure with other parameters is another measure; one that is not compared is none', () => {
    const measures = { size: 'mae' };
    const set = (metrics: unknown) => [joint, arm({ '/tasks/size/metrics': metrics })];
    assert.deepEqual(told({ arms: set(['mae']), measures }), []);
    assert.match(told({ arms: set(['r2']), measures })[0]?.[1] ?? '', /\/tasks\/size\/metrics differs/);
  });

  test('levels of a factor: one sentence for all that differ alike', () => {
    const factors = [{ name: 'target', path: '/tasks/size/target', levels: ['size', 'a'] }];
    const [[pointer, message] = []] = told({ factors, stages: [{ id: 's', method: 'grid', replicates: 20 }] });
    assert.equal(pointer, '/experiment/factors');
    assert.match(message ?? '', /\/tasks\/size\/target differs/);
  });

  test('many arms are counted', () => {
    const places = ['/data/source'];
    assert.match(unlikeText({ arms: ['a', 'b'], places }, 'c').en, /^"a", "b" are not/);
    assert.match(unlikeText({ arms: ['a', 'b', 'd', 'e'], places }, 'c').en, /^4 arms are not/);
    assert.match(unlikeText({ arms: ['a', 'b', 'd', 'e'], places }, 'c').zh, /^4 个实验组的评价对象与“c”不同/);
  });

  test('without the baseline nothing can be said', () => {
    assert.deepEqual(unlikeArms([{ id: 'a', specs: [] }], 'b', [], true), []);
  });
});

describe('a comparison', () => {
  const arms = [joint, arm({ '/data/split': { train: 0.5, validation: 0.25, test: 0.25 } })];

  test('says so', () => {
    const { remarks } = contestOf(evidenceOf({ replicates: 3, arms }, () => 0.5));
    assert.ok(remarks.some(({ en }) => en.startsWith('"other" is not measured on the same as "joint": /data/split')));
  });

  test('allows for the larger overlap of two splits', () => {
    assert.equal(contestOf(evidenceOf({ replicates: 3, arms }, () => 0.5)).overlap, 0.25 / 0.5);
    assert.equal(contestOf(evidenceOf({ replicates: 3, arms: [arms[1], joint] }, () => 0.5)).overlap, 0.25 / 0.5);
  });

  test('does not count the split of a spec that no arm trains', () => {
    const smaller = arm({ '/data/split': { train: 0.8, validation: 0.1, test: 0.1 } }, 'a');
    const both = [smaller, { ...smaller, id: 'b', set: { ...smaller.set, '/training/batchSize': 8 } }];
    const { overlap, remarks } = contestOf(evidenceOf({ replicates: 3, arms: both }, () => 0.5));
    assert.equal(overlap, 0.1 / 0.8);
    assert.ok(!remarks.some(({ en }) => en.includes('not measured on the same')));
  });
});
