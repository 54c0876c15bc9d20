import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { remainingTime } from '../../../../src/experiment/driver/progress.ts';

const nothing = { finished: [], running: [], waiting: [], pending: 0, slots: 2 };
const waiting = (...arms: string[]) => arms.map((arm) => ({ arm }));

test('before a run has finished nobody knows; with nothing left it is nothing', () => {
  assert.deepEqual(remainingTime(nothing), { seconds: 0, atMost: false });
  assert.deepEqual(remainingTime({ ...nothing, waiting: waiting('a') }), { seconds: null, atMost: false });
  assert.deepEqual(remainingTime({ ...nothing, running: [{ arm: 'a', elapsed: 1 }] }), {
    seconds: null,
    atMost: false,
  });
  assert.deepEqual(remainingTime({ ...nothing, pending: 1 }), { seconds: null, atMost: true });
});

test('each run goes to the slot that is free first, by the mean of its arm', () => {
  const finished = [
    { arm: 'a', seconds: 8 },
    { arm: 'a', seconds: 12 },
    { arm: 'b', seconds: 40 },
  ];
  // a: 10, b: 40; slots: [10, 40], then [20, 40].
  assert.equal(remainingTime({ ...nothing, finished, waiting: waiting('a', 'b', 'a') }).seconds, 40);
  assert.equal(remainingTime({ ...nothing, finished, waiting: waiting('a', 'a', 'a'), slots: 1 }).seconds, 30);
  // Of an arm of which none has finished the mean of all is taken: 20.
  assert.equal(remainingTime({ ...nothing, finished, waiting: waiting('c') }).seconds, 20);
  assert.deepEqual(remainingTime({ ...nothing, finished, pending: 3 }), { seconds: 40, atMost: true });
});

test('what runs already takes the rest of its time, or none where it runs longer than others have', () => {
  const finished = [{ arm: 'a', seconds: 10 }];
  const running = (elapsed: number) => [{ arm: 'a', elapsed }];
  assert.equal(remainingTime({ ...nothing, finished, running: running(4) }).seconds, 6);
  assert.equal(remainingTime({ ...nothing, finished, running: running(40) }).seconds, 0);
  assert.equal(
    remainingTime({ ...nothing, finished, running: running(4), waiting: waiting('a'), slots: 1 }).seconds,
    16,
  );
  assert.equal(remainingTime({ ...nothing, finished, running: running(4), waiting: waiting('a') }).seconds, 10);
  // More run than there are slots (fewer were asked for than before): none of them waits.
  assert.equal(remainingTime({ ...nothing, finished, running: [...running(4), ...running(2)], slots: 1 }).seconds, 8);
});

test('never less than all work spread evenly, never more than all of it after one another', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 12 }), fc.integer({ min: 1, max: 5 }), (lengths, slots) => {
      const finished = lengths.map((seconds, index) => ({ arm: String(index), seconds }));
      const { seconds } = remainingTime({ ...nothing, finished, waiting: finished, slots });
      const sum = lengths.reduce((all, one) => all + one, 0);
      assert.ok(seconds !== null && seconds >= sum / slots - 1e-9 && seconds <= sum);
    }),
  );
});
