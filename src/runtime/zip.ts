/**
 * Members of a wheel (a ZIP archive), written to disk as a stream: a library of 800 MB never lies in memory.
 * Format: PKWARE APPNOTE 6.3, without encryption, ZIP64 and several volumes, which wheels of this size do not use.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { cancelled, RuntimeError } from './error.ts';

export interface Member {
  readonly name: string;
  /** Bytes in the archive and unpacked. */
  readonly packed: number;
  readonly bytes: number;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  /** Of the member's local header. */
  readonly offset: number;
  /** Unix mode bits, 0 where the archive tells none. */
  readonly mode: number;
}

const mostMembers = 200_000;
const endSignature = 0x06054b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;

function damaged(file: string, what: string): RuntimeError {
  const name = path.basename(file);
  return new RuntimeError(
    'archive',
    `${name} is not a sound archive (${what}). Delete it and install again.`,
    `${name} 不是完好的压缩包（${what}）。请删除后重新安装。`,
  );
}

function readAt(handle: number, length: number, position: number): Buffer {
  const buffer = Buffer.alloc(length);
  const read = fs.readSync(handle, buffer, 0, length, position);
  return buffer.subarray(0, read);
}

/**
 * The archive's table of contents.
 * @throws RuntimeError `archive`
 */
export function membersOf(file: string): Member[] {
  const handle = fs.openSync(file, 'r');
  try {
    const { size } = fs.fstatSync(handle);
    // The end record is 22 bytes and may be followed by a comment of up to 65,535.
    const tail = readAt(handle, Math.min(size, 22 + 0xffff), Math.max(0, size - 22 - 0xffff));
    let at = tail.length - 22;
    while (at >= 0 && tail.readUInt32LE(at) !== endSignature) at--;
    if (at < 0) throw damaged(file, 'no table of contents');
    const count = tail.readUInt16LE(at + 10);
    const length = tail.readUInt32LE(at + 12);
    const start = tail.readUInt32LE(at + 16);
    if (count === 0xffff || start === 0xffffffff || count > mostMembers) throw damaged(file, 'ZIP64');
    if (start + length > size) throw damaged(file, 'cut off');
    return readCentral(file, readAt(handle, length, start), count);
  } finally {
    fs.closeSync(handle);
  }
}

function readCentral(file: string, table: Buffer, count: number): Member[] {
  const members: Member[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > table.length || table.readUInt32LE(at) !== centralSignature) throw damaged(file, 'table of contents');
    const nameLength = table.readUInt16LE(at + 28);
    const end = at + 46 + nameLength + table.readUInt16LE(at + 30) + table.readUInt16LE(at + 32);
    if (end > table.length) throw damaged(file, 'table of contents');
    members.push({
      name: table.toString('utf8', at + 46, at + 46 + nameLength),
      method: table.readUInt16LE(at + 10),
      packed: table.readUInt32LE(at + 20),
      bytes: table.readUInt32LE(at + 24),
      offset: table.readUInt32LE(at + 42),
      mode: table.readUInt32LE(at + 38) >>> 16,
    });
    at = end;
  }
  return members;
}

/**
 * Where a member goes below a folder; null for a name that would leave it.
 * Absolute names, drive letters, backslashes, `..` and control characters are refused by text, before anything is made.
 */
export function safeTarget(folder: string, name: string): string | null {
  if (name === '' || /^[/\\]|\\|^[A-Za-z]:|[\u0000-\u001f]/.test(name)) return null;
  if (name.split('/').some((part) => part === '..' || part === '.' || part === '')) return null;
  const target = path.resolve(folder, name);
  return target.startsWith(path.resolve(folder) + path.sep) ? target : null;
}

const symbolicLink = 0o120000;

/** Counts, checks and reports what flows through. */
class Meter extends Transform {
  bytes = 0;
  readonly #limit: number;
  readonly #report: (bytes: number) => void;

  constructor(limit: number, report: (bytes: number) => void) {
    super();
    this.#limit = limit;
    this.#report = report;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    this.#report(chunk.length);
    if (this.bytes > this.#limit) done(new RangeError('more bytes than the table of contents says'));
    else done(null, chunk);
  }
}

/**
 * Writes one member to `folder`/`name`; the file appears under its name only when it is whole.
 * @param name relative, with `/`; by default the member's own name
 * @param report called with the number of bytes written since the last call
 * @throws RuntimeError `archive` for a damaged member or a name that leaves the folder, `cancelled`
 */
export async function extract(
  file: string,
  member: Member,
  folder: string,
  name: string = member.name,
  report: (bytes: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<string> {
  const target = safeTarget(folder, name);
  if (target === null) throw damaged(file, `a member named ${JSON.stringify(name)}`);
  if ((member.mode & 0o170000) === symbolicLink) throw damaged(file, `${member.name} is a link`);
  if (member.method !== 0 && member.method !== 8) throw damaged(file, `${member.name} has an unknown method`);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const start = dataStart(file, member);
  const part = `${target}.part`;
  const meter = new Meter(member.bytes, report);
  try {
    if (member.packed === 0) fs.writeFileSync(part, '', { flag: 'wx' });
    else {
      const source = fs.createReadStream(file, { start, end: start + member.packed - 1, highWaterMark: 1 << 18 });
      const sink = fs.createWriteStream(part, { highWaterMark: 1 << 20, flags: 'wx' });
      const options = signal ? { signal } : {};
      if (member.method === 8) {
        await pipeline(source, createInflateRaw({ chunkSize: 1 << 18 }), meter, sink, options);
      } else await pipeline(source, meter, sink, options);
    }
  } catch (error) {
    fs.rmSync(part, { force: true });
    if (signal?.aborted === true) throw cancelled();
    if (isSystemError(error)) throw error;
    throw damaged(file, `${member.name}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (meter.bytes !== member.bytes) {
    fs.rmSync(part, { force: true });
    throw damaged(file, `${member.name} is cut off`);
  }
  fs.renameSync(part, target);
  return target;
}

/** ENOSPC and the like: the file system's, not the archive's. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function dataStart(file: string, member: Member): number {
  const handle = fs.openSync(file, 'r');
  try {
    const header = readAt(handle, 30, member.offset);
    if (header.length < 30 || header.readUInt32LE(0) !== localSignature) throw damaged(file, `${member.name}: header`);
    return member.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  } finally {
    fs.closeSync(handle);
  }
}
