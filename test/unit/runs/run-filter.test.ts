import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noNotes } from '../../../src/runs/notes.ts';
import { fitsFilter } from '../../../src/runs/run-filter.ts';

const entry = {
  ...{ id: '20260101-x', name: 'Penguins', spec: '/p/penguins.mtl.json', strategy: 'gradnorm' },
  state: 'completed' as const,
  notes: { ...noNotes, note: 'larger learning rate' },
};

test('every word must be somewhere: name, note, spec, strategy, state in either language', () => {
  for (const fits of ['', 'penguins', 'LARGER gradnorm', 'completed', '已完成', 'penguins.mtl rate', '20260101'])
    assert.ok(fitsFilter(entry, fits), fits);
  for (const not of ['pinned', 'penguins failed', 'uncertainty']) assert.ok(!fitsFilter(entry, not), not);
  assert.ok(fitsFilter({ ...entry, notes: { ...noNotes, pinned: true } }, 'pinned'));
});
