// The parts of every mechanism as its paper draws them: who reads what, with which weights, and whose losses reach it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sharingOf, type Consumer, type SharedBlock, type SharingMistake } from '../../../../src/plan/sharing/index.ts';
import { binaryCodes, dselectK } from '../../../../src/plan/sharing/dselect-k.ts';
import { partsOf, tooManyParts } from '../../../../src/plan/sharing/parts.ts';
import { cgc } from '../../../../src/plan/sharing/cgc.ts';
import { ple } from '../../../../src/plan/sharing/ple.ts';
import type { PlanPart, PlanSharing, Shape } from '../../../../src/plan/plan.ts';
import { maxParts, type LayerSpec, type SharingSpec } from '../../../../src/spec/index.ts';

const dense = (units: number): LayerSpec => ({ type: 'dense', units }) as unknown as LayerSpec;
const layer = (type: string, more: object = {}): LayerSpec => ({ type, ...more }) as unknown as LayerSpec;
/** `a` and `b` are tasks, `deep` a block that both `b` and `c` go through. */
const consumers: readonly Consumer[] = [
  { key: 'task:a', id: 'task:a', name: 'a', tasks: ['a'] },
  { key: 'block:deep', id: 'deep', name: 'deep', tasks: ['b', 'c'] },
];

function blockOf<Type extends SharingSpec['type']>(
  sharing: { readonly type: Type } & Readonly<Record<string, unknown>>,
  stages: readonly (readonly LayerSpec[])[],
  more: Partial<SharedBlock> = {},
): SharedBlock<Extract<SharingSpec, { readonly type: Type }>> {
  return {
    ...{ name: 't', input: { shape: [3] }, consumers, tasks: ['a', 'b', 'c'] },
    stages: stages.map((stage, place) => stage.map((spec, index) => ({ spec, pointer: `/${place}/${index}` }))),
    ...more,
    sharing: sharing as never,
  };
}
function made(...given: Parameters<typeof blockOf>): { readonly sharing: PlanSharing; readonly output: Shape } {
  const outcome = sharingOf(blockOf(...given));
  assert.ok(outcome && 'sharing' in outcome, JSON.stringify(outcome));
  return outcome;
}
function refused(...given: Parameters<typeof blockOf>): SharingMistake {
  const outcome = sharingOf(blockOf(...given));
  assert.ok(outcome && 'code' in outcome, JSON.stringify(outcome));
  return outcome;
}
/** `id ← reads: weights → shape (tasks)` */
const line = ({ id, reads, weights, layers, outputShape, tasks, layersOf }: PlanPart): string =>
  [
    `${id} ← ${reads.join(' ')}:`,
    ...layers.flatMap((one) => one.weights.map(({ shape }) => shape.join('×'))),
    ...weights.map(({ shape }) => shape.join('×')),
    ...(layersOf === undefined ? [] : [`as ${layersOf}`]),
    `→ ${outputShape.join('×')} (${tasks.join('')})`,
  ].join(' ');
const lines = (sharing: PlanSharing): string[] => sharing.parts.map(line);

test('hard sharing has no parts', () => {
  assert.equal(sharingOf(blockOf({ type: 'hard' }, [[dense(4)]])), null);
});

describe('experts', () => {
  test('mmoe: each consumer’s gate mixes all experts', () => {
    const { sharing, output } = made({ type: 'mmoe', experts: 2 }, [[dense(4)]]);
    assert.deepEqual(lines(sharing), [
      'experts/0 ← input: 3×4 4 → 4 (abc)',
      'experts/1 ← input: 3×4 4 → 4 (abc)',
      'gates/task:a ← input: 3×2 2 → 2 (a)',
      'mixtures/task:a ← gates/task:a experts/0 experts/1: → 4 (a)',
      'gates/deep ← input: 3×2 2 → 2 (bc)',
      'mixtures/deep ← gates/deep experts/0 experts/1: → 4 (bc)',
    ]);
    assert.deepEqual([...sharing.outputs], [['task:a', 'mixtures/task:a'], ['block:deep', 'mixtures/deep']]); // prettier-ignore
    assert.deepEqual([sharing.type, sharing.ties, output], ['mmoe', undefined, [4]]);
    const of = (id: string): PlanPart => sharing.parts.find((part) => part.id === id) ?? assert.fail();
    assert.deepEqual([of('experts/1').label, of('experts/1').role, of('experts/1').path], ['1', 'expert', 't/experts/1']); // prettier-ignore
    assert.deepEqual([of('experts/1').parameters, of('experts/1').trainable], [16, 16]);
    assert.deepEqual(of('experts/1').operation, { kind: 'join' });
    assert.deepEqual(of('experts/1').layers.map(({ path, pointer }) => [path, pointer]), [['t/experts/1/0', '/0/0']]); // prettier-ignore
    assert.deepEqual([of('gates/deep').label, of('gates/deep').role], ['deep', 'gate']);
    assert.deepEqual(of('gates/deep').layers.map(({ spec }) => spec), [layer('dense', { units: 2, activation: 'softmax', useBias: true })]); // prettier-ignore
    const { role, operation, drawnWith, parameters, label } = of('mixtures/deep');
    assert.deepEqual([role, operation, drawnWith, parameters, label], ['mixture', { kind: 'mixture' }, 'gates/deep', 0, 'deep']); // prettier-ignore
  });

  test('cgc: shared experts first, then the consumer’s own; counts of one’s own where they are given', () => {
    const { sharing } = made({ type: 'cgc', sharedExperts: 1, taskExperts: 2 }, [[dense(4)]]);
    assert.deepEqual(lines(sharing).filter((text) => text.startsWith('exp')), [
      'experts/0 ← input: 3×4 4 → 4 (abc)',
      ...['a', 'a'].map((_, index) => `experts/task:a/${index} ← input: 3×4 4 → 4 (a)`),
      ...['b', 'b'].map((_, index) => `experts/deep/${index} ← input: 3×4 4 → 4 (bc)`),
    ]); // prettier-ignore
    assert.ok(lines(sharing).includes('gates/deep ← input: 3×3 3 → 3 (bc)'));
    assert.ok(lines(sharing).includes('mixtures/deep ← gates/deep experts/0 experts/deep/0 experts/deep/1: → 4 (bc)'));
    const labels = sharing.parts.filter(({ role }) => role === 'expert').map(({ label }) => label);
    assert.deepEqual(labels, ['0', 'a 0', 'a 1', 'deep 0', 'deep 1']);
    const own = cgc(blockOf({ type: 'cgc', sharedExperts: 1, taskExperts: 2 }, [[dense(4)]]), [0, 3]);
    assert.ok('sharing' in own);
    assert.equal(own.sharing.parts.filter(({ id }) => id.startsWith('experts/task:a')).length, 0);
    assert.equal(own.sharing.parts.filter(({ id }) => id.startsWith('experts/deep')).length, 3);
  });

  test('dselect-k: k selectors spell the binary number of an expert', () => {
    const sharing = { type: 'dselect-k', experts: 5, selected: 2, gamma: 0.5, entropy: 0.1 } as const;
    const { sharing: found } = made(sharing, [[dense(4)]]);
    const gate = found.parts.find(({ id }) => id === 'gates/deep') ?? assert.fail();
    // Three bits tell five experts apart.
    assert.equal(line(gate), 'gates/deep ← input: 3×6 6 3×2 2 → 5 (bc)');
    assert.deepEqual(gate.weights.map(({ name, trainable }) => [name, trainable]), ['z_kernel', 'z_bias', 'w_kernel', 'w_bias'].map((name) => [name, true])); // prettier-ignore
    const codes = [[0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1], [1, 0, 0]]; // prettier-ignore
    assert.deepEqual(gate.operation, { kind: 'selector', codes, selected: 2, gamma: 0.5, entropy: 0.1 });
    assert.equal(gate.role, 'gate');
    assert.ok(lines(found).includes(`mixtures/deep ← gates/deep ${[0, 1, 2, 3, 4].map((at) => `experts/${at}`).join(' ')}: → 4 (bc)`)); // prettier-ignore
    assert.deepEqual([binaryCodes(1), binaryCodes(2)], [[[0]], [[0], [1]]]);
    assert.deepEqual(binaryCodes(4), [[0, 0], [0, 1], [1, 0], [1, 1]]); // prettier-ignore
    const given = dselectK(blockOf(sharing, [[dense(4)]]), [[1], [0], [1], [0], [1]]);
    assert.ok('sharing' in given);
    assert.deepEqual(given.sharing.parts.find(({ role }) => role === 'gate')?.weights[0]?.shape, [3, 2]);
  });

  test('ple: on the last level there is no shared gate, below it mixes everything', () => {
    const stages = [[dense(4)], [dense(5)]];
    const { sharing, output } = made({ type: 'ple', sharedExperts: 1, taskExperts: 1, sharedGate: true }, stages);
    assert.deepEqual(lines(sharing), [
      'levels/0/experts/0 ← input: 3×4 4 → 4 (abc)',
      'levels/0/experts/task:a/0 ← input: 3×4 4 → 4 (abc)',
      'levels/0/experts/deep/0 ← input: 3×4 4 → 4 (abc)',
      'levels/0/gates/task:a ← input: 3×2 2 → 2 (a)',
      'levels/0/mixtures/task:a ← levels/0/gates/task:a levels/0/experts/0 levels/0/experts/task:a/0: → 4 (a)',
      'levels/0/gates/deep ← input: 3×2 2 → 2 (bc)',
      'levels/0/mixtures/deep ← levels/0/gates/deep levels/0/experts/0 levels/0/experts/deep/0: → 4 (bc)',
      'levels/0/gates/shared ← input: 3×3 3 → 3 (abc)',
      'levels/0/mixtures/shared ← levels/0/gates/shared levels/0/experts/0 levels/0/experts/task:a/0 levels/0/experts/deep/0: → 4 (abc)',
      'levels/1/experts/0 ← levels/0/mixtures/shared: 4×5 5 → 5 (abc)',
      'levels/1/experts/task:a/0 ← levels/0/mixtures/task:a: 4×5 5 → 5 (a)',
      'levels/1/experts/deep/0 ← levels/0/mixtures/deep: 4×5 5 → 5 (bc)',
      'levels/1/gates/task:a ← levels/0/mixtures/task:a: 4×2 2 → 2 (a)',
      'levels/1/mixtures/task:a ← levels/1/gates/task:a levels/1/experts/0 levels/1/experts/task:a/0: → 5 (a)',
      'levels/1/gates/deep ← levels/0/mixtures/deep: 4×2 2 → 2 (bc)',
      'levels/1/mixtures/deep ← levels/1/gates/deep levels/1/experts/0 levels/1/experts/deep/0: → 5 (bc)',
    ]);
    assert.deepEqual([...sharing.outputs.values()], ['levels/1/mixtures/task:a', 'levels/1/mixtures/deep']);
    assert.deepEqual(output, [5]);
    const gate = sharing.parts.find(({ id }) => id === 'levels/0/gates/shared');
    assert.equal(gate?.label, 'shared');
    const mixture = sharing.parts.find(({ id }) => id === 'levels/0/mixtures/shared');
    assert.deepEqual([mixture?.label, mixture?.drawnWith], ['shared', 'levels/0/gates/shared']);
  });

  test('ple as LibMTL has it: the shared experts are evaluated on every stream', () => {
    const stages = [[dense(4)], [dense(5)]];
    const spec = { type: 'ple', sharedExperts: 1, taskExperts: 1, sharedGate: false } as const;
    const { sharing } = made(spec, stages);
    const again = sharing.parts.filter(({ id }) => id.includes('/again/'));
    assert.deepEqual(again.map(line), [
      'levels/0/again/deep/0 ← input: as levels/0/experts/0 → 4 (bc)',
      'levels/1/again/deep/0 ← levels/0/mixtures/deep: as levels/1/experts/0 → 5 (bc)',
    ]);
    assert.deepEqual(again.map(({ label, role, parameters }) => [label, role, parameters]), [['0', 'expert', 0], ['0', 'expert', 0]]); // prettier-ignore
    // Used again, its weights are everybody's.
    assert.ok(lines(sharing).includes('levels/1/experts/0 ← levels/0/mixtures/task:a: 4×5 5 → 5 (abc)'));
    assert.ok(lines(sharing).includes('levels/1/mixtures/deep ← levels/1/gates/deep levels/1/again/deep/0 levels/1/experts/deep/0: → 5 (bc)')); // prettier-ignore
    assert.equal(sharing.parts.filter(({ id }) => id.includes('gates/shared')).length, 0);
    const counted = ple(blockOf(spec, stages), [2, 0]);
    assert.ok('sharing' in counted);
    const own = (id: string): number => counted.sharing.parts.filter((part) => part.id.startsWith(`levels/1/experts/${id}/`)).length; // prettier-ignore
    assert.deepEqual([own('task:a'), own('deep')], [2, 0]);
  });

  test('gates calculate with no index numbers', () => {
    const input = { shape: [3], indices: { vocabulary: 9 } };
    for (const type of ['mmoe', 'cgc', 'ple', 'dselect-k'] as const) {
      const more = { experts: 2, sharedExperts: 1, taskExperts: 1, selected: 1, sharedGate: true };
      const { code, message } = refused({ type, ...more }, [[dense(4)]], { input, name: 'mix' });
      assert.equal(code, 'sharing-input');
      for (const text of [message.en, message.zh]) assert.match(text, /["“]mix["”]/);
    }
  });
});

describe('columns', () => {
  const stages = [[dense(4)], [dense(6)]];

  test('soft: copies that are tied layer by layer', () => {
    const { sharing, output } = made({ type: 'soft', strength: 0.25 }, [[dense(4)], [dense(6)]]);
    assert.deepEqual(lines(sharing), [
      'copies/task:a ← input: 3×4 4 4×6 6 → 6 (a)',
      'copies/deep ← input: 3×4 4 4×6 6 → 6 (bc)',
    ]);
    assert.deepEqual(sharing.ties, {
      strength: 0.25,
      layers: [
        ['t/copies/task:a/0', 't/copies/deep/0'],
        ['t/copies/task:a/1', 't/copies/deep/1'],
      ],
    });
    assert.deepEqual([...sharing.outputs.values()], ['copies/task:a', 'copies/deep']);
    assert.deepEqual([output, sharing.parts[1]?.role, sharing.parts[1]?.label], [[6], 'column', 'deep']);
  });

  test('cross-stitch: after each stage every column takes its row of α', () => {
    const { sharing } = made({ type: 'cross-stitch', init: 0.7 }, stages);
    assert.deepEqual(lines(sharing), [
      'columns/task:a/0 ← input: 3×4 4 → 4 (abc)',
      'columns/deep/0 ← input: 3×4 4 → 4 (abc)',
      'units/0/task:a ← columns/task:a/0 columns/deep/0: 2×1 → 4 (abc)',
      'units/0/deep ← columns/task:a/0 columns/deep/0: 2×1 → 4 (abc)',
      'columns/task:a/1 ← units/0/task:a: 4×6 6 → 6 (abc)',
      'columns/deep/1 ← units/0/deep: 4×6 6 → 6 (abc)',
      'units/1/task:a ← columns/task:a/1 columns/deep/1: 2×1 → 6 (a)',
      'units/1/deep ← columns/task:a/1 columns/deep/1: 2×1 → 6 (bc)',
    ]);
    const first = sharing.parts.flatMap(({ operation }) => (operation.kind === 'stitch' ? [operation.first] : []));
    assert.deepEqual(first.slice(0, 2).map((row) => row.map((one) => one.toFixed(9))), [['0.700000000', '0.300000000'], ['0.300000000', '0.700000000']]); // prettier-ignore
    const alone = made({ type: 'cross-stitch', init: 0.7 }, stages, { consumers: consumers.slice(0, 1) });
    assert.deepEqual(alone.sharing.parts[1]?.operation, { kind: 'stitch', first: [1] });
    const three = made({ type: 'cross-stitch', init: 0.5 }, [[dense(4)]], { consumers: [...consumers, { key: 'task:x', id: 'task:x', name: 'x', tasks: [] }] }); // prettier-ignore
    assert.deepEqual(three.sharing.parts.at(-2)?.operation, { kind: 'stitch', first: [0.25, 0.5, 0.25] });
    assert.deepEqual([...three.sharing.outputs.values()], ['units/0/task:a', 'units/0/deep', 'units/0/task:x']);
  });

  test('branch: after each stage every column chooses', () => {
    const { sharing } = made({ type: 'branch' }, stages);
    assert.deepEqual(lines(sharing).slice(2, 5), [
      'choices/0/task:a ← columns/task:a/0 columns/deep/0: 2 → 4 (abc)',
      'choices/0/deep ← columns/task:a/0 columns/deep/0: 2 → 4 (abc)',
      'columns/task:a/1 ← choices/0/task:a: 4×6 6 → 6 (abc)',
    ]);
    const choice = sharing.parts[2];
    assert.deepEqual([choice?.operation, choice?.role, choice?.label], [{ kind: 'choice' }, 'unit', 'a']);
    assert.deepEqual(choice?.weights, [{ name: 'alpha', shape: [2], trainable: true }]);
    assert.deepEqual([...sharing.outputs.values()], ['choices/1/task:a', 'choices/1/deep']);
    assert.equal(sharing.parts[0]?.label, 'a');
  });

  test('sluice: halves of all columns, and a sum of the stages where these are alike', () => {
    const { sharing } = made({ type: 'sluice' }, [[dense(4)], [dense(4)]]);
    assert.deepEqual(lines(sharing).filter((text) => !text.startsWith('columns')), [
      'units/0/task:a ← columns/task:a/0 columns/deep/0: 4×2 → 4 (abc)',
      'units/0/deep ← columns/task:a/0 columns/deep/0: 4×2 → 4 (abc)',
      'units/1/task:a ← columns/task:a/1 columns/deep/1: 4×2 → 4 (a)',
      'units/1/deep ← columns/task:a/1 columns/deep/1: 4×2 → 4 (bc)',
      'outputs/task:a ← units/0/task:a units/1/task:a: 2×1 → 4 (a)',
      'outputs/deep ← units/0/deep units/1/deep: 2×1 → 4 (bc)',
    ]); // prettier-ignore
    const [first, second] = sharing.parts.flatMap(({ operation }) =>
      operation.kind === 'subspaces' ? [operation.first] : [],
    );
    // Rows: halves of a, then of deep; columns: halves of the result.
    const share = 0.1 / 3;
    const near = (found: readonly number[] | undefined, wanted: readonly number[]): void => {
      assert.equal(found?.length, wanted.length);
      for (const [index, value] of wanted.entries()) assert.ok(Math.abs((found[index] ?? NaN) - value) < 1e-12);
    };
    near(first, [0.9, share, share, 0.9, share, share, share, share]);
    near(second, [share, share, share, share, 0.9, share, share, 0.9]);
    assert.deepEqual(sharing.parts.at(-1)?.operation, { kind: 'stitch', first: [0, 1] });
    assert.deepEqual([...sharing.outputs.values()], ['outputs/task:a', 'outputs/deep']);
    // Stages of different shapes cannot be summed, and one stage is its own sum.
    for (const unlike of [[[dense(4)], [dense(6)]], [[dense(4)]]])
      assert.deepEqual([...made({ type: 'sluice' }, unlike).sharing.outputs.values()], ['task:a', 'deep'].map((id) => `units/${unlike.length - 1}/${id}`)); // prettier-ignore
    const { code, message } = refused({ type: 'sluice' }, [[dense(4)], [dense(5)]], { name: 'cut' });
    assert.equal(code, 'sharing-shape');
    assert.match(message.en, /stage 1 of "cut" gives \[5\]/);
    assert.match(message.zh, /“cut” 第 1 阶段的输出为 \[5\]/);
    assert.deepEqual(made({ type: 'sluice' }, [[dense(5)]], { consumers: [] }).sharing.parts, []);
    assert.equal(made({ type: 'sluice' }, [[layer('reshape', { targetShape: [3, -1] })]], { input: { shape: [null] } }).output.length, 2); // prettier-ignore
  });
});

describe('attention', () => {
  test('mtan: masks on p from u and, after the first stage, from what was attended before', () => {
    const { sharing, output } = made({ type: 'mtan' }, [
      [dense(4), dense(5)],
      [dense(6), dense(7)],
    ]);
    assert.deepEqual(lines(sharing), [
      'trunk/0/u ← input: 3×4 4 → 4 (abc)',
      'trunk/0/p ← trunk/0/u: 4×5 5 → 5 (abc)',
      'masks/0/task:a ← trunk/0/u: 4×5 5 5×5 5 → 5 (a)',
      'attended/0/task:a ← masks/0/task:a trunk/0/p: → 5 (a)',
      'masks/0/deep ← trunk/0/u: 4×5 5 5×5 5 → 5 (bc)',
      'attended/0/deep ← masks/0/deep trunk/0/p: → 5 (bc)',
      'trunk/1/u ← trunk/0/p: 5×6 6 → 6 (abc)',
      'trunk/1/p ← trunk/1/u: 6×7 7 → 7 (abc)',
      'convolutions/1 ← attended/0/task:a: 5×6 6 → 6 (abc)',
      'masks/1/task:a ← trunk/1/u convolutions/1: 12×7 7 7×7 7 → 7 (a)',
      'attended/1/task:a ← masks/1/task:a trunk/1/p: → 7 (a)',
      'convolutions/1/deep ← attended/0/deep: as convolutions/1 → 6 (bc)',
      'masks/1/deep ← trunk/1/u convolutions/1/deep: 12×7 7 7×7 7 → 7 (bc)',
      'attended/1/deep ← masks/1/deep trunk/1/p: → 7 (bc)',
    ]);
    assert.deepEqual([...sharing.outputs.values()], ['attended/1/task:a', 'attended/1/deep']);
    assert.deepEqual(output, [7]);
    const of = (id: string): PlanPart => sharing.parts.find((part) => part.id === id) ?? assert.fail();
    assert.deepEqual(of('masks/1/deep').layers.map(({ spec }) => (spec as { activation?: string }).activation), ['relu', 'sigmoid']); // prettier-ignore
    const roles = ['trunk/1/u', 'trunk/1/p', 'convolutions/1', 'convolutions/1/deep', 'masks/1/deep', 'attended/1/deep'].map((id) => [of(id).role, of(id).label].join(' ')); // prettier-ignore
    assert.deepEqual(roles, ['trunk 1', 'trunk 1', 'attention 1', 'attention 1', 'attention deep', 'attention deep']);
    assert.deepEqual([of('attended/1/deep').drawnWith, of('attended/1/deep').operation], ['masks/1/deep', { kind: 'product' }]); // prettier-ignore
  });

  test('u ends before the last layer with weights; with fewer than two of them u is p', () => {
    const first = (stage: readonly LayerSpec[], input: Shape = [3]): string[] =>
      lines(made({ type: 'mtan' }, [stage], { input: { shape: input } }).sharing).filter((text) => text.startsWith('trunk')); // prettier-ignore
    const relu = layer('activation', { activation: 'relu' });
    assert.deepEqual(first([dense(4), relu, dense(5), relu]), ['trunk/0/u ← input: 3×4 4 → 4 (abc)', 'trunk/0/p ← trunk/0/u: 4×5 5 → 5 (abc)']); // prettier-ignore
    assert.deepEqual(first([dense(4), relu]), ['trunk/0/u ← input: 3×4 4 → 4 (abc)']);
    assert.deepEqual(first([relu]), ['trunk/0/u ← input: → 3 (abc)']);
    assert.deepEqual(first([dense(4), dense(5), dense(6)]), ['trunk/0/u ← input: 3×4 4 4×5 5 → 5 (abc)', 'trunk/0/p ← trunk/0/u: 5×6 6 → 6 (abc)']); // prettier-ignore
  });

  test('a mask acts on maps of its own size', () => {
    const conv = (more: object = {}): LayerSpec => layer('conv2d', { filters: 2, kernelSize: 3, padding: 'same', ...more }); // prettier-ignore
    const input = { shape: [8, 8, 1] };
    const { output } = made({ type: 'mtan' }, [[conv(), conv({ filters: 5 })]], { input });
    assert.deepEqual(output, [8, 8, 5]);
    const { code, message } = refused({ type: 'mtan' }, [[conv()], [conv(), conv({ strides: 2 })]], { input, name: 'x' }); // prettier-ignore
    assert.equal(code, 'sharing-shape');
    assert.match(message.en, /^In stage 1 of "x" the attention mask is made from \[8, 8, 2\] .* acts on \[4, 4, 2\]/);
    assert.match(message.zh, /“x” 第 1 阶段.*\[8, 8, 2\].*\[4, 4, 2\]/);
    const last = layer('lstm', { units: 3 });
    assert.equal(refused({ type: 'mtan' }, [[dense(4), last]], { input: { shape: [7, 3] } }).code, 'sharing-shape');
    const open = made({ type: 'mtan' }, [[conv(), conv({ strides: 2 })]], { input: { shape: [null, null, 1] } });
    assert.deepEqual(open.output, [null, null, 2]);
  });
});

describe('what a mechanism comes to', () => {
  const parts = (sharing: object, stages: readonly (readonly LayerSpec[])[], readers = consumers): number =>
    partsOf(blockOf(sharing as never, stages, { consumers: readers }));

  test('copies of its layers, and what each reader’s gate or stitch reads in each stage', () => {
    const two = [[dense(4), dense(4)], [dense(4)]]; // prettier-ignore
    assert.equal(parts({ type: 'hard' }, two), 0);
    // 5 · 3 layers, 2 stages · 2 readers · (5 + 2).
    assert.equal(parts({ type: 'mmoe', experts: 5 }, two), 15 + 28);
    // 1 + 2 · 3 copies.
    assert.equal(parts({ type: 'cgc', sharedExperts: 1, taskExperts: 3 }, two), 7 * 3 + 2 * 2 * 9);
    assert.equal(parts({ type: 'cross-stitch' }, two), 2 * 3 + 2 * 2 * 4);
    // Without readers as with one, an empty stage as one with a layer.
    assert.equal(parts({ type: 'soft' }, two, []), 3 + 2 * 2);
    assert.equal(parts({ type: 'soft' }, [[]]), 2 + 2 * 4);
  });

  test('too many are refused with the number and the limit', () => {
    const { code, message } = tooManyParts(maxParts + 7);
    assert.equal(code, 'sharing-size');
    for (const text of [message.en, message.zh]) assert.match(text, new RegExp(`${maxParts + 7}.*\\b${maxParts}\\b`));
  });
});

test('with an input that is not known nothing is known, and nothing breaks', () => {
  for (const type of ['mmoe', 'cgc', 'ple', 'dselect-k', 'soft', 'cross-stitch', 'sluice', 'branch', 'mtan'] as const) {
    const more = {
      experts: 2,
      sharedExperts: 1,
      taskExperts: 1,
      selected: 1,
      sharedGate: true,
      init: 0.9,
      strength: 1,
    };
    const { sharing, output } = made({ type, ...more }, [[dense(4)], [dense(4)]], { input: null });
    assert.deepEqual(output, [null], type);
    assert.deepEqual([...sharing.outputs.keys()], ['task:a', 'block:deep'], type);
    for (const { outputShape } of sharing.parts) assert.deepEqual(outputShape, [null], type);
  }
});
