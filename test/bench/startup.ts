// From spawning the trainer to its first `step` record, for the article's sample: what a person waits after "Train".
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Measurement } from '../../scripts/lib/bench-runner.ts';
import { root } from '../../scripts/lib/process.mjs';
import { createRun, killRun, launch } from '../../src/runs/launch.ts';
import { runPaths } from '../../src/runs/layout.ts';
import { readSpec } from '../../src/spec/index.ts';
import { median } from './times.ts';

const repetitions = 5;

/** Milliseconds until `events.ndjson` holds the first record of each kind, from the call that spawns the process. */
async function start(folder: string, trainerFile: string): Promise<{ started: number; step: number }> {
  const specFile = path.join(folder, 'article.mtl.json');
  const text = fs.readFileSync(specFile, 'utf8');
  const { spec } = readSpec(text);
  if (spec === undefined) throw new Error('the sample cannot be read');
  const directory = createRun({ text, resolved: spec, specFile, root: folder, name: 'startup' });
  const { events, log } = runPaths(directory);
  const begin = performance.now();
  const launched = await launch(directory, {
    ...{ trainerFile, resume: false, engine: 'wasm', root: folder, allowOutside: false, keepAliveMinutes: 0 },
  });
  // Waiting for the process alone does not keep this one alive: a timer does.
  const ended = launched.exited.then(() => true);
  const gone = (milliseconds: number): Promise<boolean> => Promise.race([ended, sleep(milliseconds, false)]);
  let started = Number.NaN;
  try {
    for (;;) {
      const records = fs.existsSync(events) ? fs.readFileSync(events, 'utf8') : '';
      if (Number.isNaN(started) && records.includes('"kind":"start"')) started = performance.now() - begin;
      if (records.includes('"kind":"step"')) return { started, step: performance.now() - begin };
      if (await gone(2)) throw new Error(`the trainer ended before its first step:\n${fs.readFileSync(log, 'utf8')}`);
    }
  } finally {
    killRun(directory);
    while (!(await gone(50)));
  }
}

export async function run(): Promise<Measurement[]> {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-bench-')));
  try {
    const source = path.join(root, 'examples/digits');
    fs.cpSync(source, folder, { recursive: true, filter: (file) => path.basename(file) !== '.mtl' });
    const times: { started: number; step: number }[] = [];
    for (let index = 0; index < repetitions; index += 1) {
      times.push(await start(folder, path.join(root, 'dist/trainer.cjs')));
    }
    const note = `median of ${String(repetitions)}`;
    return [
      {
        name: 'spawn to `start`, digits/article',
        value: median(times.map(({ started }) => started)),
        unit: 'ms',
        note,
      },
      {
        name: 'spawn to the first `step`, digits/article',
        value: median(times.map(({ step }) => step)),
        unit: 'ms',
        note: `${note}; aim: under 1000 ms`,
      },
    ];
  } finally {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}
