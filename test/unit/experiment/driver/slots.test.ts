import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryShare, slotsFor, whyNoRoom, type SlotRequest } from '../../../../src/experiment/driver/slots.ts';

const usual: SlotRequest = { jobs: null, processors: 8, threads: 1, gpu: false };
const slots = (changes: Partial<SlotRequest>): number => slotsFor({ ...usual, ...changes }).slots;

test('as many runs as the processors have room for their threads, or as many as were asked for', () => {
  assert.equal(slots({}), 8);
  assert.equal(slots({ threads: 3 }), 2);
  assert.equal(slots({ threads: 8 }), 1);
  assert.equal(slots({ threads: 16 }), 1, 'one always runs');
  assert.equal(slots({ jobs: 3 }), 3);
  assert.equal(slots({ jobs: 9 }), 8, 'never more threads than processors');
  assert.equal(slots({ jobs: 8 }), 8);
  assert.equal(slots({ gpu: true }), 1);
  assert.equal(slots({ gpu: true, jobs: 2 }), 2, 'more on one GPU only where it is asked for');
});

test('where the number comes from is said', () => {
  const says = (changes: Partial<SlotRequest>): string => slotsFor({ ...usual, ...changes }).says.en;
  assert.equal(says({}), '8 processors, one thread a run');
  assert.equal(says({ threads: 4 }), '8 processors, 4 threads a run');
  assert.equal(says({ jobs: 3 }), '8 processors, one thread a run, as asked');
  assert.equal(says({ jobs: 8 }), '8 processors, one thread a run');
  assert.equal(says({ jobs: 9 }), '8 processors, one thread a run; 9 were asked for');
  assert.equal(says({ gpu: true }), 'one GPU');
});

const load = (threads: number, bytes: number, taken: number | null = null) => ({ threads, bytes, taken });
const machine = { slots: 4, processors: 4, available: 1000 / memoryShare };

test('a run waits for a slot, for processors, for memory; with nothing alive it never waits', () => {
  const why = (next: ReturnType<typeof load>, ...live: ReturnType<typeof load>[]): string | undefined =>
    whyNoRoom(next, live, machine)?.en;
  assert.equal(why(load(99, 1e12)), undefined);
  const one = load(1, 0);
  assert.equal(why(one, one, one, one), undefined);
  assert.equal(why(one, one, one, one, one), 'all slots are taken');
  assert.equal(why(load(2, 0), one, one), undefined);
  assert.equal(why(load(3, 0), one, one), 'all processors are busy');
  assert.equal(why(load(1, 1000), one), undefined);
  assert.match(why(load(1, 1001), one) ?? '', /^another run would take about/);
  // In sizes that can be read, and never less than nothing is free.
  const large = { ...machine, available: (3 * 2 ** 30) / memoryShare };
  const said = (promised: number): string | undefined =>
    whyNoRoom(load(1, 4 * 2 ** 30), [load(1, promised)], large)?.en.slice('another run would take about '.length);
  assert.equal(said(2 ** 30), '4 GB of memory, and about 2 GB are free');
  assert.equal(said(5 * 2 ** 30), '4 GB of memory, and about 0 MB are free');
});

test('what live runs are still going to take counts, what they have taken is gone from the free memory already', () => {
  const free = (next: number, ...live: ReturnType<typeof load>[]): boolean =>
    whyNoRoom(load(1, next), live, machine) === null;
  assert.equal(free(700, load(1, 300, 0)), true);
  assert.equal(free(701, load(1, 300, 0)), false);
  assert.equal(free(701, load(1, 300, 1)), true);
  assert.equal(free(1000, load(1, 300, 900)), true, 'more than expected gives nothing back');
  assert.equal(free(701, load(1, 300, null)), false, 'of one that cannot be asked all of it counts');
  assert.equal(free(401, load(1, 300, 0), load(1, 300, 0)), false);
  assert.equal(free(400, load(1, 300, 0), load(1, 300, 0)), true);
});
