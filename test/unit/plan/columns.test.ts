import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { matchesPattern, selectColumns, writtenColumns } from '../../../src/plan/columns.ts';

const header = ['id', 'p00', 'p01', 'p10', '数量', 'label'];

test('names in order of mention, patterns in header order, each once', () => {
  assert.deepEqual(selectColumns(['p10', { match: 'p0?' }, { match: 'p*' }], header).columns, ['p10', 'p00', 'p01']);
});

test('"except" alone means everything but these and the targets', () => {
  const { columns } = selectColumns([{ except: ['id', 'p1*'] }], header, new Set(['label']));
  assert.deepEqual(columns, ['p00', 'p01', '数量']);
});

test('"except" beside a pattern takes away from it', () => {
  assert.deepEqual(selectColumns([{ match: 'p*' }, { except: ['p01'] }], header).columns, ['p00', 'p10']);
});

test('selectors that fit nothing are counted', () => {
  const { columns, unmatched } = selectColumns(['p00', 'nope', { match: 'q*' }, { except: ['zzz'] }], header);
  assert.deepEqual(columns, ['p00']);
  assert.deepEqual(unmatched, [1, 2, 3]);
});

test('wildcards agree with the regular expression they stand for', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '?', '*', '.', '数'), maxLength: 8 });
  fc.assert(
    fc.property(letters, letters, (text, pattern) => {
      const source = Array.from(pattern, (c) => (c === '*' ? '.*' : c === '?' ? '.' : c.replace(/[.]/, '\\$&'))).join(
        '',
      );
      assert.equal(matchesPattern(text, pattern), new RegExp(`^${source}$`, 'su').test(text));
    }),
    { numRuns: 2000 },
  );
});

test('a pattern of many stars ends', () => {
  assert.equal(matchesPattern('a'.repeat(2000), `${'*a'.repeat(50)}b`), false);
});

test('"except" takes away whatever stands beside it, also before it; alone it may be several', () => {
  const select = (...selectors: Parameters<typeof selectColumns>[0]) => selectColumns(selectors, header, new Set(['label'])); // prettier-ignore
  assert.deepEqual(select({ except: ['p00'] }, 'p00', 'id').columns, ['id']);
  assert.deepEqual(select({ except: ['p*'] }, { except: ['id'] }).columns, ['数量']);
  assert.deepEqual(select({ except: ['nothing'] }).columns, ['id', 'p00', 'p01', 'p10', '数量']);
  assert.deepEqual(select({ except: ['nothing'] }).unmatched, [0]);
  assert.deepEqual(select('label', { except: ['id'] }).columns, ['label'], 'a target that is named is meant');
  assert.deepEqual(select({ match: '*' }).columns, header);
  assert.deepEqual(selectColumns([{ except: ['id'] }], header).columns, ['p00', 'p01', 'p10', '数量', 'label']);
});

test('selectors without a header read as they are written', () => {
  assert.deepEqual(writtenColumns(['a', { match: 'p??' }, { except: ['x', 'y*'] }]), ['a', 'p??', '≠ x, y*']);
});
