// Single-task networks that are as large, or train as long, as the multi-task one: counts by hand.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Design, Expansion, Outcome } from '../../../src/experiment/contract.ts';
import { readDesign } from '../../../src/experiment/design.ts';
import { expand } from '../../../src/experiment/expand.ts';
import { parseFacts, sizesOf, type SizeFacts } from '../../../src/experiment/facts.ts';
import { lengthsOf } from '../../../src/experiment/pace.ts';
import { singleTaskText } from '../../../src/experiment/single-task.ts';
import { matchWidths, parametersOf } from '../../../src/experiment/widths.ts';
import { readSpec, type Spec } from '../../../src/spec/index.ts';
import { done, failed } from './outcomes.ts';
import { spec as written, surroundings } from './specs.ts';

const read = (text: string): Spec => {
  const { spec, problems } = readSpec(text);
  assert.ok(spec, JSON.stringify(problems));
  return spec;
};
const joint = (rest: Readonly<Record<string, unknown>> = {}): Spec => read(written({}, rest));
const alone = (spec: Spec, task: string): Spec => read(singleTaskText(spec, task, 'parameters'));
const unitsOf = (spec: Spec): readonly unknown[] =>
  [...spec.network.values()].map(({ layers }) => layers.map((layer) => ('units' in layer ? layer.units : null))).flat();

const sizes = (
  inputShapes: readonly (readonly [string, readonly number[]])[],
  columns: readonly string[],
): SizeFacts => ({
  columns: new Map(columns.map((name) => [name, { shape: [], dtype: 'text' }])),
  inputShapes: new Map(inputShapes),
});

describe('parameters', () => {
  test('dense layers have (in + 1) × out: the widths that come nearest', () => {
    const spec = joint();
    // trunk 3·8, own 9·4, kind 9·3, size 5·1
    assert.equal(parametersOf(spec, null), 24 + 36 + 27 + 5);
    // 3u + 3(u + 1) is 93 at u = 15 and 87 at 14.
    const kind = matchWidths(alone(spec, 'kind'), 92, null);
    assert.ok(typeof kind !== 'string');
    assert.deepEqual([kind.count, kind.factor, unitsOf(read(kind.text))], [93, 15 / 8, [15]]);
    // Both widths by one factor: 10 and 5 give 30 + 55 + 6; 11 and 6 give 112.
    const size = matchWidths(alone(spec, 'size'), 92, null);
    assert.ok(typeof size !== 'string');
    assert.deepEqual([size.count, size.factor, unitsOf(read(size.text))], [91, 10 / 8, [10, 5]]);
  });

  test('of two that are as near the smaller; never narrower than 1', () => {
    const kind = alone(joint(), 'kind');
    const at = (wanted: number): unknown => {
      const found = matchWidths(kind, wanted, null);
      return typeof found === 'string' ? found : [found.count, found.factor * 8];
    };
    assert.deepEqual(at(90), [87, 14]);
    assert.deepEqual(at(91), [93, 15]);
    assert.deepEqual(at(87), [87, 14]);
    assert.deepEqual(at(1), [9, 1]);
    assert.deepEqual(at(9), [9, 1]);
    assert.deepEqual(at(51), [51, 8]);
  });

  test('no other width is nearer', () => {
    const [kind, size] = [alone(joint(), 'kind'), alone(joint(), 'size')];
    const countAt = (k: number): number => 3 * k + (k + 1) * Math.max(1, Math.round(k / 2)) + Math.max(1, Math.round(k / 2)) + 1; // prettier-ignore
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4000 }), (wanted) => {
        const [a, b] = [matchWidths(kind, wanted, null), matchWidths(size, wanted, null)];
        assert.ok(typeof a !== 'string' && typeof b !== 'string');
        const ks = Array.from({ length: 900 }, (_, index) => index + 1);
        assert.equal(Math.abs(a.count - wanted), Math.min(...ks.map((k) => Math.abs(6 * k + 3 - wanted))));
        assert.equal(Math.abs(b.count - wanted), Math.min(...ks.map((k) => Math.abs(countAt(k) - wanted))));
      }),
      { numRuns: 15 },
    );
  });

  test("filters and the task's own layers are widths, other numbers are not", () => {
    const image = joint({
      data: { source: 'a.npz', inputs: { x: { type: 'image', from: 'x' } } },
      network: { trunk: { input: 'x', layers: [{ type: 'conv2d', filters: 2, kernelSize: 3 }, { type: 'flatten' }, { type: 'dropout', rate: 0.5 }] } },
      tasks: { kind: { type: 'classification', target: 'kind', classes: 3, input: 'trunk', layers: [{ type: 'dense', units: 4 }] } },
      weights: {},
    }); // prettier-ignore
    const facts = sizes([['x', [4, 4, 1]]], ['kind', 'x']);
    // conv 10·2, flat 2·2·2 = 8, dense 9·4, head 5·3
    assert.equal(parametersOf(image, facts), 20 + 36 + 15);
    // Widths 4 and 8: 10·4 + 17·8 + 9·3
    const found = matchWidths(image, 203, facts);
    assert.ok(typeof found !== 'string');
    assert.deepEqual([found.count, found.factor], [203, 2]);
    const { network, tasks } = read(found.text);
    assert.match(JSON.stringify([...network.values()]), /"filters":4,"kernelSize":\[?3/);
    assert.match(JSON.stringify([...tasks.values()]), /"units":8/);
    assert.equal(matchWidths(image, 203, null), 'unknown');
  });

  test('without a width there is nothing to scale', () => {
    const bare = joint({ network: {}, tasks: { kind: { type: 'classification', target: 'kind', classes: 3, input: 'x' } }, weights: {} }); // prettier-ignore
    assert.equal(matchWidths(bare, 20, null), 'nothing');
  });
});

const single = { id: 'single', auto: 'single-task', match: 'parameters' };
const designOf = (arms: readonly object[], rest: Readonly<Record<string, unknown>> = {}): Design => {
  const { design, refusals } = readDesign(written({ replicates: 2, arms: [{ id: 'joint' }, ...arms] }, rest), null);
  assert.deepEqual(refusals, []);
  assert.ok(design);
  return design;
};
const plan = (design: Design, outcomes: ReadonlyMap<string, Outcome> = new Map()): Expansion =>
  expand(design, surroundings, outcomes);

describe('an arm as large as the spec', () => {
  test('its runs have the widths, and the plan says the counts', () => {
    const { runs, remarks } = plan(designOf([single]));
    const widths = runs.map(({ arm, task, variant }) => `${arm} ${task ?? ''} ${unitsOf(variant.spec).join()}`);
    assert.deepEqual([...new Set(widths)].toSorted(), ['joint  8,4', 'single kind 15', 'single size 10,5']);
    assert.deepEqual(
      remarks.map(({ en }) => en),
      ['"single" has networks with as many parameters as the joint one (92), as nearly as whole widths allow: kind 93 (+1.1 %), widths × 1.875; size 91 (−1.1 %), widths × 1.25.'],
    ); // prettier-ignore
    assert.match(remarks[0]?.zh ?? '', /kind 93（|kind 93 /);
    // As many steps: a strategy of three batches takes a third of them in an epoch.
    const three = plan(designOf([single], { strategy: 'modo' })).runs.find(({ task }) => task === 'kind');
    assert.equal(three?.variant.spec.training.epochs, 3);
  });

  test('sizes of the data count; what nobody has looked at is found later, what cannot be found is refused', () => {
    const text = written({ arms: [{ id: 'joint' }, single] }, {
      data: { source: 'a.csv', inputs: { x: { type: 'category', from: 'p' } } },
    }); // prettier-ignore
    const codes = ({ design, refusals }: ReturnType<typeof readDesign>): unknown => [
      design?.arms[1]?.notes.map(({ code }) => code),
      refusals.map(({ code, pointer }) => `${code} ${pointer}`),
    ];
    assert.deepEqual(codes(readDesign(text)), [['parameters-later'], []]);
    assert.deepEqual(codes(readDesign(text, null)), [[], ['parameters-unknown /experiment/arms/1/match']]);
    const facts = sizes([['x', [5]]], ['p', 'kind', 'size']);
    const known = readDesign(text, facts);
    assert.deepEqual(codes(known), [['parameters-matched'], []]);
    // 6·8 + 9·4 + 9·3 + 5 = 116; 6u + 3(u + 1) is 120 at 13 and 111 at 12
    assert.match(known.design?.arms[1]?.notes[0]?.message.en ?? '', /\(116\).*kind 120 \(\+3.4 %\)/);
    const bare = written({ arms: [{ id: 'joint' }, single] }, { network: {}, tasks: { kind: { type: 'classification', target: 'kind', classes: 3, input: 'x' }, size: { type: 'regression', target: 'size', input: 'x' } } }); // prettier-ignore
    assert.deepEqual(codes(readDesign(bare, null)), [[], Array.from({ length: 2 }, () => 'parameters-fixed /experiment/arms/1/match')]); // prettier-ignore
  });

  test('the sizes survive the plan file; what is none is refused', () => {
    const facts = sizesOf({
      columns: new Map([['p', { shape: [], dtype: 'text' }]]),
      inputShapes: new Map([['x', [5]]]),
      vocabularies: new Map([['x', 7]]),
      classes: new Map([['kind', ['a', 'b']]]),
      trainRows: 9,
    });
    const plain = { columns: { p: { shape: [], dtype: 'text' } }, inputShapes: { x: [5] }, vocabularies: { x: 7 }, classes: { kind: ['a', 'b'] } }; // prettier-ignore
    assert.deepEqual(parseFacts(plain), facts);
    assert.equal('trainRows' in facts, false);
    assert.deepEqual(parseFacts({ columns: {} })?.columns, new Map());
    for (const bad of [
      null,
      3,
      {},
      { columns: { p: 1 } },
      { columns: { p: { shape: [-1], dtype: 'text' } } },
      { columns: { p: { shape: [1] } } },
      { ...plain, inputShapes: { x: 5 } },
      { ...plain, vocabularies: { x: 1.5 } },
      { ...plain, classes: { kind: [1] } },
    ])
      // prettier-ignore
      assert.equal(parseFacts(bad), null, JSON.stringify(bad));
  });
});

describe('an arm that takes as long as the spec', () => {
  const timed = { id: 'single', auto: 'single-task', match: 'time' };
  const taking = (seconds: number, epochs = 10): Outcome => ({ ...done(0.5, 1), seconds, epochs });

  test('epochs by the seconds of an epoch, rounded, at least 1', () => {
    const own = (a: Outcome, b: Outcome) => [
      { task: 'kind', outcome: a },
      { task: 'size', outcome: b },
    ];
    const found = (spec: Spec, reference: Outcome, a: Outcome, b: Outcome): unknown => {
      const { lengths } = lengthsOf('single', spec, reference, own(a, b));
      return lengths === null ? null : [...lengths];
    };
    // 10 epochs of 3 s; 2 s and 4 s an epoch
    assert.deepEqual(found(joint(), taking(30), taking(20), taking(40)), [['kind', 15], ['size', 8]]); // prettier-ignore
    assert.deepEqual(found(joint(), taking(15, 5), taking(20), taking(6, 2)), [['kind', 15], ['size', 10]]); // prettier-ignore
    assert.deepEqual(found(joint(), taking(1), taking(900), taking(1)), [['kind', 1], ['size', 10]]); // prettier-ignore
    // A step of three batches is three of one.
    const steps = joint({ strategy: 'modo', training: { steps: 100 } });
    assert.deepEqual(found(steps, taking(30), taking(20), taking(60)), [['kind', 450], ['size', 150]]); // prettier-ignore
    for (const bad of [failed, taking(0), taking(3, 0)]) {
      assert.equal(found(joint(), bad, taking(1), taking(1)), null);
      assert.equal(found(joint(), taking(1), taking(1), bad), null);
    }
    assert.match(lengthsOf('single', joint(), taking(30), own(taking(20), taking(40))).remark.en, /kind 15, size 8 epochs\.$/); // prettier-ignore
    assert.match(lengthsOf('single', steps, taking(30), own(taking(20), taking(40))).remark.en, /225 steps\.$/);
    assert.match(lengthsOf('single', joint(), failed, []).remark.en, /cannot be given the time/);
  });

  test('one run of each is timed first; then the arm has its epochs', () => {
    const design = designOf([timed]);
    const first = plan(design);
    assert.deepEqual(
      first.runs.map(({ stage, arm, role, task, seed }) => `${stage} ${arm} ${role} ${task ?? '-'} ${String(seed)}`),
      [
        ...['tune single tune - 3', 'tune single tune kind 3', 'tune single tune size 3'],
        ...['main joint compare - 4', 'main joint compare - 5'],
      ],
    );
    assert.deepEqual(first.pending, [{ stage: 'main', arm: 'single', runs: 4 }]);
    assert.match(first.remarks[0]?.en ?? '', /measure the pace first/);
    const [reference, kind, size] = first.runs;
    const outcomes = new Map([
      [reference?.id ?? '', taking(30)],
      [kind?.id ?? '', taking(20)],
      [size?.id ?? '', taking(40)],
    ]);
    const second = plan(design, outcomes);
    assert.deepEqual(second.pending, []);
    assert.deepEqual(
      second.runs.filter(({ arm, role }) => arm === 'single' && role === 'compare').map(({ task, seed, variant }) => [task, seed, variant.spec.training.epochs]),
      [['kind', 4, 15], ['size', 4, 8], ['kind', 5, 15], ['size', 5, 8]],
    ); // prettier-ignore
    assert.equal(second.compared.find(({ id }) => id === 'single')?.tuned, false);
    assert.equal(second.remarks.length, 1);
    assert.match(second.remarks[0]?.en ?? '', /kind 15, size 8 epochs/);
    // One that failed leaves the arm without runs, and that is told.
    const without = plan(design, new Map([...outcomes, [kind?.id ?? '', failed]]));
    assert.deepEqual(without.compared.map(({ id }) => id), ['joint']); // prettier-ignore
    assert.match(without.remarks[0]?.en ?? '', /cannot be given/);
  });

  test('a tuned one: the best setting of each task is what is timed', () => {
    const factors = [{ name: 'lr', path: '/training/learningRate', levels: [0.1, 0.01] }];
    const text = written({ replicates: 1, factors, arms: [{ id: 'joint' }, { ...timed, tune: { factors: 'lr', runs: 2 } }] }); // prettier-ignore
    const { design } = readDesign(text);
    assert.ok(design);
    const outcomes = new Map<string, Outcome>();
    for (let round = 0; round < 3; round++) {
      for (const run of plan(design, outcomes).runs) {
        const rate = run.variant.spec.training.learningRate;
        outcomes.set(run.id, { ...done(rate === 0.1 ? 0.9 : 0.1, 1), seconds: run.task === null ? 30 : rate === 0.1 ? 20 : 5 }); // prettier-ignore
      }
    }
    const last = plan(design, outcomes);
    assert.deepEqual(last.pending, []);
    const own = last.runs.filter(({ arm, role }) => arm === 'single' && role === 'compare');
    assert.deepEqual(own.map(({ variant: { spec } }) => [spec.training.learningRate, spec.training.epochs]), [[0.1, 15], [0.1, 15]]); // prettier-ignore
    assert.equal(last.compared.find(({ id }) => id === 'single')?.tuned, true);
  });
});
