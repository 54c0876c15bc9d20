// The spec against the header: each thing that can be wrong with a column, where it stands and what mends it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DataFacts } from '../../../../src/plan/plan.ts';
import { fixed, header, planText, specText, squiggles, table } from '../helpers.ts';

const inputs = (input: object): object => ({ source: 'table.csv', inputs: { measures: input } });
const codes = (parts: Record<string, unknown>, facts: DataFacts = table): string[] =>
  planText(specText(parts), facts, true).problems.map(({ code, pointer }) => `${code} ${pointer}`);
const fine = specText();

describe('columns of an input', () => {
  test('that exist are no problem', () => {
    assert.deepEqual(planText(fine, table).problems, []);
  });

  test('unknown: its place, and the nearest name as a fix', () => {
    const reading = planText(specText({ data: inputs({ type: 'number', from: ['a', 'B2', 'c'] }) }), header(['a', 'b2', 'c', 'kind', 'mass'])); // prettier-ignore
    assert.deepEqual(squiggles(reading), [['unknown-column', '"B2"']]);
    assert.match(reading.problems[0]?.message.en ?? '', /no column "B2".*b2/);
    assert.match(fixed(reading), /"b2"/);
  });

  test('none is left', () => {
    const data = inputs({ type: 'number', from: { except: ['a', 'b', 'c', 'id'] } });
    assert.deepEqual(codes({ data }), ['no-columns /data/inputs/measures/from']);
    const [problem] = planText(specText({ data }), table).problems;
    assert.equal(problem?.message.en, 'No column is left for input "measures".');
    assert.match(problem.message.zh, /“measures”/);
  });

  test('a pattern that fits nothing is the only thing said', () => {
    const data = inputs({ type: 'number', from: { match: 'q*' } });
    assert.deepEqual(codes({ data }), ['pattern-matches-nothing /data/inputs/measures/from']);
    const except = inputs({ type: 'number', from: ['a', { except: ['q1', 'q2'] }] });
    const [problem] = planText(specText({ data: except }), table).problems;
    assert.match(problem?.message.en ?? '', /"q1, q2"/);
  });

  const layers = [{ type: 'conv2d', filters: 2, kernelSize: 3 }, { type: 'flatten' }, { type: 'dense', units: 3 }];
  const picture = (from: unknown): Record<string, unknown> => ({
    data: inputs({ type: 'image', from, size: [8, 8] }),
    network: { trunk: { input: 'measures', layers } },
  });

  test('an image is one column or array of pixels', () => {
    const two = codes(picture(['a', 'b']));
    assert.deepEqual(two, ['one-column /data/inputs/measures/from']);
    assert.match(planText(specText(picture(['a', 'b', 'c'])), table).problems[0]?.message.en ?? '', /here are 3/);
    const columns = ['kind', 'mass'];
    for (const shape of [[], [7], [2, 3, 4, 5]]) {
      const found = codes(picture(['images']), header(columns, { images: shape }));
      assert.deepEqual(found, ['not-an-image /data/inputs/measures/from'], JSON.stringify(shape));
    }
    for (const shape of [
      [8, 8],
      [8, 8, 3],
    ]) {
      assert.deepEqual(codes(picture(['images']), header(columns, { images: shape })), [], JSON.stringify(shape));
    }
    const shapeOf = (facts: DataFacts, from: string, more: object): unknown => {
      const parts = { ...picture([from]), data: inputs({ type: 'image', from: [from], ...more }) };
      return planText(specText(parts), facts, true).plan.inputs.get('measures')?.shape;
    };
    assert.deepEqual(shapeOf(header(columns, { images: [8, 9] }), 'images', {}), [8, 9, 1]);
    assert.deepEqual(shapeOf(header(columns, { images: [8, 9, 3] }), 'images', {}), [8, 9, 3]);
    assert.deepEqual(shapeOf(table, 'a', {}), [null, null, null]);
    assert.deepEqual(shapeOf(table, 'a', { size: [6, 7], channels: 3 }), [6, 7, 3]);
    assert.deepEqual(shapeOf(table, 'a', { size: [6, 7] }), [6, 7, null]);
    // Paths of files.
    assert.deepEqual(codes(picture(['a'])), []);
  });
});

describe('columns that other keys name', () => {
  const task = (more: object): Record<string, unknown> => ({
    tasks: {
      kind: { type: 'classification', target: 'kind', classes: 3, input: 'trunk' },
      mass: { type: 'regression', target: 'mass', input: 'trunk', ...more },
    },
  });
  const data = (more: object): Record<string, unknown> => ({
    data: { source: 'table.csv', inputs: { measures: { type: 'number', from: ['a', 'b', 'c'] } }, ...more },
  });
  const wrong: readonly (readonly [Record<string, unknown>, string])[] = [
    [task({ sampleWeight: 'nope' }), '/tasks/mass/sampleWeight'],
    [task({ when: { column: 'nope', equals: 'x' } }), '/tasks/mass/when/column'],
    [task({ target: 'nope' }), '/tasks/mass/target'],
    [data({ split: { column: 'nope' } }), '/data/split/column'],
    [data({ split: { train: 0.7, validation: 0.2, test: 0.1, stratify: 'nope' } }), '/data/split/stratify'],
    [data({ split: { train: 0.7, validation: 0.2, test: 0.1, group: 'nope' } }), '/data/split/group'],
    [data({ split: { train: 0.7, validation: 0.2, test: 0.1, time: 'nope' } }), '/data/split/time'],
    [data({ missingTokens: { nope: ['?'], a: ['-'] } }), '/data/missingTokens/nope'],
  ];
  for (const [parts, pointer] of wrong) {
    test(`${pointer}: a column that is not there`, () => {
      assert.deepEqual(codes(parts), [`unknown-column ${pointer}`]);
    });
  }

  test('a misspelled key of missingTokens is renamed by the fix', () => {
    const reading = planText(specText(data({ missingTokens: { kimd: ['?'] } })), table);
    assert.deepEqual(squiggles(reading), [['unknown-column', '"kimd"']]);
    assert.match(fixed(reading), /"kind": \[/);
  });

  test('the ones that exist are no problem', () => {
    assert.deepEqual(codes(task({ sampleWeight: 'id', when: { column: 'id', equals: 'x' } })), []);
    assert.deepEqual(codes(data({ missingTokens: { a: ['?'] }, split: { column: 'id' } })), []);
    assert.deepEqual(codes(data({ split: { train: 0.7, validation: 0.2, test: 0.1, group: 'id' } })), []);
  });
});

describe('the width of a target', () => {
  const tasks = (task: object): Record<string, unknown> => ({ tasks: { only: { input: 'trunk', ...task } }, weights: { only: 1 } }); // prettier-ignore
  const facts = header(['a', 'b', 'c', 'kind', 'w', 'x', 'y', 'z'], { box: [4], pair: [2] });

  test('four numbers for a box, one column for a class', () => {
    const box = (target: unknown): string[] => codes(tasks({ type: 'box', target }), facts);
    assert.deepEqual(box(['w', 'x', 'y', 'z']), []);
    assert.deepEqual(box('box'), []);
    assert.deepEqual(box(['w', 'x', 'y']), ['target-width /tasks/only/target']);
    assert.deepEqual(box('pair'), ['target-width /tasks/only/target']);
    // Other tasks' columns are left out of inputs, not of targets.
    const rest = { type: 'box', target: { except: ['a', 'b', 'c', 'box', 'pair', 'kind'] }, input: 'trunk' };
    const pair = { only: rest, other: { type: 'regression', target: 'w', input: 'trunk' } };
    assert.deepEqual(codes({ tasks: pair, weights: {} }, facts), []);
    const kinds = tasks({ type: 'classification', classes: 3, target: 'pair' });
    assert.deepEqual(codes(kinds, facts), ['target-width /tasks/only/target']);
    assert.match(
      planText(specText(kinds), facts).problems[0]?.message.en ?? '',
      /needs one column; "pair \[2\]" are 2/,
    );
  });
});

describe('a target among the inputs', () => {
  test('is a warning where the input reaches the task, and the fix takes it out', () => {
    for (const from of [
      ['a', 'mass', 'b'],
      ['mass', 'a', 'b'],
      ['a', 'b', 'mass'],
    ]) {
      const reading = planText(specText({ data: inputs({ type: 'number', from }) }), table);
      assert.deepEqual(squiggles(reading), [['target-as-input', '"mass"']]);
      assert.equal(reading.problems[0]?.severity, 'warning');
      assert.deepEqual(JSON.parse(fixed(reading)), JSON.parse(specText({ data: inputs({ type: 'number', from: ['a', 'b'] }) }))); // prettier-ignore
    }
  });

  test('is one however the input comes to the task', () => {
    const block = (...input: string[]): object => ({ input, layers: [{ type: 'dense', units: 2 }] });
    const parts = {
      data: {
        source: 'table.csv',
        inputs: { one: { type: 'number', from: ['a', 'mass'] }, two: { type: 'number', from: ['b', 'c'] } },
      },
      network: { stem: block('two'), left: block('stem'), right: block('stem'), last: block('one') },
      tasks: { mass: { type: 'regression', target: 'mass', input: ['last', 'left', 'right'] } },
      weights: {},
    };
    assert.deepEqual(codes(parts), ['target-as-input /data/inputs/one/from/1']);
  });

  test('is none where the input serves other tasks only', () => {
    const parts = {
      data: {
        source: 'table.csv',
        inputs: { one: { type: 'number', from: ['a', 'mass'] }, two: { type: 'number', from: ['b', 'c'] } },
      },
      network: {
        first: { input: 'one', layers: [{ type: 'dense', units: 2 }] },
        second: { input: 'two', layers: [{ type: 'dense', units: 2 }] },
      },
      tasks: {
        kind: { type: 'classification', target: 'kind', classes: 3, input: 'first' },
        mass: { type: 'regression', target: 'mass', input: 'second' },
      },
    };
    assert.deepEqual(codes(parts), []);
  });
});
