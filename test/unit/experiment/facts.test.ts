// Sizes of the data that a plan keeps: what is read back is what was written, and what is none is refused as a whole.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFacts, sizesOf } from '../../../src/experiment/facts.ts';

const whole = {
  columns: { a: { shape: [], dtype: 'float32' }, image: { shape: [8, 8, 3], dtype: 'uint8' } },
  inputShapes: { x: [2], seen: [8, 8, 3] },
  vocabularies: { words: 100, none: 0 },
  classes: { kind: ['a', 'b'] },
};

test('everything comes back, by name', () => {
  const facts = parseFacts(whole);
  assert.deepEqual(facts, {
    columns: new Map(Object.entries(whole.columns)),
    inputShapes: new Map(Object.entries(whole.inputShapes)),
    vocabularies: new Map(Object.entries(whole.vocabularies)),
    classes: new Map(Object.entries(whole.classes)),
  });
  assert.ok(facts);
  assert.deepEqual(sizesOf(facts), facts);
  // Without the rest of what is known of the data, and without what is not known.
  const { columns } = facts;
  assert.deepEqual(sizesOf({ columns, rows: 5 } as Parameters<typeof sizesOf>[0]), { columns });
  const empty = new Map<string, never>();
  assert.deepEqual(parseFacts({ columns: {} }), { columns: empty, inputShapes: empty, vocabularies: empty, classes: empty }); // prettier-ignore
});

test('one part that is none spoils all of it', () => {
  const bad: readonly object[] = [
    ...[{ columns: undefined }, { columns: [] }, { columns: { a: 5 } }, { columns: { a: { shape: [1] } } }],
    ...[{ columns: { a: { shape: [1], dtype: 4 } } }, { columns: { a: { shape: 1, dtype: 'uint8' } } }],
    ...[{ columns: { a: { shape: [1, -1], dtype: 'uint8' } } }, { columns: { a: { shape: ['1'], dtype: 'uint8' } } }],
    ...[{ inputShapes: 5 }, { inputShapes: { x: [2.5] } }, { inputShapes: { x: [2], y: null } }],
    ...[{ vocabularies: { words: -1 } }, { vocabularies: { words: '9' } }, { vocabularies: 'words' }],
    ...[{ classes: { kind: 'ab' } }, { classes: { kind: ['a', 1] } }, { classes: null }],
  ];
  for (const part of bad) {
    const given = { ...whole, ...part };
    const read = parseFacts(given);
    // `null` is what is left out of a plan that has none.
    if ('classes' in part && part.classes === null) assert.deepEqual(read?.classes, new Map());
    else assert.equal(read, null, JSON.stringify(part));
  }
  for (const none of [null, undefined, 5, 'x', []]) assert.equal(parseFacts(none), null);
});
