// Shapes of inputs, each worked out by hand from its arguments and the header.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inputFlow, inputShape, isIndex } from '../../../../src/plan/inputs/table.ts';
import type { DataFacts } from '../../../../src/plan/plan.ts';
import { readSpec, type InputSpec, type Spec } from '../../../../src/spec/index.ts';
import { header, planText, specText } from '../helpers.ts';

function specOf(parts: Readonly<Record<string, unknown>> = {}): Spec {
  const { spec } = readSpec(specText(parts));
  return spec ?? assert.fail();
}
const inputOf = (input: object): InputSpec =>
  specOf({ data: { source: 't.csv', inputs: { measures: input } } }).data.inputs.get('measures') ?? assert.fail();
const chosen = (columns: readonly string[], width: number | null) => ({ columns, width });
const shapeOf = (input: object, width: number | null = 2, facts?: DataFacts): unknown =>
  inputShape('measures', inputOf(input), chosen(['a', 'b'], width), facts);

describe('the shape of one sample', () => {
  test('numbers and categories have the width of their columns, which an indicator of gaps makes unknown', () => {
    assert.deepEqual(shapeOf({ type: 'number', from: ['a', 'b'] }), [2]);
    assert.deepEqual(shapeOf({ type: 'number', from: ['a', 'b'] }, null), [null]);
    assert.deepEqual(shapeOf({ type: 'number', from: ['a'], missing: { indicator: true } }), [null]);
    assert.deepEqual(shapeOf({ type: 'category', from: ['a', 'b'], encoding: 'index' }), [2]);
    assert.deepEqual(shapeOf({ type: 'category', from: ['a', 'b'], encoding: 'one-hot' }), [null]);
    assert.deepEqual(shapeOf({ type: 'category', from: ['a', 'b'], encoding: 'index', missing: { indicator: true } }), [
      null,
    ]);
  });

  test('texts have maxLength, sequences maxLength or an unknown length by their width', () => {
    assert.deepEqual(shapeOf({ type: 'text', from: 'a', maxLength: 17 }), [17]);
    assert.deepEqual(shapeOf({ type: 'sequence', from: ['a', 'b'], maxLength: 9 }), [9, 2]);
    assert.deepEqual(shapeOf({ type: 'sequence', from: ['a', 'b'] }), [null, 2]);
  });

  test('sounds have 1 + ⌊(samples − frame) / hop⌋ frames of bands, at least one', () => {
    const audio = { type: 'audio', from: 'a', sampleRate: 1000, frame: 200, hop: 80, bands: 12 };
    // ⌊(1000 − 200) / 80⌋ = 10 exactly; 1039 samples give 10 as well, 1040 begin no frame, 1080 one more.
    assert.deepEqual(shapeOf({ ...audio, seconds: 1 }), [11, 12]);
    assert.deepEqual(shapeOf({ ...audio, seconds: 1.079 }), [11, 12]);
    assert.deepEqual(shapeOf({ ...audio, seconds: 1.08 }), [12, 12]);
    assert.deepEqual(shapeOf({ ...audio, seconds: 0.2 }), [1, 12]);
    assert.deepEqual(shapeOf({ ...audio, seconds: 0.28 }), [2, 12]);
    assert.deepEqual(shapeOf({ ...audio, seconds: 0.05 }), [1, 12]);
    assert.deepEqual(shapeOf(audio), [null, 12]);
  });

  test('pictures: size wins over the array, each axis where it is known', () => {
    const image = { type: 'image', from: 'map' };
    const of = (input: object, array?: readonly number[]): unknown =>
      inputShape('x', inputOf({ ...image, ...input }), chosen(['map'], null), array && header([], { map: array }));
    assert.deepEqual(of({}, [8, 9]), [8, 9, 1]);
    assert.deepEqual(of({}, [8, 9, 3]), [8, 9, 3]);
    assert.deepEqual(of({ size: [4, 5] }, [8, 9, 3]), [4, 5, 3]);
    assert.deepEqual(of({ channels: 2 }, [8, 9]), [8, 9, 2]);
    assert.deepEqual(of({}, [8]), [null, null, null]);
    assert.deepEqual(of({ size: [4, 5], channels: 3 }), [4, 5, 3]);
    assert.deepEqual(inputShape('x', inputOf(image), chosen([], 0), header([], { map: [8, 9] })), [null, null, null]);
  });

  test('what the prepared data have wins over everything', () => {
    const facts = { ...header(['a', 'b']), inputShapes: new Map([['measures', [5]]]) };
    assert.deepEqual(shapeOf({ type: 'number', from: ['a', 'b'] }, 2, facts), [5]);
    assert.deepEqual(inputShape('other', inputOf({ type: 'number', from: ['a'] }), chosen(['a'], 1), facts), [1]);
  });
});

test('indices are texts and categories encoded as such; they flow with their vocabulary where it is known', () => {
  const index = inputOf({ type: 'category', from: 'a', encoding: 'index' });
  assert.equal(isIndex(index), true);
  assert.equal(isIndex(inputOf({ type: 'category', from: 'a', encoding: 'one-hot' })), false);
  assert.equal(isIndex(inputOf({ type: 'text', from: 'a', maxLength: 3 })), true);
  assert.equal(isIndex(inputOf({ type: 'number', from: 'a' })), false);
  const plan = (type: object) =>
    planText(specText({ data: { source: 't.csv', inputs: { measures: type } } })).plan.inputs.get('measures') ??
    assert.fail();
  const [code, plain] = [plan({ type: 'category', from: 'a', encoding: 'index' }), plan({ type: 'number', from: 'a' })];
  assert.deepEqual([code.dtype, plain.dtype], ['int32', 'float32']);
  const facts = { ...header(['a']), vocabularies: new Map([['measures', 7]]) };
  assert.deepEqual(inputFlow(code, facts), { shape: [1], indices: { vocabulary: 7 } });
  assert.deepEqual(inputFlow(code, header(['a'])), { shape: [1], indices: { vocabulary: null } });
  assert.deepEqual(inputFlow(code, undefined), { shape: [1], indices: { vocabulary: null } });
  assert.deepEqual(inputFlow(plain, facts), { shape: [1] });
});
