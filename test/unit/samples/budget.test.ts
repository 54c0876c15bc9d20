import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { affordable } from '../../../src/samples/budget.ts';
import { refusal } from './helpers.ts';

const advice = { en: 'Do this.', zh: '请这样做。' };

test('prepared numbers of 4 bytes may take 4 GiB, and not one more', () => {
  const most = 2 ** 32 / 4;
  assert.equal(affordable(most / 8, 8, 'x', 'a.csv', advice), most);
  assert.equal(affordable(3, 7, 'x', 'a.csv', advice), 21);
  assert.deepEqual(
    refusal(() => affordable(most / 4 + 2 ** 18, 4, 'x', 'a.csv', advice)),
    {
      code: 'too-large',
      message: 'Input “x”: 268697600 samples with 4 values each would take 4100 MB; the limit is 4096 MB. Do this.',
      file: 'a.csv',
    },
  );
  assert.equal(
    refusal(() => affordable(most + 1, 1, 'x', 'a.csv', advice)).message.includes('4096 MB; the limit'),
    true,
  );
});
