// Which columns a list of selectors means, and what is known of them before anybody has read the data.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { targetSelectors } from '../../../src/plan/heads/table.ts';
import { chooseColumns, tableOf, type Table } from '../../../src/plan/table-columns.ts';
import { readSpec, type Spec } from '../../../src/spec/index.ts';
import { header, specText } from './helpers.ts';

function specOf(parts: Readonly<Record<string, unknown>> = {}): Spec {
  const { spec } = readSpec(specText(parts));
  return spec ?? assert.fail();
}
const chosen = (columns: readonly string[], width: number | null) => ({ columns, width });

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
