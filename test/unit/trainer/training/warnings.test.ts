/** When a warning is the same as another, and how it outlives a checkpoint. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WarningEvent } from '../../../../src/runs/events.ts';
import { text } from '../../../../src/common/text.ts';
import { Warnings } from '../../../../src/trainer/training/warnings.ts';

const words = text('Ten.', '十。');

/** A ledger, and what it writes: of each warning that is told its record, of one that is not told null. */
function ledger() {
  const records: WarningEvent[] = [];
  const warnings = new Warnings((record) => records.push(record));
  const tell = (...warning: Parameters<Warnings['warn']>): WarningEvent | null => {
    const before = records.length;
    warnings.warn(...warning);
    return records[before] ?? null;
  };
  return { warnings, tell, records };
}

test('a warning is told once for its code, task and what it is about, whatever its words', () => {
  const { warnings, tell, records } = ledger();
  assert.deepEqual(tell('a', words), { kind: 'warning', code: 'a', message: 'Ten.', zh: '十。' });
  assert.equal(tell('a', words), null);
  assert.deepEqual(tell('a', words, { task: 't' }), {
    kind: 'warning',
    code: 'a',
    message: 'Ten.',
    zh: '十。',
    task: 't',
  });
  assert.notEqual(tell('b', words), null);
  assert.notEqual(tell('a', text('Eleven.', '十。')), null);
  assert.equal(tell('a', text('Ten.', '11。')), null, 'the English words decide');
  assert.notEqual(tell('a', words, { about: 'x' }), null);
  assert.equal(tell('a', text('Other words.', '别的。'), { about: 'x' }), null);
  assert.notEqual(tell('a', words, { about: 'xy' }), null, 'the beginning of another one is not the same');
  const mild = tell('a', words, { about: 'mild', severity: 'information' });
  assert.deepEqual(mild, { kind: 'warning', code: 'a', message: 'Ten.', zh: '十。', severity: 'information' });
  assert.equal('severity' in (tell('a', words, { about: 'w', severity: 'warning' }) ?? {}), false);
  assert.deepEqual([records.length, warnings.all().length], [8, 8]);
});

test('what is kept of a warning says all of it again; earlier versions kept the English words alone', () => {
  const { warnings, tell } = ledger();
  tell('a', words, { task: 't', about: 'x', severity: 'information' });
  tell('a', words);
  const again = ledger();
  again.warnings.restore(warnings.state());
  assert.equal(again.tell('a', words), null, 'it was told before the checkpoint');
  assert.deepEqual(again.warnings.all(), [
    { code: 'a', message: words, task: 't', severity: 'information' },
    { code: 'a', message: words },
  ]);
  again.warnings.restore(['["a",null,"x","Ten."]']);
  assert.deepEqual(again.warnings.all(), [{ code: 'a', message: { en: 'Ten.', zh: 'Ten.' } }]);
});
