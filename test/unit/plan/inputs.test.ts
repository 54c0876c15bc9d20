// Shapes of inputs, each worked out by hand from its arguments and the header.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { targetSelectors } from '../../../src/plan/heads/table.ts';
import { inputFlow, inputShape, isIndex } from '../../../src/plan/inputs/table.ts';
import { chooseColumns, tableOf, type Table } from '../../../src/plan/table-columns.ts';
import type { DataFacts } from '../../../src/plan/plan.ts';
import { readSpec, type InputSpec, type Spec } from '../../../src/spec/index.ts';
import { header, planText, specText } from './helpers.ts';

function specOf(parts: Readonly<Record<string, unknown>> = {}): Spec {
  const { spec } = readSpec(specText(parts));
  return spec ?? assert.fail();
}
const inputOf = (input: object): InputSpec =>
  specOf({ data: { source: 't.csv', inputs: { measures: input } } }).data.inputs.get('measures') ?? assert.fail();
const chosen = (columns: readonly string[], width: number | null) => ({ columns, width });
const shapeOf = (input: object, width: number | null = 2, facts?: DataFacts): unknown =>
  inputShape('measures', inputOf(input), chosen(['a', 'b'], width), facts);

describe('the table', () => {
  const narrow = (data: object): boolean =>
    tableOf(specOf({ data: { inputs: { measures: { type: 'number', from: ['a'] } }, ...data } }), undefined).narrow;

  test('knows widths without a header where every file is CSV or TSV, or the format says so', () => {
    assert.equal(narrow({ source: 'a.csv' }), true);
    assert.equal(narrow({ source: 'a.TSV' }), true);
    assert.equal(narrow({ source: ['a.csv', 'b.tsv'] }), true);
    assert.equal(narrow({ source: ['a.csv', 'b.npz'] }), false);
    assert.equal(narrow({ source: 'a.npz' }), false);
    assert.equal(narrow({ source: 'a.csv.npz' }), false);
    assert.equal(narrow({ source: 'a.xsv' }), false);
    assert.equal(narrow({ source: 'acsv' }), false);
    assert.equal(narrow({ source: 'a.txt', format: 'csv' }), true);
    assert.equal(narrow({ source: 'a.txt', format: 'tsv' }), true);
    assert.equal(narrow({ source: 'a.csv', format: 'jsonl' }), false);
  });

  test('knows the columns that tasks predict, both of survival', () => {
    const tasks = {
      mass: { type: 'regression', target: ['mass', 'id'], input: 'trunk' },
      life: { type: 'survival', target: { time: 'days', event: 'died' }, input: 'trunk' },
    };
    const spec = specOf({ tasks, weights: {} });
    assert.deepEqual([...tableOf(spec, undefined).targets], ['mass', 'id', 'days', 'died']);
    assert.deepEqual(targetSelectors(spec.tasks.get('life') ?? assert.fail()), ['days', 'died']);
    assert.deepEqual(targetSelectors(spec.tasks.get('mass') ?? assert.fail()), ['mass', 'id']);
    const facts = header(['a']);
    assert.equal(tableOf(spec, facts).facts, facts);
  });
});

describe('columns', () => {
  const table = (more: Partial<Table>): Table => ({ facts: undefined, targets: new Set(), narrow: true, ...more });

  test('without a header are those that are written; their width is known where all are named in a table', () => {
    assert.deepEqual(chooseColumns(['a', 'b'], table({}), true), chosen(['a', 'b'], 2));
    assert.deepEqual(chooseColumns(['a', 'b'], table({ narrow: false }), true), chosen(['a', 'b'], null));
    assert.deepEqual(chooseColumns(['a', { match: 'p*' }], table({}), true), chosen(['a', 'p*'], null));
    assert.deepEqual(chooseColumns([{ except: ['x', 'y'] }], table({}), true), chosen(['≠ x, y'], null));
  });

  test('with one are real; an array counts with all its numbers, and targets are left out of inputs alone', () => {
    const facts = header(['a', 'mass'], { map: [2, 3] });
    const of =
      (...selectors: Parameters<typeof chooseColumns>[0]) =>
      (asInput: boolean) =>
        chooseColumns(selectors, table({ facts, targets: new Set(['mass']) }), asInput);
    assert.deepEqual(of('a', 'map')(true), chosen(['a', 'map'], 7));
    assert.deepEqual(of({ except: ['map'] })(true), chosen(['a'], 1));
    assert.deepEqual(of({ except: ['map'] })(false), chosen(['a', 'mass'], 2));
    assert.deepEqual(of('nowhere')(true), chosen([], 0));
  });
});

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
