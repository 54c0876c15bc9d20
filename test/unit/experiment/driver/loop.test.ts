import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { text } from '../../../../src/common/text.ts';
import { History } from '../../../../src/experiment/driver/history.ts';
import { LedgerReader, type LedgerRecord } from '../../../../src/experiment/driver/ledger.ts';
import { Driver, type DriveOptions, type Stop } from '../../../../src/experiment/driver/loop.ts';
import { readStatus } from '../../../../src/experiment/driver/status.ts';
import { LedgerWriter } from '../../../../src/experiment/driver/writer.ts';
import { lockExperiment } from '../../../../src/experiment/lock.ts';
import { planningOf } from '../../../../src/experiment/planning.ts';
import { readExperiment } from '../../../../src/experiment/read.ts';
import { request } from '../../../../src/runs/control.ts';
import { eventually } from '../../eventually.ts';
import { FakeExecutor } from '../fake-executor.ts';
import { comparable, makePlace, quickFolder, specText, type Place } from '../workplace.ts';

type Changes = Partial<Omit<DriveOptions, 'directory' | 'executor'>>;

interface Session {
  readonly driver: Driver;
  readonly token: string;
  readonly done: Promise<Stop>;
}

/** A driver in this process. */
async function begin(place: Place, executor: FakeExecutor, changes: Changes = {}): Promise<Session> {
  const { directory, plan, specFile, folder } = place;
  const history = new History();
  history.take(new LedgerReader(directory).read().records);
  const lock = await lockExperiment(directory, history.drivers + 1);
  const ledger = new LedgerWriter(directory, lock.token);
  const says = text('', '');
  history.take([ledger.append({ kind: 'start', driver: history.drivers + 1, executor: 'local', jobs: null, slots: 2, says, version: '1' })]); // prettier-ignore
  const driver = new Driver({
    ...{ directory, plan, specFile, ledger, history, executor, token: lock.token, root: folder },
    ...planningOf(plan),
    ...changes,
  });
  const done = driver.run().then((stop) => {
    ledger.append({ kind: 'stop', driver: history.drivers, ...stop });
    ledger.close();
    lock.release();
    return stop;
  });
  return { driver, token: lock.token, done };
}

const drive = async (place: Place, executor: FakeExecutor, changes: Changes = {}): Promise<Stop> =>
  (await begin(place, executor, changes)).done;

const records = ({ directory }: Place): readonly LedgerRecord[] => new LedgerReader(directory).read().records;
const kinds = (place: Place): readonly string[] => records(place).map(({ kind }) => kind);
const ends = (place: Place) => records(place).flatMap((record) => (record.kind === 'end' ? [record] : []));
const place = (context: TestContext, experiment: object): Place =>
  makePlace(quickFolder(context), specText(experiment));

test('five hundred runs: each is made once, no more than fit at a time, and the whole is done', async (context) => {
  const here = place(context, { replicates: 167 });
  const executor = new FakeExecutor(2, () => 'done');
  assert.deepEqual(await drive(here, executor), { reason: 'done', message: null });
  const ids = executor.submitted.map(({ run }) => run.id);
  assert.equal(ids.length, 501, 'joint and one for each of two tasks');
  assert.equal(new Set(ids).size, 501);
  assert.equal(executor.most, 2);
  assert.equal(executor.closed, true);
  assert.deepEqual(fs.readdirSync(path.join(here.directory, 'runs')).toSorted(), ids.toSorted());
  assert.equal(ends(here).length, 501);
  // Whoever starts it again finds nothing to do.
  const again = new FakeExecutor(2, () => 'done');
  assert.equal((await drive(here, again)).reason, 'done');
  assert.deepEqual(again.submitted, []);
  assert.equal(ends(here).length, 501);
});

test('seeds come one after the other, so that arms are paired whenever one looks', async (context) => {
  const here = place(context, { replicates: 3 });
  const executor = new FakeExecutor(1, () => 'done');
  await drive(here, executor);
  assert.deepEqual(
    executor.submitted.map(({ run }) => run.seed),
    [1, 1, 1, 2, 2, 2, 3, 3, 3],
  );
});

test('a run that fails is tried again as often as the spec says, one that diverges is not', async (context) => {
  const here = place(context, { replicates: 2, arms: [{ id: 'joint' }], failures: { crash: 2 } });
  const executor = new FakeExecutor(1, ({ seed }) => (seed === 1 ? 'fail' : 'nan'));
  const stop = await drive(here, executor);
  assert.equal(stop.reason, 'failed');
  assert.equal(stop.message?.en, '2 runs have failed for good.');
  assert.deepEqual(
    executor.submitted.map(({ run, resume }) => [run.seed, resume]),
    [[1, false], [1, true], [1, true], [2, false]], // prettier-ignore
  );
  assert.deepEqual(
    ends(here).map(({ state, failure, reason }) => [state, failure, reason?.en]),
    [['failed', 'crash', 'There are no rows.'], ['failed', 'nan', 'Training diverged.']], // prettier-ignore
  );
  assert.equal(kinds(here).filter((kind) => kind === 'retry').length, 2);
  // Failed for good: a new driver does not begin again.
  const again = new FakeExecutor(1, () => 'done');
  assert.equal((await drive(here, again)).reason, 'failed');
  assert.deepEqual(again.submitted, []);
});

test('a retry that succeeds counts; a process that ends with a code has failed, too', async (context) => {
  const here = place(context, { replicates: 1, arms: [{ id: 'joint' }] });
  const executor = new FakeExecutor(1, (_, time) => (time === 1 ? 'exit' : 'done'));
  assert.equal((await drive(here, executor)).reason, 'done');
  assert.deepEqual(kinds(here), ['start', 'submit', 'retry', 'submit', 'end', 'stop']);
  const gone = place(context, { replicates: 1, arms: [{ id: 'joint' }], failures: { crash: 0 } });
  const never = new FakeExecutor(1, () => 'exit');
  assert.equal((await drive(gone, never)).reason, 'failed');
  assert.equal(never.submitted.length, 1);
});

test('deaths use up no retries; ten in a row without a step further are the end', async (context) => {
  const here = place(context, { replicates: 1, arms: [{ id: 'joint' }], failures: { crash: 0 } });
  const few = new FakeExecutor(1, (_, time) => (time <= 9 ? 'die' : 'done'));
  assert.equal((await drive(here, few)).reason, 'done');
  assert.equal(few.submitted.length, 10);
  const other = place(context, { replicates: 1, arms: [{ id: 'joint' }], failures: { crash: 0 } });
  const executor = new FakeExecutor(1, () => 'die');
  assert.equal((await drive(other, executor)).reason, 'failed');
  assert.equal(executor.submitted.length, 10);
  assert.deepEqual([ends(other)[0]?.failure, kinds(other).filter((kind) => kind === 'death').length], ['killed', 9]);
});

test('a stop reaches all live runs, nothing is begun after it, and the next driver goes on from there', async (context) => {
  const here = place(context, { replicates: 2 });
  const executor = new FakeExecutor(2, () => 'hang');
  const { token, done } = await begin(here, executor);
  await eventually(() => executor.submitted.length === 2, 'two live runs');
  request(here.directory, 'stop', { token, by: 'terminal' });
  assert.deepEqual(await done, { reason: 'stopped', message: null });
  assert.deepEqual(executor.requests, ['stop terminal', 'stop terminal']);
  assert.equal(executor.submitted.length, 2);
  assert.equal(readStatus(here.directory, token)?.mode, 'stopping');
  const next = new FakeExecutor(2, () => 'done');
  assert.equal((await drive(here, next)).reason, 'done');
  assert.deepEqual(
    next.submitted.map(({ resume }) => resume),
    [true, true, false, false, false, false],
  );
});

test('a pause reaches the live runs alone and begins nothing; resume goes on', async (context) => {
  const here = place(context, { replicates: 4, arms: [{ id: 'joint' }] });
  const executor = new FakeExecutor(1, (_, time) => (time === 1 ? 'hang' : 'done'));
  const { token, done, driver } = await begin(here, executor);
  await eventually(() => executor.submitted.length === 1, 'a live run');
  request(here.directory, 'pause', { token, by: 'window' });
  await eventually(() => executor.requests.includes('pause window'), 'the pause');
  // Asked twice it is one pause.
  request(here.directory, 'pause', { token, by: 'window' });
  request(here.directory, 'resume', { token, by: 'window' });
  await eventually(() => executor.requests.includes('resume window'), 'the end of the pause');
  driver.stop('test');
  await done;
  assert.deepEqual(executor.requests, ['pause window', 'resume window', 'stop test']);
  assert.deepEqual(
    kinds(here).filter((kind) => kind === 'pause' || kind === 'resume'),
    ['pause', 'resume'],
  );
});

test('a run that does not hear is killed after the grace period', async (context) => {
  const here = place(context, { replicates: 1, arms: [{ id: 'joint' }] });
  class Deaf extends FakeExecutor {
    override request(): void {
      // It hears nothing.
    }
    override kill(run: string): void {
      super.kill(run);
      super.request(run, 'stop', 'kill');
    }
  }
  const executor = new Deaf(1, () => 'hang');
  const { driver, done } = await begin(here, executor, { grace: 0 });
  await eventually(() => executor.submitted.length === 1, 'a live run');
  driver.stop('test');
  await done;
  assert.equal(executor.killed.length, 1);
});

test('a driver whose runs find no room waits for it, and is not done', async (context) => {
  const here = place(context, { replicates: 1, arms: [{ id: 'joint' }] });
  class Full extends FakeExecutor {
    full = true;
    asked = 0;
    wake: () => void = () => undefined;
    override whyNoRoom() {
      this.asked++;
      return this.full ? text('no memory', '内存不足') : super.whyNoRoom();
    }
    override watch(onEnd: Parameters<FakeExecutor['watch']>[0]): void {
      super.watch(onEnd);
      // The end of a run that is none of this driver's: it looks again.
      this.wake = () => onEnd('somebody-elses', {});
    }
  }
  const executor = new Full(1, () => 'done');
  const { done, token } = await begin(here, executor);
  await eventually(() => executor.asked > 0, 'a look for room');
  assert.equal(executor.submitted.length, 0);
  executor.full = false;
  executor.wake();
  assert.deepEqual(await done, { reason: 'done', message: null });
  assert.equal(executor.submitted.length, 1);
  const status = readStatus(here.directory, token);
  assert.equal(status?.mode, 'running');
  const ended = executor.submitted[0]?.run;
  assert.deepEqual(status.last, { run: ended?.id, arm: ended?.arm, seed: ended?.seed, state: 'done' });
});

test('the budget of runs: what was begun ends, nothing more begins, and that is said', async (context) => {
  const here = place(context, { replicates: 3, arms: [{ id: 'joint' }], budget: { runs: 2 } });
  const executor = new FakeExecutor(1, () => 'done');
  const stop = await drive(here, executor);
  assert.equal(stop.reason, 'budget');
  assert.match(stop.message?.en ?? '', /budget of 2 runs/);
  assert.equal(executor.submitted.length, 2);
  assert.equal(ends(here).length, 2);
  const again = new FakeExecutor(1, () => 'done');
  assert.equal((await drive(here, again)).reason, 'budget');
  assert.equal(again.submitted.length, 0);
});

test('the budget of hours counts the time of earlier drivers', async (context) => {
  const here = place(context, { replicates: 3, arms: [{ id: 'joint' }], budget: { hours: 1 } });
  const lock = await lockExperiment(here.directory, 1);
  let now = Date.now() - 10 * 3_600_000;
  const ledger = new LedgerWriter(here.directory, lock.token, () => now);
  ledger.append({
    kind: 'start',
    driver: 1,
    executor: 'local',
    jobs: null,
    slots: 1,
    says: text('', ''),
    version: '1',
  });
  now += 3_600_001;
  ledger.append({ kind: 'stop', driver: 1, reason: 'stopped', message: null });
  ledger.close();
  lock.release();
  const executor = new FakeExecutor(1, () => 'done');
  const stop = await drive(here, executor);
  assert.equal(stop.reason, 'budget');
  assert.match(stop.message?.en ?? '', /budget of 1 hour is/);
  assert.equal(executor.submitted.length, 0);
});

test('a full disk ends the driver cleanly, is no failure of a run, and it goes on later', async (context) => {
  const here = place(context, { replicates: 2, arms: [{ id: 'joint' }] });
  const before = new FakeExecutor(1, () => 'done');
  const low = await drive(here, before, { freeDisk: () => 1000 });
  assert.equal(low.reason, 'disk');
  assert.equal(before.submitted.length, 0);
  const during = new FakeExecutor(1, () => 'full-disk');
  const stop = await drive(here, during);
  assert.equal(stop.reason, 'disk');
  assert.match(stop.message?.en ?? '', /disk is full/);
  assert.equal(during.submitted.length, 1);
  assert.deepEqual(ends(here), []);
  const noted = new FakeExecutor(1, () => 'die', () => ({ unwritable: text('No space for a death.', '没有空间记录。') })); // prettier-ignore
  assert.deepEqual(await drive(here, noted), {
    reason: 'disk',
    message: text('No space for a death.', '没有空间记录。'),
  });
  const after = new FakeExecutor(1, () => 'done');
  assert.equal((await drive(here, after)).reason, 'done');
  assert.deepEqual(
    after.submitted.map(({ resume }) => resume),
    [true, false],
  );
});

test('what is cut is asked to stop once, and is an outcome of its own', async (context) => {
  const here = place(context, { replicates: 2, arms: [{ id: 'joint' }] });
  const executor = new FakeExecutor(1, ({ seed }) => (seed === 1 ? 'hang' : 'done'));
  const reason = text('hopeless', '无望');
  const cutter = { look: (live: readonly { readonly id: string; readonly seed: number }[]) => live.filter(({ seed }) => seed === 1).map(({ id: run }) => ({ run, epoch: 3, reason })) }; // prettier-ignore
  const stop = await drive(here, executor, { cutter });
  assert.equal(stop.reason, 'done');
  assert.deepEqual(executor.requests, ['stop prune']);
  assert.deepEqual(
    ends(here).map(({ state, failure, reason: why }) => [state, failure, why?.en]),
    [['pruned', null, 'hopeless'], ['done', null, undefined]], // prettier-ignore
  );
  assert.deepEqual(
    records(here).flatMap((record) => (record.kind === 'pruned' ? [record.epoch] : [])),
    [3],
  );
});

test('a directory that holds something else is left alone and named; what a launcher left half made is made anew', async (context) => {
  const here = place(context, { replicates: 1 });
  const planned = planningOf(here.plan).expand(new Map()).runs;
  const [first, second] = planned.map(({ id }) => path.join(here.directory, 'runs', id));
  // Of another experiment: a whole run, with this name.
  const elsewhere = makePlace(path.join(here.folder, 'other'), specText({ replicates: 1 }), { id: 'other-1' });
  await drive(elsewhere, new FakeExecutor(1, () => 'done'));
  fs.cpSync(path.join(elsewhere.directory, 'runs', path.basename(first ?? '')), first ?? '', { recursive: true });
  fs.mkdirSync(path.join(second ?? '', 'attempts'), { recursive: true });
  fs.writeFileSync(path.join(second ?? '', 'spec.json'), '{"v":1');
  const executor = new FakeExecutor(1, () => 'done');
  const stop = await drive(here, executor);
  assert.equal(stop.reason, 'failed');
  assert.match(stop.message?.en ?? '', /^1 directory in runs\/ is not what its name says/);
  assert.deepEqual(
    executor.submitted.map(({ run }) => run.id),
    planned.slice(1).map(({ id }) => id),
  );
  const view = readExperiment(here.directory);
  assert.equal(view.states.get(path.basename(first ?? '')), 'foreign');
  assert.equal(view.outcomes.has(path.basename(first ?? '')), false);
  assert.match(view.remarks.map(({ en }) => en).join('\n'), /is not a run of this experiment/);
});

test('a driver that ended between a run’s end and its record finds it, and does not repeat it', async (context) => {
  const here = place(context, { replicates: 2 });
  await drive(here, new FakeExecutor(2, () => 'done'));
  const whole = comparable(readExperiment(here.directory).outcomes);
  const file = path.join(here.directory, 'ledger.ndjson');
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  // As if it had been killed after four records, in the middle of a fifth.
  fs.writeFileSync(file, `${lines.slice(0, 4).join('\n')}\n${lines[4]?.slice(0, 20) ?? ''}`);
  assert.deepEqual(comparable(readExperiment(here.directory).outcomes), whole);
  const executor = new FakeExecutor(2, () => 'done');
  assert.equal((await drive(here, executor)).reason, 'done');
  assert.deepEqual(executor.submitted, []);
  assert.deepEqual(comparable(readExperiment(here.directory).outcomes), whole);
  const seqs = records(here).map(({ seq }) => seq);
  assert.deepEqual(seqs, seqs.map((_, index) => index)); // prettier-ignore
  assert.equal(new Set(ends(here).map(({ run }) => run)).size, 6);
});

test('a run whose directory was deleted is made again', async (context) => {
  const here = place(context, { replicates: 1, arms: [{ id: 'joint' }] });
  await drive(here, new FakeExecutor(1, () => 'done'));
  const [id = ''] = fs.readdirSync(path.join(here.directory, 'runs'));
  fs.rmSync(path.join(here.directory, 'runs', id), { recursive: true });
  assert.equal(readExperiment(here.directory).states.get(id), 'waiting');
  const executor = new FakeExecutor(1, () => 'done');
  assert.equal((await drive(here, executor)).reason, 'done');
  assert.deepEqual(
    executor.submitted.map(({ resume }) => resume),
    [false],
  );
  assert.equal(readExperiment(here.directory).states.get(id), 'done');
});
