/** Archives put together byte by byte, after PKWARE's APPNOTE: whole ones, and such as lie. */
import { deflateRawSync } from 'node:zlib';
import { plainCrc32 } from '../../../src/files/crc32.ts';

export interface Entry {
  readonly name: string;
  readonly content: Uint8Array;
  readonly deflate?: boolean;
  /** Fields of the directory that are not what they should be. */
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
  readonly size?: number;
  readonly compressed?: number;
  readonly offset?: number;
  /** Unix mode bits. */
  readonly mode?: number;
  /** The member's entry has these three as 64-bit numbers; those named are all ones in the usual place. */
  readonly wide?: readonly ('size' | 'compressed' | 'offset')[];
  /** Extra fields before that of ZIP64, and in the local header. */
  readonly extra?: Uint8Array;
  readonly comment?: string;
  readonly localSignature?: number;
}

export function zipOf(
  entries: readonly Entry[],
  { comment = '', zip64 = false, prefix = 0 }: { comment?: string; zip64?: boolean; prefix?: number } = {},
): Buffer {
  const parts: Buffer[] = [Buffer.alloc(prefix)];
  let at = prefix;
  const directory: Buffer[] = [];
  for (const entry of entries) {
    const data = entry.deflate === true ? deflateRawSync(entry.content) : Buffer.from(entry.content);
    const name = Buffer.from(entry.name);
    const extra = Buffer.from(entry.extra ?? []);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(entry.localSignature ?? 0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(extra.length, 28);
    const fields = {
      size: entry.size ?? entry.content.length,
      compressed: entry.compressed ?? data.length,
      offset: entry.offset ?? at,
    };
    const wide = (['size', 'compressed', 'offset'] as const).filter((key) => entry.wide?.includes(key));
    const long = Buffer.alloc(wide.length === 0 ? 0 : 4 + 8 * wide.length);
    if (wide.length > 0) {
      long.writeUInt16LE(1, 0);
      long.writeUInt16LE(8 * wide.length, 2);
      wide.forEach((key, index) => long.writeBigUInt64LE(BigInt(fields[key]), 4 + 8 * index));
    }
    const remark = Buffer.from(entry.comment ?? '');
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(entry.flags ?? 0x800, 8);
    central.writeUInt16LE(entry.method ?? (entry.deflate === true ? 8 : 0), 10);
    central.writeUInt32LE(entry.crc ?? plainCrc32(entry.content), 16);
    central.writeUInt32LE(wide.includes('compressed') ? 0xffffffff : fields.compressed, 20);
    central.writeUInt32LE(wide.includes('size') ? 0xffffffff : fields.size, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt16LE(extra.length + long.length, 30);
    central.writeUInt16LE(remark.length, 32);
    central.writeUInt32LE(((entry.mode ?? 0) << 16) >>> 0, 38);
    central.writeUInt32LE(wide.includes('offset') ? 0xffffffff : fields.offset, 42);
    directory.push(central, name, extra, long, remark);
    parts.push(local, name, extra, data);
    at += 30 + name.length + extra.length + data.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(zip64 ? 0xffff : entries.length, 10);
  end.writeUInt32LE(zip64 ? 0xffffffff : list.length, 12);
  end.writeUInt32LE(zip64 ? 0xffffffff : at, 16);
  end.writeUInt16LE(comment.length, 20);
  parts.push(list);
  if (zip64) {
    const record = Buffer.alloc(56);
    record.writeUInt32LE(0x06064b50, 0);
    record.writeBigUInt64LE(44n, 4);
    record.writeBigUInt64LE(BigInt(entries.length), 32);
    record.writeBigUInt64LE(BigInt(list.length), 40);
    record.writeBigUInt64LE(BigInt(at), 48);
    const locator = Buffer.alloc(20);
    locator.writeUInt32LE(0x07064b50, 0);
    locator.writeBigUInt64LE(BigInt(at + list.length), 8);
    parts.push(record, locator);
  }
  return Buffer.concat([...parts, end, Buffer.from(comment)]);
}
