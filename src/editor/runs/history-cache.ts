/**
 * The history of a long run beside its events (`events.cache`), so that opening it again reads columns instead of a million
 * lines. It is only ever a copy: it counts as long as the events begin with the very bytes that it was made of, and can be
 * deleted at any time.
 *
 *     mtl-history 1 <bytes of the head>          one line of 32 bytes
 *     head                                       JSON: what it was made of, what the records told, where the columns are
 *     body                                       64-bit numbers, little-endian
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import {
  count,
  finite,
  type Checked,
  isFields,
  list,
  number,
  object,
  orNull,
  passes,
  satisfying,
  text,
} from '../../common/checks.ts';
import { text as both } from '../../common/text.ts';
import { openPlain, besides, renameOver } from '../../files/plain.ts';
import { LossHistory } from '../../messages/history.ts';
import { pack, packedColumns, unpack } from '../../messages/snapshot.ts';
import type { EventRecord } from '../../runs/events.ts';
import { runPaths } from '../../runs/layout.ts';
import type { ReaderPlace } from '../../runs/reader.ts';
import { validateRecord } from '../../runs/records.ts';

/** A shorter log is read in a moment. */
export const worthCaching = 4 * 1024 * 1024;
/** A larger cache is not read. */
const largest = 2 ** 30;
const lineBytes = 32;
const block = 4 * 1024 * 1024;

const recordOf = <Kind extends EventRecord['kind']>(kind: Kind) =>
  satisfying(
    both(`a record ${kind}`, `${kind} 记录`),
    (value): value is Extract<EventRecord, { kind: Kind }> =>
      isFields(value) && value['kind'] === kind && typeof validateRecord(value) !== 'string',
  );

const numbers = list(orNull(finite));

const told = object({
  start: orNull(recordOf('start')),
  epochs: list(object({ seq: count, step: orNull(finite), seconds: finite, record: recordOf('epoch') })),
  affinity: list(recordOf('affinity')),
  best: orNull(recordOf('best')),
  end: orNull(recordOf('end')),
  progress: orNull(recordOf('progress')),
  warnings: list(recordOf('warning')),
  stepsPerSecond: orNull(finite),
  residentBytes: orNull(finite),
  firstTime: orNull(finite),
  observed: list(text),
  blocks: list(list(object({ name: text, norms: numbers, agreement: numbers }))),
});

const headCheck = object({
  /** How much of the events it was made of, when they had last changed then, and what they were. */
  events: object({ bytes: count, changed: number, sha256: text }),
  lastSeq: number,
  state: orNull(recordOf('state')),
  told,
  ...packedColumns,
});

type HeadEvents = Checked<typeof headCheck>['events'];

export interface Cached {
  readonly history: LossHistory;
  readonly place: ReaderPlace;
}

/**
 * The cached history of a run.
 *
 * @param weights the run's frozen weights
 * @returns undefined where there is none, or one that is not (or no longer) the events' own
 */
export function readHistoryCache(
  directory: string,
  weights: readonly (readonly [string, number])[],
): Cached | undefined {
  let handle: number | undefined;
  try {
    handle = openPlain(runPaths(directory).cache);
    return readFrom(handle, directory, weights);
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) fs.closeSync(handle);
  }
}

function readFrom(
  handle: number,
  directory: string,
  weights: readonly (readonly [string, number])[],
): Cached | undefined {
  const { size } = fs.fstatSync(handle);
  const line = /^mtl-history 1 (\d{1,9}) *\n$/.exec(Buffer.from(read(handle, 0, lineBytes)).toString('latin1'));
  const headBytes = Number(line?.[1]);
  if (line === null || size > largest || lineBytes + headBytes > size) return undefined;
  const head: unknown = JSON.parse(Buffer.from(read(handle, lineBytes, headBytes)).toString('utf8'));
  if (!passes(headCheck, head) || !isOf(head.events, runPaths(directory).events)) return undefined;
  const bodyAt = lineBytes + headBytes;
  const snapshot = unpack({ ...head, body: read(handle, bodyAt, size - bodyAt) });
  const history = snapshot && LossHistory.of(snapshot, weights);
  if (!history) return undefined;
  const { start, end } = head.told;
  return { history, place: { offset: head.events.bytes, lastSeq: head.lastSeq, start, end, state: head.state } };
}

function read(handle: number, from: number, bytes: number): ArrayBuffer {
  const buffer = new ArrayBuffer(bytes);
  for (let done = 0; done < bytes;) {
    const got = fs.readSync(handle, new Uint8Array(buffer, done), 0, Math.min(block, bytes - done), from + done);
    // It ends early.
    if (got === 0) return buffer.slice(0, done);
    done += got;
  }
  return buffer;
}

/** Do the events begin with what the cache was made of? Their bytes are looked at unless nothing has touched them since. */
function isOf({ bytes, changed, sha256 }: HeadEvents, file: string): boolean {
  const handle = openPlain(file);
  try {
    const { size, mtimeMs } = fs.fstatSync(handle);
    if (size < bytes) return false;
    if (size === bytes && mtimeMs === changed) return true;
    const hash = createHash('sha256');
    for (let at = 0; at < bytes; at += block)
      hash.update(new Uint8Array(read(handle, at, Math.min(block, bytes - at))));
    return hash.digest('hex') === sha256;
  } finally {
    fs.closeSync(handle);
  }
}

/**
 * Writes what has been read of a run, in the background. What goes wrong (no room, no right to write) costs nothing but
 * time at the next reading.
 *
 * @returns whether it was written
 */
export async function writeHistoryCache(directory: string, history: LossHistory, place: ReaderPlace): Promise<boolean> {
  // Before anything else happens: the columns are the history's own.
  const { body, ...packed } = pack(history.snapshot());
  const { cache, events } = runPaths(directory);
  const temporary = besides(cache);
  try {
    const { mtimeMs: changed } = await fs.promises.stat(events);
    const sha256 = await hashOf(events, place.offset);
    const head = {
      events: { bytes: place.offset, changed, sha256 },
      lastSeq: place.lastSeq,
      state: place.state,
      ...packed,
    };
    const text = Buffer.from(JSON.stringify(head));
    const line = Buffer.from(`mtl-history 1 ${String(text.length)}`.padEnd(lineBytes - 1) + '\n');
    await fs.promises.writeFile(temporary, [line, text, new Uint8Array(body)], { flag: 'wx' });
    renameOver(temporary, cache);
    return true;
  } catch {
    await fs.promises.rm(temporary, { force: true });
    return false;
  }
}

async function hashOf(file: string, bytes: number): Promise<string> {
  const hash = createHash('sha256');
  const stream = fs.createReadStream(file, { end: bytes - 1, highWaterMark: block });
  for await (const chunk of stream as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}
