// Runs on made-up data that are larger than the memory they may take: for the benchmarks of reading from disk and of long runs.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../../scripts/lib/process.mjs';
import { crc32 } from '../../src/files/crc32.ts';
import { createRun, launch } from '../../src/runs/launch.ts';
import { runPaths } from '../../src/runs/layout.ts';
import { readSpec } from '../../src/spec/index.ts';
import { generator } from '../../src/numbers/random.ts';

const features = 64;

/** Bytes of `rows` samples in the file. */
export const sampleBytes = (rows: number): number => rows * (4 * features + 5);

/** An NPZ archive, written piece by piece: it may be larger than the memory of whoever makes it. */
export function writeLargeData(file: string, rows: number): void {
  const random = generator(1, 2, 3, 4);
  const out = fs.openSync(file, 'w');
  const directory: Buffer[] = [];
  let position = 0;
  const write = (bytes: Uint8Array): void => {
    fs.writeSync(out, bytes);
    position += bytes.length;
  };
  const member = (name: string, type: string, shape: readonly number[], pieces: () => Iterable<Uint8Array>): void => {
    const header = npyHeader(type, shape);
    let crc = crc32(header);
    let size = header.length;
    for (const piece of pieces()) {
      crc = crc32(piece, crc);
      size += piece.length;
    }
    const offset = position;
    write(entry(0x04034b50, name, crc, size));
    write(Buffer.from(name));
    write(header);
    for (const piece of pieces()) write(piece);
    directory.push(entry(0x02014b50, name, crc, size, offset), Buffer.from(name));
  };
  // The numbers follow from their place, so that both passes give the same ones without holding them.
  const noise = Float32Array.from({ length: 65_536 }, () => random.normal());
  const value = (row: number, column: number): number =>
    noise[(row * 131 + column * 7919 + (row >>> 9) * 31) % noise.length] ?? 0;
  const x = function* (): Generator<Uint8Array> {
    for (let first = 0; first < rows; first += 4096) {
      const count = Math.min(4096, rows - first);
      const block = new Float32Array(count * features);
      for (let at = 0; at < block.length; at++) block[at] = value(first + Math.floor(at / features), at % features);
      yield new Uint8Array(block.buffer);
    }
  };
  const kind = (row: number): number => (value(row, 0) + value(row, 1) > 0.5 ? 1 : value(row, 2) > 0 ? 2 : 0);
  const k = Uint8Array.from({ length: rows }, (_, row) => kind(row));
  const y = Float32Array.from({ length: rows }, (_, row) => 2 * value(row, 3) - value(row, 4));
  member('x.npy', '<f4', [rows, features], x);
  member('k.npy', '|u1', [rows], () => [k]);
  member('y.npy', '<f4', [rows], () => [new Uint8Array(y.buffer)]);
  const start = position;
  for (const part of directory) write(part);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(3, 8);
  end.writeUInt16LE(3, 10);
  end.writeUInt32LE(position - start, 12);
  end.writeUInt32LE(start, 16);
  write(end);
  fs.closeSync(out);
}

function npyHeader(type: string, shape: readonly number[]): Uint8Array {
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const padded = text.padEnd(118 - 1) + '\n';
  const bytes = Buffer.alloc(10 + padded.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 255, padded.length >> 8]);
  bytes.write(padded, 10, 'latin1');
  return bytes;
}

/** Local header (30 bytes) or directory entry (46 bytes) of a stored member. */
function entry(signature: number, name: string, crc: number, size: number, offset?: number): Buffer {
  const central = offset !== undefined;
  const shift = central ? 2 : 0;
  const bytes = Buffer.alloc(central ? 46 : 30);
  bytes.writeUInt32LE(signature, 0);
  bytes.writeUInt16LE(20, 4);
  if (central) bytes.writeUInt16LE(20, 6);
  bytes.writeUInt32LE(crc, 14 + shift);
  bytes.writeUInt32LE(size, 18 + shift);
  bytes.writeUInt32LE(size, 22 + shift);
  bytes.writeUInt16LE(Buffer.byteLength(name), 26 + shift);
  if (offset !== undefined) bytes.writeUInt32LE(offset, 42);
  return bytes;
}

export interface LargeRun {
  readonly steps: number;
  readonly batchSize: number;
  /** As `--memory`. */
  readonly memory: string;
  readonly engine: string;
}

export function specOf({ steps, batchSize }: Pick<LargeRun, 'steps' | 'batchSize'>): string {
  const dense = (units: number) => ({ type: 'dense', units, activation: 'relu' });
  return JSON.stringify({
    data: {
      source: 'large.npz',
      inputs: { x: { type: 'number', from: 'x' } },
      split: { train: 0.96, validation: 0.02, test: 0.02 },
    },
    network: { trunk: { input: 'x', layers: [dense(128), dense(128)] } },
    tasks: {
      kind: { type: 'classification', target: 'k', input: 'trunk' },
      value: { type: 'regression', target: 'y', input: 'trunk' },
    },
    training: { steps, batchSize, checkpoint: { every: 10_000, unit: 'step' } },
  });
}

/** What was seen of a run while it went on. */
export interface Sample {
  readonly step: number;
  /** Bytes that the process holds in memory; NaN where the system does not tell. */
  readonly resident: number;
}

export interface Seen {
  readonly samples: readonly Sample[];
  /** Largest ever held. */
  readonly peak: number;
  /** Median over the step records after the first quarter. */
  readonly stepMilliseconds: number;
  readonly engine: string;
  /** What log.txt says of reading from disk. */
  readonly batches: number;
  readonly late: number;
  readonly direct: number;
  readonly waited: number;
}

interface StepRecord {
  readonly kind: string;
  readonly step?: number;
  readonly stepsPerSecond?: number;
  readonly engine?: { readonly name: string; readonly graph: boolean };
}

/** Trains in a process of its own, as a person would, and looks at it once a second. */
export async function watchRun(
  folder: string,
  name: string,
  options: LargeRun,
  look: (sample: Sample) => void = () => undefined,
): Promise<Seen> {
  const text = specOf(options);
  const specFile = path.join(folder, 'large.mtl.json');
  fs.writeFileSync(specFile, text);
  const { spec } = readSpec(text);
  if (spec === undefined) throw new Error('the spec of the benchmark cannot be read');
  const directory = createRun({
    text,
    resolved: spec,
    specFile,
    root: folder,
    name,
    directory: path.join(folder, name),
  });
  const { memory, engine } = options;
  const { events, log } = runPaths(directory);
  const launched = await launch(directory, {
    ...{ trainerFile: path.join(root, 'dist/trainer.cjs'), resume: false, engine, memory },
    ...{ root: folder, allowOutside: false, keepAliveMinutes: 0 },
  });
  const ended = launched.exited.then(() => true);
  const samples: Sample[] = [];
  let peak = NaN;
  for (;;) {
    const over = await Promise.race([ended, sleep(1000, false)]);
    if (over) break;
    const status = statusOf(launched.pid);
    peak = status.peak || peak;
    const step = lastStep(events);
    if (step === undefined) continue;
    const sample = { step, resident: status.resident };
    samples.push(sample);
    look(sample);
  }
  const records = fs
    .readFileSync(events, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as StepRecord);
  if (records.at(-1)?.kind !== 'end') throw new Error(`the run did not end:\n${fs.readFileSync(log, 'utf8')}`);
  return { samples, peak, ...figures(records, options.steps), ...readingOf(fs.readFileSync(log, 'utf8')) };
}

function figures(records: readonly StepRecord[], steps: number): Pick<Seen, 'stepMilliseconds' | 'engine'> {
  const rates = records
    .filter(({ kind, step = 0 }) => kind === 'step' && step > steps / 4)
    .map(({ stepsPerSecond = NaN }) => 1000 / stepsPerSecond)
    .sort((a, b) => a - b);
  const engine = records.find(({ kind }) => kind === 'start')?.engine;
  const name = engine === undefined ? '' : `${engine.name}${engine.graph ? ', captured' : ''}`;
  return { stepMilliseconds: rates[Math.floor(rates.length / 2)] ?? NaN, engine: name };
}

function readingOf(log: string): Pick<Seen, 'batches' | 'late' | 'direct' | 'waited'> {
  const line = /(\d+) batches ahead of the training, (\d+) of them late, (\d+) on the spot; it waited ([\d.]+) s/.exec(
    log,
  );
  const [, batches = NaN, late = NaN, direct = NaN, waited = NaN] = line ?? [];
  return { batches: Number(batches), late: Number(late), direct: Number(direct), waited: Number(waited) };
}

function statusOf(pid: number): { readonly resident: number; readonly peak: number } {
  try {
    const text = fs.readFileSync(`/proc/${String(pid)}/status`, 'utf8');
    const bytes = (key: string): number => Number(new RegExp(`${key}:\\s+(\\d+) kB`).exec(text)?.[1] ?? NaN) * 1024;
    return { resident: bytes('VmRSS'), peak: bytes('VmHWM') };
  } catch {
    return { resident: NaN, peak: NaN };
  }
}

/** From the end of the file: it grows long. */
function lastStep(events: string): number | undefined {
  if (!fs.existsSync(events)) return undefined;
  const { size } = fs.statSync(events);
  const length = Math.min(size, 8192);
  const buffer = Buffer.alloc(length);
  const file = fs.openSync(events, 'r');
  fs.readSync(file, buffer, 0, length, size - length);
  fs.closeSync(file);
  const found = [...buffer.toString('utf8').matchAll(/"kind":"step","step":(\d+)/g)].at(-1)?.[1];
  return found === undefined ? undefined : Number(found);
}
