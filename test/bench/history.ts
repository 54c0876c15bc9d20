// How long a run of so many recorded steps takes to open: the host reads and validates its log and builds the history, the page is
// sent the records as JSON and builds its own. Beside it what plain JSON.parse of the same lines takes.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Measurement } from '../../scripts/lib/bench-runner.ts';
import { LossHistory } from '../../src/messages/history.ts';
import { runPaths } from '../../src/runs/layout.ts';
import { encodeRecord } from '../../src/runs/records.ts';
import { RunReader } from '../../src/runs/reader.ts';
import { startBody } from '../unit/runs/helpers.ts';

const slice = 2 * 1024 * 1024;

function writeLog(directory: string, steps: number): void {
  const handle = fs.openSync(runPaths(directory).events, 'w');
  fs.writeSync(handle, `${encodeRecord(0, 0, startBody(1))}\n`);
  for (let from = 1; from <= steps; from += 10_000) {
    const lines: string[] = [];
    for (let step = from; step < Math.min(from + 10_000, steps + 1); step++) {
      const losses = new Map([
        ['a', Math.exp(-step / steps)],
        ['b', Math.sin(step)],
      ]);
      lines.push(
        encodeRecord(step, 1.7e12 + step, {
          ...{ kind: 'step', step, steps: 1, epoch: 1, losses, weights: losses, total: 1 / step },
          ...{ objective: 1 / step, penalty: null, learningRate: 0.001, stepsPerSecond: 100 },
        }),
      );
    }
    fs.writeSync(handle, `${lines.join('\n')}\n`);
  }
  fs.closeSync(handle);
}

function timed<T>(work: () => T): { readonly ms: number; readonly value: T } {
  const began = performance.now();
  const value = work();
  return { ms: performance.now() - began, value };
}

function measure(steps: number): readonly Measurement[] {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-bench-history-'));
  try {
    writeLog(directory, steps);
    const reader = new RunReader(directory);
    const read = timed(() => {
      while (reader.poll(slice).more);
    });
    const host = timed(() => new LossHistory().append(reader.records));
    const sent = timed(() => {
      // As many records a message as the host posts: one slice's.
      const messages: string[] = [];
      for (let at = 0; at < reader.records.length; at += 8000)
        messages.push(JSON.stringify(reader.records.slice(at, at + 8000)));
      const page = new LossHistory();
      for (const message of messages) page.append(JSON.parse(message) as Parameters<LossHistory['append']>[0]);
      return page.points;
    });
    if (sent.value !== steps) throw new Error(`${String(sent.value)} points instead of ${String(steps)}`);
    const plain = timed(() => {
      const text = fs.readFileSync(runPaths(directory).events);
      let from = 0;
      let count = 0;
      for (let at = text.indexOf(0x0a); at >= 0; at = text.indexOf(0x0a, from)) {
        JSON.parse(text.toString('utf8', from, at));
        from = at + 1;
        count++;
      }
      return count;
    });
    const name = `${steps.toLocaleString('en')} steps`;
    const whole = read.ms + host.ms + sent.ms;
    return [
      { name: `open ${name}`, value: whole, unit: 'ms', note: 'read, host, JSON to the page, page' },
      { name: `read and validate ${name}`, value: read.ms, unit: 'ms', note: '' },
      { name: `host history ${name}`, value: host.ms, unit: 'ms', note: '' },
      { name: `to the page as JSON, and its history ${name}`, value: sent.ms, unit: 'ms', note: '' },
      { name: `open ${name} against JSON.parse of its lines`, value: whole / plain.ms, unit: 'times', note: '' },
    ];
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

/** `MTL_BENCH_STEPS=100000`: that many only. */
export function run(): Promise<Measurement[]> {
  const wanted = process.env['MTL_BENCH_STEPS'];
  const sizes = wanted === undefined ? [100_000, 1_000_000] : [Number(wanted)];
  return Promise.resolve(sizes.flatMap(measure));
}
