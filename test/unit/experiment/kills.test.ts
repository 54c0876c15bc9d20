// The driver and its runs as processes, killed again and again.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import esbuild from 'esbuild';
import { forNode } from '../../../scripts/lib/bundles.mjs';
import { root } from '../../../scripts/lib/process.mjs';
import { LedgerReader } from '../../../src/experiment/driver/ledger.ts';
import { launchDriver } from '../../../src/experiment/launch.ts';
import { driverOf } from '../../../src/experiment/lock.ts';
import { readExperiment } from '../../../src/experiment/read.ts';
import { request } from '../../../src/runs/control.ts';
import type { Spawned } from '../../../src/runs/detached.ts';
import { liveHolder } from '../../../src/runs/lock.ts';
import { generator } from '../../../src/numbers/random.ts';
import { eventually } from '../eventually.ts';
import { comparable, makePlace, quickFolder, specText, type Place } from './workplace.ts';

// Detached processes do not keep this one alive; these tests wait for them.
const patience = setInterval(() => undefined, 1000);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-driver-'));
const files = { driver: path.join(folder, 'driver.cjs'), trainer: path.join(folder, 'trainer.cjs') };

before(async () => {
  const entries = [
    ['src/experiment/main.ts', files.driver],
    ['test/unit/experiment/fake-trainer.ts', files.trainer],
  ] as const;
  for (const [entry, outfile] of entries) {
    await esbuild.build({
      ...forNode(path.join(root, entry), outfile, { production: false }),
      metafile: false,
      sourcemap: false,
    });
  }
});
after(() => {
  clearInterval(patience);
  fs.rmSync(folder, { recursive: true, force: true });
});

const text = specText({ replicates: 6 });
const driver = ({ directory }: Place): Promise<Spawned> => launchDriver(directory, files);
const records = ({ directory }: Place) => new LedgerReader(directory).read().records;

/** Pids of the trainers that hold a run. */
function trainers({ directory }: Place): readonly number[] {
  const runs = path.join(directory, 'runs');
  return fs.readdirSync(runs).flatMap((name) => liveHolder(path.join(runs, name))?.pid ?? []);
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
    return false;
  }
}

test('thirty kills of driver and runs at random instants: the same table, nothing twice', async (context) => {
  const whole = makePlace(path.join(quickFolder(context), 'whole'), text);
  assert.deepEqual(await (await driver(whole)).exited, { code: 0, signal: null });
  const expected = readExperiment(whole.directory);
  assert.equal(expected.outcomes.size, 18);

  const place = makePlace(path.join(quickFolder(context), 'killed'), text);
  const hold = path.join(place.folder, 'hold');
  fs.writeFileSync(hold, '');
  const random = generator(Date.now() % 2 ** 31, 1, 2, 3);
  let current = await driver(place);
  const killed = { driver: 0, run: 0 };
  while (killed.driver + killed.run < 30) {
    // Some die young, most when their work has begun.
    const young = random.uniform() < 0.15;
    if (!young)
      await eventually(() => driverOf(place.directory)?.pid === current.pid && trainers(place).length > 0, 'work');
    await sleep(80 * random.uniform());
    if (young || random.uniform() < 0.3) {
      if (!kill(current.pid)) continue;
      killed.driver++;
      assert.equal((await current.exited).signal, 'SIGKILL');
      current = await driver(place);
    } else {
      const pids = trainers(place);
      const pid = pids[Math.floor(random.uniform() * pids.length)];
      if (pid !== undefined && kill(pid)) killed.run++;
    }
  }
  fs.rmSync(hold);
  assert.deepEqual(
    await current.exited,
    { code: 0, signal: null },
    fs.readFileSync(path.join(place.directory, 'log.txt'), 'utf8'),
  );
  assert.ok(killed.driver > 0 && killed.run > 0, JSON.stringify(killed));

  const view = readExperiment(place.directory);
  assert.deepEqual(comparable(view.outcomes), comparable(expected.outcomes));
  assert.deepEqual(view.expansion.runs.map(({ id }) => id), expected.expansion.runs.map(({ id }) => id)); // prettier-ignore
  assert.deepEqual(view.remarks, []);
  assert.equal(view.driver, null);
  assert.deepEqual(fs.readdirSync(path.join(place.directory, 'runs')).toSorted(), [...view.outcomes.keys()].toSorted());
  const all = records(place);
  assert.deepEqual(all.map(({ seq }) => seq), all.map((_, index) => index)); // prettier-ignore
  const ends = all.flatMap((record) => (record.kind === 'end' ? [record.run] : []));
  assert.equal(ends.length, 18);
  assert.equal(new Set(ends).size, 18);
  // Of every run one process at most was at work at a time: its history has no gap and no second hand.
  for (const id of ends) {
    const events = fs
      .readFileSync(path.join(place.directory, 'runs', id, 'events.ndjson'), 'utf8')
      .trim()
      .split('\n');
    assert.deepEqual(events.map((line) => (JSON.parse(line) as { seq: number }).seq), events.map((_, index) => index)); // prettier-ignore
    assert.equal(events.filter((line) => line.includes('"status":"completed"')).length, 1);
  }
});

test('two drivers at once: one works, the other is refused; a stop by request, and by signal', async (context) => {
  const place = makePlace(quickFolder(context), text);
  fs.writeFileSync(path.join(place.folder, 'hold'), '');
  const [first, second] = await Promise.all([driver(place), driver(place)]);
  const refused = await Promise.race([first.exited, second.exited]);
  assert.equal(refused.code, 2);
  const holder = driverOf(place.directory);
  const working = holder?.pid === first.pid ? first : second;
  await eventually(
    () => records(place).filter(({ kind }) => kind === 'end').length >= 9,
    'the runs that nothing holds',
  );
  await eventually(() => trainers(place).length === 2, 'the two runs that are held');
  request(place.directory, 'stop', { token: holder?.token ?? '', by: 'terminal' });
  assert.deepEqual(await working.exited, { code: 0, signal: null });
  assert.deepEqual(trainers(place), []);
  const stop = records(place).at(-1);
  assert.deepEqual(stop?.kind === 'stop' && [stop.reason, stop.driver], ['stopped', 1]);

  const again = await driver(place);
  await eventually(() => trainers(place).length === 2, 'the two runs again');
  process.kill(again.pid, 'SIGTERM');
  assert.deepEqual(await again.exited, { code: 0, signal: null });
  assert.deepEqual(trainers(place), []);
  const view = readExperiment(place.directory);
  assert.equal([...view.states.values()].filter((state) => state === 'interrupted').length, 2);
  assert.equal(view.stop?.driver, 2);
});

test('what keeps a driver from its work is written down with the reason; put right, the next one goes on', async (context) => {
  const place = makePlace(quickFolder(context), text);
  const hold = path.join(place.folder, 'hold');
  fs.writeFileSync(hold, '');
  const runs = path.join(place.directory, 'runs');
  const { exited } = await driver(place);
  await eventually(() => trainers(place).length > 0, 'work');
  fs.renameSync(runs, `${runs}.aside`);
  fs.writeFileSync(runs, 'not a folder');
  assert.deepEqual(await exited, { code: 1, signal: null });
  const last = records(place).at(-1);
  assert.ok(last?.kind === 'stop');
  assert.equal(last.reason, 'error');
  assert.match(last.message?.en ?? '', /not a folder/);
  assert.match(last.message?.zh ?? '', /不是文件夹/);
  fs.rmSync(hold);
  fs.rmSync(runs);
  fs.renameSync(`${runs}.aside`, runs);
  assert.deepEqual(await (await driver(place)).exited, { code: 0, signal: null });
  assert.equal(readExperiment(place.directory).outcomes.size, 18);
});
