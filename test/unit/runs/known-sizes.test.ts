import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { runPaths } from '../../../src/runs/layout.ts';
import { keyOfSizes, SizesOfRuns } from '../../../src/runs/known-sizes.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-known-sizes-'));
after(() => fs.rmSync(folder, { recursive: true }));

const start = (sizes?: object): object => ({
  ...{
    v: 1,
    seq: 1,
    t: 1000,
    kind: 'start',
    attempt: 1,
    tasks: [],
    stepsPerEpoch: 4,
    epochs: 5,
    strategy: 'static',
    seed: 1,
  },
  engine: { name: 'wasm', device: 'cpu', detail: '', graph: false, threads: 1, deterministic: true },
  parameters: { total: 10, shared: 4, byTask: {} },
  samples: { train: 8, validation: 2, test: 2, labelled: {} },
  ...(sizes === undefined ? {} : { sizes }),
});
const sizes = (text: string): object => ({ key: keyOfSizes(text), inputs: {}, vocabularies: {}, classes: {} });

function runWith(name: string, ...records: readonly object[]): string {
  const directory = path.join(folder, name);
  const { events } = runPaths(directory);
  fs.mkdirSync(path.dirname(events), { recursive: true });
  fs.writeFileSync(events, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return directory;
}

test('the newest run that knew a spec is found; each is read once, but for those that have not begun', () => {
  const silent = runWith('silent', start());
  const other = runWith('other', start(sizes('another text')));
  const older = runWith('older', start(sizes('text')));
  const begun = runWith('begun');
  const known = new SizesOfRuns();
  const all = [begun, silent, other, older];
  assert.equal(known.newest(all, 'text')?.directory, older);
  assert.equal(known.newest(all, 'another text')?.directory, other);
  assert.equal(known.newest(all, 'a third text'), undefined);
  // Nothing of theirs is looked at again.
  for (const directory of [silent, other, older]) fs.rmSync(directory, { recursive: true });
  assert.equal(known.newest(all, 'text')?.directory, older);
  // That one had not told yet.
  runWith('begun', start(sizes('text')));
  assert.equal(known.newest(all, 'text')?.directory, begun);
});
