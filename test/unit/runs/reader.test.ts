import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EventInput, EventRecord } from '../../../src/runs/events.ts';
import { RunReader } from '../../../src/runs/reader.ts';
import { encodeRecord, parseRecord } from '../../../src/runs/records.ts';
import { startBody, stepBody, temporaryFolder } from './helpers.ts';

const linesOf = (bodies: readonly EventInput[]): string[] =>
  bodies.map((body, seq) => `${encodeRecord(seq, 1000 + seq, body)}\n`);
const seqs = (records: readonly EventRecord[]): number[] => records.map((record) => record.seq);
const checkpoint = (step: number): EventInput => ({ kind: 'checkpoint', step, path: `checkpoints/${step}`, bytes: 1 });

/** By the letter of conventions 10: for every resumed start, what lies between its checkpoint and itself is superseded. */
function liveSeqs(bodies: readonly EventInput[]): number[] {
  return bodies
    .map((_, seq) => seq)
    .filter((seq) => !bodies.some((body, start) => body.kind === 'start' && body.resumedFrom !== undefined && body.resumedFrom.seq < seq && seq < start)); // prettier-ignore
}

/** A history with resumes at random places, each from a checkpoint that is still live. */
const history = fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 40 }).map((choices) => {
  const bodies: EventInput[] = [startBody(1)];
  let attempt = 1;
  for (const choice of choices) {
    const live = liveSeqs(bodies).filter((seq) => bodies[seq]?.kind === 'checkpoint');
    if (choice < 60) bodies.push(stepBody(choice + 1));
    else if (choice < 80) bodies.push(checkpoint(choice));
    else bodies.push(startBody(++attempt, { step: 1, epoch: 1, seq: live[choice % Math.max(1, live.length)] ?? -1 }));
  }
  return bodies;
});

test('superseded records are dropped, however the file is cut into looks', (context) => {
  const file = path.join(temporaryFolder(context), 'events.ndjson');
  fc.assert(
    fc.property(
      history,
      fc.array(fc.nat(4000), { maxLength: 6 }),
      fc.integer({ min: 1, max: 5000 }),
      (bodies, cuts, block) => {
        fs.rmSync(file, { force: true });
        const bytes = Buffer.from(linesOf(bodies).join(''));
        const reader = new RunReader(path.dirname(file));
        // What a listener knows who only follows the deltas.
        let followed: EventRecord[] = [];
        const look = (): void => {
          let more = true;
          while (more) {
            const delta = reader.poll(block);
            const { supersededAfter } = delta;
            if (supersededAfter !== null) followed = followed.filter((record) => record.seq <= supersededAfter);
            followed.push(...delta.records);
            assert.deepEqual(delta.problems, []);
            more = delta.more;
          }
        };
        for (const cut of [...cuts.map((at) => Math.min(at, bytes.length)).sort((a, b) => a - b), bytes.length]) {
          fs.writeFileSync(file, bytes.subarray(0, cut));
          look();
        }
        assert.deepEqual(seqs(reader.records), liveSeqs(bodies));
        assert.deepEqual(seqs(followed), liveSeqs(bodies));
      },
    ),
    { numRuns: 60 },
  );
});

test('a torn tail that is cut and written over is never seen', (context) => {
  const directory = temporaryFolder(context);
  const file = path.join(directory, 'events.ndjson');
  const [first = '', second = ''] = linesOf([startBody(1), stepBody(1)]);
  const bytes = Buffer.from(second);
  for (let torn = 1; torn < bytes.length; torn += 7) {
    fs.writeFileSync(file, first);
    const reader = new RunReader(directory);
    reader.poll();
    fs.appendFileSync(file, bytes.subarray(0, torn));
    assert.deepEqual(seqs(reader.poll().records), []);
    fs.truncateSync(file, Buffer.byteLength(first));
    fs.appendFileSync(file, `${encodeRecord(1, 1, startBody(2, { step: 0, epoch: 0, seq: -1 }))}\n`);
    const { records, problems, supersededAfter } = reader.poll();
    assert.deepEqual([seqs(records), problems, supersededAfter], [[1], [], -1]);
    assert.deepEqual(seqs(reader.records), [1]);
  }
});

test('garbage becomes problems; records around it are read', (context) => {
  const directory = temporaryFolder(context);
  const [first = '', second = ''] = linesOf([startBody(1), stepBody(1)]);
  const garbage = [
    'not json',
    '[]',
    '{"v":2,"seq":5,"t":1,"kind":"step"}',
    '{"v":1,"seq":-1,"t":1,"kind":"step"}',
    '{"v":1,"seq":1,"t":1,"kind":"__proto__"}',
    '{"v":1,"seq":1,"t":1,"kind":"toString"}',
    second.trim().replace('"total":"NaN"', '"total":"oops"'),
    second.trim().replace('{"10":1,"2":0.5}', '[1]'),
    '\0\0\0\0',
    '['.repeat(100_000),
  ];
  fs.writeFileSync(path.join(directory, 'events.ndjson'), `${first}${garbage.join('\n')}\n${second}`);
  const reader = new RunReader(directory);
  const { records, problems } = reader.poll();
  assert.deepEqual(seqs(records), [0, 1]);
  assert.equal(problems.length, 10);
  assert.match(problems.join('\n'), /total is not a number or "NaN"/);
});

test('seq never goes back', (context) => {
  const directory = temporaryFolder(context);
  const [first = '', second = ''] = linesOf([startBody(1), stepBody(1)]);
  fs.writeFileSync(path.join(directory, 'events.ndjson'), `${first}${second}${second}`);
  const { records, problems } = new RunReader(directory).poll();
  assert.deepEqual(seqs(records), [0, 1]);
  assert.deepEqual(problems, ['seq 1 follows 1']);
});

test('a line without end is passed over in bounded memory', (context) => {
  const directory = temporaryFolder(context);
  const file = path.join(directory, 'events.ndjson');
  const [first = '', second = ''] = linesOf([startBody(1), stepBody(1)]);
  fs.writeFileSync(file, first);
  const mebibyte = Buffer.alloc(1024 * 1024, 'x');
  for (let count = 0; count < 40; count++) fs.appendFileSync(file, mebibyte);
  const reader = new RunReader(directory);
  reader.pollAll();
  fs.appendFileSync(file, `\n${second}`);
  const problems: string[] = [];
  let more = true;
  while (more) {
    const delta = reader.poll();
    problems.push(...delta.problems);
    more = delta.more;
  }
  assert.deepEqual(seqs(reader.records), [0, 1]);
  assert.deepEqual(problems, ['1 lines are too long to be records']);
});

test('another history in the same place is told', (context) => {
  const directory = temporaryFolder(context);
  const file = path.join(directory, 'events.ndjson');
  fs.writeFileSync(file, linesOf([startBody(1), stepBody(1), stepBody(2)]).join(''));
  const reader = new RunReader(directory);
  reader.pollAll();
  fs.rmSync(file);
  fs.writeFileSync(file, linesOf([startBody(1)]).join(''));
  const { replaced, records } = reader.poll();
  assert.equal(replaced, true);
  assert.deepEqual(seqs(records), [0]);
  assert.deepEqual(seqs(reader.records), [0]);
});

test('every kind of record survives being written and read', () => {
  const result = { losses: new Map([['10', NaN]]), metrics: new Map([['10', new Map([['mae', null]])]]) };
  const best = { epoch: 1, monitor: 'validation/total', value: 0.5 };
  const bodies: EventInput[] = [
    startBody(1, { step: 4, epoch: 2, seq: 3 }),
    { kind: 'progress', phase: 'reading', done: 1, total: 2 },
    stepBody(1, null),
    { ...stepBody(2), weights: null } as EventInput,
    { kind: 'gradients', step: 1, tasks: ['10'], norms: [1], cosines: [[1]], observed: new Map([['dwa', [1]]]) },
    { kind: 'epoch', epoch: 1, train: result, validation: { ...result, total: 1, skill: null }, seconds: 1 },
    { kind: 'epoch', epoch: 2, train: result, validation: null, seconds: 1 },
    { kind: 'best', ...best },
    checkpoint(3),
    { kind: 'state', state: 'paused', by: 'window' },
    { kind: 'warning', code: 'x', message: 'y', task: '10' },
    { kind: 'affinity', step: 1, tasks: ['10'], mean: [[null]], sd: [[0]], n: [[1]] },
    { kind: 'end', status: 'failed', error: { code: 'c', message: 'm' }, seconds: 1, best, test: result },
  ];
  for (const line of linesOf(bodies)) {
    const record = parseRecord(line);
    assert.ok(typeof record !== 'string', `${JSON.stringify(record)}: ${line}`);
  }
});
