// How long a run of so many recorded steps takes to open: from its cache, and the first time, when the host reads and validates its
// log. The history then crosses to the page. Beside it what plain JSON.parse of the same lines takes.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Measurement } from '../../scripts/lib/bench-runner.ts';
import { readHistoryCache, writeHistoryCache } from '../../src/editor/runs/history-cache.ts';
import { LossHistory } from '../../src/messages/history.ts';
import { pack, unpack, type PackedHistory } from '../../src/messages/snapshot.ts';
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

/** As a message crosses: JSON, and the bytes copied. */
function crossed({ body, ...rest }: PackedHistory): PackedHistory {
  return { ...(JSON.parse(JSON.stringify(rest)) as Omit<PackedHistory, 'body'>), body: structuredClone(body) };
}

function toPage(history: LossHistory): LossHistory | undefined {
  const snapshot = unpack(crossed(pack(history.snapshot())));
  return snapshot && LossHistory.of(snapshot, []);
}

async function measure(steps: number): Promise<readonly Measurement[]> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-bench-history-'));
  try {
    writeLog(directory, steps);
    const first = timed(() => {
      const reader = new RunReader(directory, { keep: false });
      const history = new LossHistory();
      for (let more = true; more;) {
        const delta = reader.poll(slice);
        history.append(delta.records);
        more = delta.more;
      }
      return { history, place: reader.place() };
    });
    const { history, place } = first.value;
    const began = performance.now();
    if (!(await writeHistoryCache(directory, history, place))) throw new Error('The cache could not be written.');
    const kept = performance.now() - began;
    const again = timed(() => readHistoryCache(directory, []));
    fs.utimesSync(runPaths(directory).events, 1, 1);
    const touched = timed(() => readHistoryCache(directory, []));
    const page = timed(() => again.value && toPage(again.value.history));
    const points = [history.points, page.value?.points, touched.value?.history.points];
    if (points.some((count) => count !== steps))
      throw new Error(`${points.join(', ')} points instead of ${String(steps)}`);
    const plain = timed(() => {
      const text = fs.readFileSync(runPaths(directory).events);
      let from = 0;
      for (let at = text.indexOf(0x0a); at >= 0; at = text.indexOf(0x0a, from)) {
        JSON.parse(text.toString('utf8', from, at));
        from = at + 1;
      }
    });
    const name = `${steps.toLocaleString('en')} steps`;
    const size = fs.statSync(runPaths(directory).cache).size / fs.statSync(runPaths(directory).events).size;
    return [
      { name: `open ${name}`, value: again.ms + page.ms, unit: 'ms', note: 'from the cache, to the page, page' },
      {
        name: `open ${name}, the events touched`,
        value: touched.ms + page.ms,
        unit: 'ms',
        note: 'and so looked at whole',
      },
      {
        name: `open ${name} the first time`,
        value: first.ms + page.ms,
        unit: 'ms',
        note: 'every line read and validated',
      },
      {
        name: `first time against JSON.parse of the lines, ${name}`,
        value: first.ms / plain.ms,
        unit: 'times',
        note: '',
      },
      { name: `cache of ${name} written`, value: kept, unit: 'ms', note: 'in the background' },
      { name: `cache of ${name} against the events`, value: size, unit: 'of their size', note: '' },
    ];
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

/** `MTL_BENCH_STEPS=100000`: that many only. */
export async function run(): Promise<Measurement[]> {
  const wanted = process.env['MTL_BENCH_STEPS'];
  const sizes = wanted === undefined ? [100_000, 1_000_000] : [Number(wanted)];
  const all: Measurement[] = [];
  for (const size of sizes) all.push(...(await measure(size)));
  return all;
}
