/** What is told of data that are read from disk, and when it is worth a warning. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slowText, storageText, waitsText } from '../../../../src/samples/stream/texts.ts';

const waits = { batches: 120, late: 3, seconds: 5, first: 0.25, direct: 7 };

test('sizes and counts stand in the log, each at its place', () => {
  const [MB, GB] = [2 ** 20, 2 ** 30];
  assert.equal(
    storageText({ streamed: true, memory: 512 * MB, estimate: 3 * GB, disk: 2 * GB }),
    'The data would take about 3 GB in memory and may take 512 MB: they are read from disk while the network trains (2 GB in temporary files).',
  );
  assert.equal(
    waitsText(waits),
    'Read from disk: 120 batches ahead of the training, 3 of them late, 7 on the spot; it waited 5.000 s, and 0.250 s for the first batches.',
  );
});

test('waiting is told from a twentieth of the time on, after ten seconds', () => {
  assert.equal(slowText(undefined, 1000), null);
  assert.equal(slowText(waits, 9.99), null);
  assert.equal(slowText(waits, 100.1), null);
  assert.match(slowText(waits, 100)?.en ?? '', /^5 % of the time so far went into waiting/);
  assert.match(slowText(waits, 10)?.en ?? '', /^50 % /);
  assert.match(slowText(waits, 10)?.zh ?? '', /50 % 的时间/);
  assert.match(slowText({ ...waits, seconds: 3.4 }, 12)?.en ?? '', /^28 % /);
});
