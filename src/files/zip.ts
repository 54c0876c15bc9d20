/**
 * Reading members of a ZIP archive (PKWARE APPNOTE 6.3) at random places, with a budget: nothing is inflated that was not asked for,
 * and never more than the caller allows. Member names are labels only; no path is made of them. Encrypted ones are
 * refused.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { createInflateRaw, constants, inflateRawSync } from 'node:zlib';
import { text, type Text } from '../common/text.ts';
import { ToldError } from '../common/told-error.ts';
import { crc32 } from './crc32.ts';

/** A file that is taken for an archive. */
export interface ArchiveFile {
  /** To open. */
  readonly path: string;
  /** As messages show it. */
  readonly name: string;
  readonly bytes: number;
}

export interface Member {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc: number;
  readonly compressed: number;
  readonly size: number;
  /** Where the member's local header stands in the file. */
  readonly offset: number;
  /** Unix mode bits, 0 where the archive tells none. */
  readonly mode: number;
}

export interface Archive {
  readonly members: readonly Member[];
  /** The first bytes of a member's content: all that `limit` compressed bytes yield. */
  begin(member: Member, limit: number): Promise<Uint8Array>;
  /**
   * The whole content in pieces of at most 1 MiB, checked against declared size and CRC: it is whole when the last piece
   * was taken and nothing was thrown. Whoever stops earlier leaves nothing open.
   * @throws ZipError; the system's error
   */
  content(member: Member): AsyncGenerator<Uint8Array, void>;
  close(): Promise<void>;
}

/** What is wrong with an archive. A room that knows what the archive is for says what next, too. */
export class ZipError extends ToldError {
  override readonly name: string = 'ZipError';
  /** As a clause. */
  readonly reason: Text;

  constructor(file: ArchiveFile, reason: Text) {
    super(
      text(
        `${file.name} is not a whole ZIP archive: ${reason.en}.`,
        `${file.name} 不是完整的 ZIP 归档：${reason.zh}。`,
      ),
    );
    this.reason = reason;
  }
}

/** More members than the caller takes. */
export class TooManyMembers extends ZipError {
  override readonly name = 'TooManyMembers';
  readonly count: number;
  readonly limit: number;

  constructor(file: ArchiveFile, count: number, limit: number) {
    super(file, text(`it has ${count} members; the limit is ${limit}`, `其中有 ${count} 个成员，上限为 ${limit}`));
    this.count = count;
    this.limit = limit;
  }
}

const endSignature = 0x06054b50;
const end64LocatorSignature = 0x07064b50;
const end64Signature = 0x06064b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;
/** Bytes of the end of a directory: where the 64-bit one is, how large it is, and the longest comment. */
const maximalEnd = 20 + 22 + 0xffff;

/**
 * @throws ZipError, TooManyMembers; the system's error
 */
export async function openArchive(file: ArchiveFile, limits: { readonly members: number }): Promise<Archive> {
  const handle = await open(file.path, 'r');
  try {
    const members = await readDirectory(handle, file, limits.members);
    return {
      members,
      begin: async (member, limit) => beginOf(handle, file, member, limit),
      content: (member) => contentOf(handle, file, member),
      close: async () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function broken(file: ArchiveFile, en: string, zh: string): ZipError {
  return new ZipError(file, text(en, zh));
}

async function readAt(handle: FileHandle, file: ArchiveFile, at: number, length: number): Promise<Buffer> {
  if (at < 0 || length < 0 || at + length > file.bytes)
    throw broken(file, 'it points beyond its own end', '其中的位置超出文件末尾');
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, at);
  if (bytesRead < length) throw broken(file, 'it is cut short', '文件被截断');
  return buffer;
}

async function readDirectory(handle: FileHandle, file: ArchiveFile, limit: number): Promise<Member[]> {
  const tail = await readAt(handle, file, Math.max(0, file.bytes - maximalEnd), Math.min(file.bytes, maximalEnd));
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== endSignature) end--;
  if (end < 0) throw broken(file, 'its directory is missing', '缺少目录');
  let count = tail.readUInt16LE(end + 10);
  let size = tail.readUInt32LE(end + 12);
  let offset = tail.readUInt32LE(end + 16);
  const locator = end - 20;
  if (locator >= 0 && tail.readUInt32LE(locator) === end64LocatorSignature) {
    const record = await readAt(handle, file, safe(tail.readBigUInt64LE(locator + 8), file), 56);
    if (record.readUInt32LE(0) !== end64Signature) throw broken(file, 'its directory is missing', '缺少目录');
    count = safe(record.readBigUInt64LE(32), file);
    size = safe(record.readBigUInt64LE(40), file);
    offset = safe(record.readBigUInt64LE(48), file);
  }
  if (count > limit) throw new TooManyMembers(file, count, limit);
  // A member's entry has 46 bytes and a name, an extra field and a comment of at most 64 KiB each; real ones stay far below this.
  if (size > limit * 1024) throw broken(file, 'its directory is too large', '目录过大');
  return parseDirectory(await readAt(handle, file, offset, size), count, file);
}

function parseDirectory(bytes: Buffer, count: number, file: ArchiveFile): Member[] {
  const members: Member[] = [];
  const seen = new Set<string>();
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== centralSignature)
      throw broken(file, 'its directory is damaged', '目录已损坏');
    const [nameLength, extraLength, commentLength] = [
      bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30),
      bytes.readUInt16LE(at + 32),
    ];
    const next = at + 46 + nameLength + extraLength + commentLength;
    if (next > bytes.length) throw broken(file, 'its directory is damaged', '目录已损坏');
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const flags = bytes.readUInt16LE(at + 8);
    if ((flags & 1) !== 0) throw broken(file, `“${name}” is encrypted`, `“${name}”已加密`);
    if (seen.has(name)) throw broken(file, `“${name}” occurs twice`, `“${name}”出现两次`);
    seen.add(name);
    const extra = bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    members.push({
      name,
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      mode: bytes.readUInt32LE(at + 38) >>> 16,
      ...sizesOf(bytes, at, extra, file),
    });
    at = next;
  }
  return members;
}

/** Sizes and offset; where a field is all ones, its 64-bit value stands in the ZIP64 extra field, in this order. */
function sizesOf(
  bytes: Buffer,
  at: number,
  extra: Buffer,
  file: ArchiveFile,
): Pick<Member, 'size' | 'compressed' | 'offset'> {
  const fields = {
    size: bytes.readUInt32LE(at + 24),
    compressed: bytes.readUInt32LE(at + 20),
    offset: bytes.readUInt32LE(at + 42),
  };
  const wide = zip64Extra(extra);
  let from = 0;
  for (const key of ['size', 'compressed', 'offset'] as const) {
    if (fields[key] !== 0xffffffff) continue;
    if (wide === undefined || from + 8 > wide.length) throw broken(file, 'its directory is damaged', '目录已损坏');
    fields[key] = safe(wide.readBigUInt64LE(from), file);
    from += 8;
  }
  return fields;
}

function zip64Extra(extra: Buffer): Buffer | undefined {
  for (let at = 0; at + 4 <= extra.length;) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) return extra.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  return undefined;
}

function safe(value: bigint, file: ArchiveFile): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw broken(file, 'it states an impossible size', '所述大小不可能');
  return Number(value);
}

/** Where a member's bytes begin. */
async function startOf(handle: FileHandle, file: ArchiveFile, member: Member): Promise<number> {
  if (member.method !== 0 && member.method !== 8)
    throw broken(
      file,
      `“${member.name}” is compressed in an unknown way (${member.method})`,
      `“${member.name}”的压缩方式未知（${member.method}）`,
    );
  const local = await readAt(handle, file, member.offset, 30);
  if (local.readUInt32LE(0) !== localSignature)
    throw broken(file, `“${member.name}” is not where the directory says`, `“${member.name}”不在目录所述的位置`);
  const start = member.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (start + member.compressed > file.bytes)
    throw broken(file, `“${member.name}” is cut short`, `“${member.name}”被截断`);
  return start;
}

async function beginOf(handle: FileHandle, file: ArchiveFile, member: Member, limit: number): Promise<Uint8Array> {
  const start = await startOf(handle, file, member);
  const bytes = await readAt(handle, file, start, Math.min(limit, member.compressed));
  if (member.method === 0) return bytes;
  try {
    // Deflate grows at most 1032-fold, so the budget follows from `limit`.
    return inflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    throw broken(file, `“${member.name}” cannot be inflated`, `“${member.name}”无法解压`);
  }
}

async function* contentOf(handle: FileHandle, file: ArchiveFile, member: Member): AsyncGenerator<Uint8Array, void> {
  const start = await startOf(handle, file, member);
  let crc = 0;
  let size = 0;
  const pieces = compressedPieces(handle, file, start, member.compressed);
  for await (const piece of member.method === 0 ? pieces : inflated(pieces, file, member)) {
    size += piece.length;
    if (size > member.size)
      throw broken(file, `“${member.name}” is larger than it states`, `“${member.name}”大于其所述大小`);
    crc = crc32(piece, crc);
    yield piece;
  }
  if (size !== member.size)
    throw broken(file, `“${member.name}” is smaller than it states`, `“${member.name}”小于其所述大小`);
  if (crc !== member.crc)
    throw broken(file, `“${member.name}” is damaged (wrong checksum)`, `“${member.name}”已损坏（校验和不符）`);
}

async function* compressedPieces(
  handle: FileHandle,
  file: ArchiveFile,
  start: number,
  length: number,
): AsyncGenerator<Buffer> {
  const chunk = 1024 * 1024;
  for (let done = 0; done < length; done += chunk)
    yield await readAt(handle, file, start + done, Math.min(chunk, length - done));
}

/** Inflates piece by piece; the next is only read when the last has been taken, so a bomb ends at the first piece too many. */
async function* inflated(pieces: AsyncIterable<Buffer>, file: ArchiveFile, member: Member): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw({ chunkSize: 256 * 1024 });
  const feed = async (): Promise<void> => {
    for await (const piece of pieces) {
      if (inflate.destroyed) return;
      if (!inflate.write(piece)) {
        await new Promise<void>((resolve) => {
          const go = (): void => {
            inflate.off('drain', go).off('close', go);
            resolve();
          };
          inflate.on('drain', go).on('close', go);
        });
      }
    }
    inflate.end();
  };
  const feeding = feed().catch((error: unknown) =>
    inflate.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  try {
    for await (const piece of inflate) yield piece as Buffer;
  } catch (error) {
    if (error instanceof ZipError || isSystemError(error)) throw error;
    throw broken(file, `“${member.name}” cannot be inflated`, `“${member.name}”无法解压`);
  } finally {
    inflate.destroy();
    await feeding;
  }
}

/** A device that cannot be read is no fault of the archive; zlib's errors have a code, but come from no call of the system. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
