/** CRC-32 as ZIP uses it (ISO 3309, reflected polynomial 0xEDB88320): zlib's where this Node has it (20.15 and newer), else our own. */
import * as zlib from 'node:zlib';

const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 0 ? value >>> 1 : (value >>> 1) ^ 0xedb88320;
  return value;
});

type Crc32 = (bytes: Uint8Array, previous?: number) => number;

/** The same in JavaScript; several times slower. */
export const plainCrc32: Crc32 = (bytes, previous = 0) => {
  let crc = ~previous;
  for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
};

/** The checksum of `bytes` appended to what `previous` already covers. */
export const crc32: Crc32 = (zlib as { readonly crc32?: Crc32 }).crc32 ?? plainCrc32;
