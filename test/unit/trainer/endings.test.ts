/** How a run ends when nobody wants it any more, and when its thread or its files fail. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { request } from '../../../src/runs/control.ts';
import {
  bundles,
  ended,
  endedWell,
  events,
  makeWorkplace,
  newRun,
  specText,
  start,
  until,
  type Fields,
  type Workplace,
} from './run-helpers.ts';

let place: Workplace;
before(() => {
  place = makeWorkplace(60);
});
after(() => place.remove());

const endless = specText({ batchSize: 16, epochs: 1_000_000, checkpoint: { every: 1_000_000, unit: 'epoch' } });
const short = specText({ batchSize: 16, epochs: 1 });

test('without any lease for the whole time it stops by itself, with a checkpoint', async () => {
  const directory = newRun(place, 'unwanted', endless);
  const launched = await start(directory, place, false, { keepAliveMinutes: 0.05 });
  await endedWell(launched);
  const records = events(directory);
  assert.deepEqual(
    records.filter(({ kind }) => kind === 'state').map(({ state, by }) => [state, by]),
    [['stopping', 'keepAlive']],
  );
  const [checkpoint, end] = records.slice(-2);
  assert.deepEqual([checkpoint?.['kind'], end?.['kind'], end?.['status']], ['checkpoint', 'end', 'stopped']);
  assert.ok(fs.existsSync(path.join(directory, String(checkpoint?.['path']), 'state.json')));
});

describe('a full disk', () => {
  const nodeArguments = ['--import', new URL('full-disk.mjs', import.meta.url).href];

  async function resumedOn(name: string, fill: (directory: string) => void) {
    const directory = newRun(place, name, endless);
    const stopped = await start(directory, place);
    await until(directory, 'epoch', 1);
    request(directory, 'stop', { token: stopped.token });
    await ended(stopped);
    const before = events(directory);
    const launched = await start(directory, place, true, { nodeArguments });
    fill(directory);
    const exit = await ended(launched);
    assert.ok(!fs.existsSync(path.join(directory, 'lock')), 'the lock is given back');
    assert.deepEqual(
      fs.readdirSync(directory).filter((file) => file.endsWith('.tmp')),
      [],
    );
    assert.deepEqual(events(directory).slice(0, before.length), before, 'nothing that was there is lost');
    return { directory, exit };
  }

  test('at a resume: nothing was started, the lock is free', async () => {
    const { exit } = await resumedOn('full-at-once', (directory) => fs.writeFileSync(path.join(directory, 'full'), ''));
    assert.deepEqual(exit, { code: 2, signal: null });
  });

  test('in mid-training: it failed, the lock is free, and it can be resumed', async () => {
    const { directory, exit } = await resumedOn('full-later', (directory) => {
      const events = path.join(directory, 'events.ndjson');
      const size = fs.statSync(events).size;
      // Synchronous on purpose: as soon as the resumed run writes, the disk is full.
      while (fs.statSync(events).size === size) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      fs.writeFileSync(path.join(directory, 'full'), '');
    });
    assert.deepEqual(exit, { code: 1, signal: null });
    fs.rmSync(path.join(directory, 'full'));
    const again = await start(directory, place, true);
    await until(directory, 'epoch', events(directory).filter(({ kind }) => kind === 'epoch').length + 1);
    request(directory, 'stop', { token: again.token });
    await endedWell(again);
  });
});

describe('a failing program', () => {
  /** A copy of the bundles with one of them changed. */
  function program(name: string, change: (folder: string) => void): string {
    const folder = path.join(place.folder, `dist-${name}`);
    fs.mkdirSync(folder);
    for (const file of fs.readdirSync(bundles)) {
      if (/^(trainer|worker)\.cjs$|\.wasm$/.test(file))
        fs.copyFileSync(path.join(bundles, file), path.join(folder, file));
    }
    change(folder);
    return path.join(folder, 'trainer.cjs');
  }

  async function failed(
    name: string,
    change: (folder: string) => void,
    nodeArguments: readonly string[] = [],
  ): Promise<{ error: { code: string; message: string }; log: string }> {
    const directory = newRun(place, name, short);
    const launched = await start(directory, place, false, { trainerFile: program(name, change), nodeArguments });
    assert.deepEqual(await ended(launched), { code: 1, signal: null });
    const records = events(directory);
    const last: Fields | undefined = records.at(-1);
    assert.deepEqual([last?.['kind'], last?.['status']], ['end', 'failed']);
    assert.deepEqual(
      records.map(({ seq }) => seq),
      records.map((_, index) => index),
    );
    const error = last?.['error'] as { code: string; message: string };
    assert.doesNotMatch(error.message, /\n/);
    assert.ok(!error.message.includes(place.folder), error.message);
    assert.ok(!fs.existsSync(path.join(directory, 'lock')), 'the lock is given back');
    return { error, log: fs.readFileSync(path.join(directory, 'log.txt'), 'utf8') };
  }

  const replace = (text: string) => (folder: string) => fs.writeFileSync(path.join(folder, 'worker.cjs'), text);

  test('whose thread is missing', async () => {
    const { error } = await failed('missing', (folder) => fs.rmSync(path.join(folder, 'worker.cjs')));
    assert.match(error.message, /worker\.cjs/);
  });

  test('whose thread throws, with its stack in the log', async () => {
    const { error, log } = await failed('throwing', replace('throw new Error("broken in two");'));
    assert.equal(error.code, 'internal');
    assert.match(error.message, /broken in two/);
    assert.match(log, /broken in two\n\s+at /);
  });

  test('whose thread ends without a word', async () => {
    const { error } = await failed('silent', replace('process.exit(3);'));
    assert.match(error.message, /code 3/);
  });

  test('whose thread dies of its memory', async () => {
    const hungry = replace('const all = []; for (;;) all.push({ length: all.length });');
    const { error } = await failed('hungry', hungry, ['--max-old-space-size=32']);
    assert.equal(error.code, 'out-of-memory');
  });

  test('whose engine is damaged or missing', async () => {
    const each = (change: (file: string) => void) => (folder: string) => {
      for (const file of fs.readdirSync(folder)) if (file.endsWith('.wasm')) change(path.join(folder, file));
    };
    for (const [name, change] of [
      ['torn', (file: string) => fs.truncateSync(file, 1000)],
      ['swapped', (file: string) => fs.writeFileSync(file, 'no program')],
      ['gone', (file: string) => fs.rmSync(file)],
    ] as const) {
      const { error } = await failed(`engine-${name}`, each(change));
      assert.match(error.code, /^engine/, `${name}: ${error.code}: ${error.message}`);
    }
  });

  test('that is asked for an engine it does not have', async () => {
    const directory = newRun(place, 'native', short);
    assert.deepEqual(await ended(await start(directory, place, false, { engine: 'native' })), {
      code: 1,
      signal: null,
    });
    const error = events(directory).at(-1)?.['error'] as { code: string; message: string };
    assert.equal(error.code, 'engine-unavailable');
  });
});

describe('started by hand', () => {
  test('wrong words exit 2 with a sentence, and write nothing', () => {
    for (const words of [
      [],
      ['--what'],
      ['--run', path.join(place.folder, 'nowhere')],
      ['--run', place.folder, '--attempt', 'x'],
    ]) {
      const child = spawnSync(process.execPath, [path.join(bundles, 'trainer.cjs'), ...words], { encoding: 'utf8' });
      assert.equal(child.status, 2, words.join(' '));
      assert.doesNotMatch(child.stderr, /\n\s+at /);
      assert.ok(child.stderr.trim().length > 10);
      assert.ok(!fs.existsSync(path.join(place.folder, 'attempts')));
    }
  });
});

describe('memory', () => {
  const wide = (units: number): string => {
    const spec = JSON.parse(endless) as { network: { trunk: { layers: object[] } } };
    return JSON.stringify({ ...spec, network: { trunk: { ...spec.network.trunk, layers: [units, units].map((one) => ({ type: 'dense', units: one })) } } }); // prettier-ignore
  };
  const lastOf = (directory: string): Fields => events(directory).at(-1) ?? assert.fail('no record');

  test('a network that the engine cannot hold is refused before anything is built', async () => {
    const directory = newRun(place, 'too-large', wide(17_000));
    const launched = await start(directory, place);
    assert.deepEqual(await ended(launched), { code: 1, signal: null });
    const { status, error } = lastOf(directory) as { status: string; error: { code: string; message: string } };
    assert.deepEqual([status, error.code], ['failed', 'memory']);
    assert.match(
      error.message,
      /at least 4\.3 GB in the embedded engine, which can hold 4 GB\. Make the layers smaller/,
    );
    assert.deepEqual(events(directory).filter(({ phase }) => phase === 'model'), []); // prettier-ignore
  });

  test('memory that ends in the middle is a sentence, and the run goes on where there is more', async () => {
    const directory = newRun(place, 'out-of-memory', wide(1000));
    const stopped = await start(directory, place);
    await until(directory, 'epoch', 1);
    request(directory, 'stop', { token: stopped.token });
    await ended(stopped);
    const checkpoint = lastOf(directory)['kind'] === 'end' ? events(directory).at(-2) : undefined;
    const nodeArguments = ['--import', new URL('little-memory.mjs', import.meta.url).href];
    const failed = await start(directory, place, true, { nodeArguments });
    assert.deepEqual(await ended(failed), { code: 1, signal: null });
    const { status, error } = lastOf(directory) as { status: string; error: { code: string; message: string } };
    assert.deepEqual([status, error.code], ['failed', 'memory']);
    assert.match(
      error.message,
      /^The embedded engine needs \d+ MB of memory and cannot have it.*last checkpoint is kept/,
    );
    const resumed = await start(directory, place, true);
    await until(directory, 'epoch', events(directory).filter(({ kind }) => kind === 'epoch').length + 1);
    request(directory, 'stop', { token: resumed.token });
    await endedWell(resumed);
    const starts = events(directory).filter(({ kind }) => kind === 'start');
    const { resumedFrom } = starts.at(-1) as { resumedFrom: { step: number } };
    assert.equal(resumedFrom.step, checkpoint?.['step']);
  });
});
