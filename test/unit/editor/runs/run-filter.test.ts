import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noNotes } from '../../../../src/runs/notes.ts';
import { fitsFilter } from '../../../../src/editor/runs/run-filter.ts';
import type { RunEntry } from '../../../../src/editor/runs/run-store.ts';

const entry: RunEntry = {
  ...{ directory: '/r/20260101-x', id: '20260101-x', name: 'Penguins', specFile: '/p/penguins.mtl.json' },
  ...{ created: 1, state: 'completed', problem: undefined, lines: [], strategy: 'gradnorm', forkable: true },
  notes: { ...noNotes, note: 'larger learning rate' },
};
const t = (message: string): string => ({ completed: '已完成' })[message] ?? message;

test('every word must be somewhere: name, note, spec, strategy, state in either language', () => {
  for (const fits of ['', 'penguins', 'LARGER gradnorm', 'completed', '已完成', 'penguins.mtl rate', '20260101'])
    assert.ok(fitsFilter(entry, fits, t), fits);
  for (const not of ['pinned', 'penguins failed', 'uncertainty']) assert.ok(!fitsFilter(entry, not, t), not);
  assert.ok(fitsFilter({ ...entry, notes: { ...noNotes, pinned: true } }, 'pinned', t));
});
