/** Archives put together byte by byte, after PKWARE's APPNOTE: those that are whole are read, and each lie of the others is told. */
import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { plainCrc32 } from '../../../src/files/crc32.ts';
import { openArchive, TooManyMembers, ZipError, type Archive, type ArchiveFile } from '../../../src/files/zip.ts';
import { filesOf } from '../data/handles.ts';
import { zipOf, type Entry } from './zip-of.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zip-'));
test.after(() => fs.rmSync(folder, { recursive: true, force: true }));

const limits = { members: 1000 };
function fileOf(bytes: Uint8Array): ArchiveFile {
  const file = path.join(folder, 'a.npz');
  fs.writeFileSync(file, bytes);
  return { path: file, name: 'data/a.npz', bytes: bytes.length };
}

async function contentOf(archive: Archive, index: number): Promise<Buffer> {
  const member = archive.members[index] ?? assert.fail('no member');
  const pieces: Uint8Array[] = [];
  for await (const piece of archive.content(member)) pieces.push(Uint8Array.from(piece));
  return Buffer.concat(pieces);
}

/** Every member, read whole. */
async function read(bytes: Uint8Array): Promise<[string, string][]> {
  const archive = await openArchive(fileOf(bytes), limits);
  try {
    const found: [string, string][] = [];
    for (const [index, { name }] of archive.members.entries())
      found.push([name, (await contentOf(archive, index)).toString()]);
    return found;
  } finally {
    await archive.close();
  }
}

async function refusal(promise: Promise<unknown>): Promise<ZipError> {
  const error: unknown = await promise.then(
    () => assert.fail('no error'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ZipError, String(error));
  return error;
}
const broken = async (bytes: Uint8Array, pattern: RegExp): Promise<void> => {
  const error = await refusal(read(bytes));
  assert.equal(error.name, 'ZipError');
  assert.match(error.reason.en, pattern);
  assert.deepEqual(error.text, {
    en: `data/a.npz is not a whole ZIP archive: ${error.reason.en}.`,
    zh: `data/a.npz 不是完整的 ZIP 归档：${error.reason.zh}。`,
  });
};

const text = (words: string): Uint8Array => Buffer.from(words);
const long = text('abcdefghij'.repeat(30_000));
const [a, b]: [Entry, Entry] = [
  { name: 'a.npy', content: text('first') },
  { name: '红.npy', content: text('second one'), deflate: true },
];

test('members come back by name, stored and deflated, wherever they lie', async () => {
  const wanted = [
    ['a.npy', 'first'],
    ['红.npy', 'second one'],
  ];
  const extra = Uint8Array.of(7, 0, 2, 0, 8, 9);
  for (const bytes of [
    zipOf([a, b]),
    zipOf([a, b], { comment: 'words' }),
    zipOf([a, b], { comment: 'x'.repeat(65_535) }),
    zipOf([a, b], { prefix: 70_000 }),
    zipOf([
      { ...a, extra, comment: 'of a member' },
      { ...b, extra },
    ]),
    zipOf([a, b], { zip64: true }),
    zipOf([a, b], { zip64: true, prefix: 1000 }),
    zipOf([a, b], { zip64: true, prefix: 1000, comment: 'x'.repeat(65_515) }),
    zipOf([a, b], { zip64: true, prefix: 1000, comment: 'x'.repeat(65_535) }),
    zipOf([
      { ...a, wide: ['size', 'compressed', 'offset'] },
      { ...b, wide: ['offset'], extra },
    ]),
    zipOf([
      { ...a, wide: ['compressed'] },
      { ...b, wide: ['size', 'offset'] },
    ]),
  ])
    assert.deepEqual(await read(bytes), wanted);
  assert.deepEqual(await read(zipOf([])), []);
  // The entry of a member without a name has no byte more than it must.
  assert.deepEqual(await read(zipOf([a, { name: '', content: text('x') }])), [['a.npy', 'first'], ['', 'x']]); // prettier-ignore
  assert.deepEqual(
    await read(
      zipOf([
        { name: 'none', content: text('') },
        { name: 'nothing', content: text(''), deflate: true },
      ]),
    ),
    [
      ['none', ''],
      ['nothing', ''],
    ],
  );
});

test('the directory tells of each member what it is', async () => {
  const archive = await openArchive(fileOf(zipOf([a, { ...b, mode: 0o100755 }])), limits);
  const compressed = deflateRawSync(b.content).length;
  assert.deepEqual(archive.members, [
    { name: 'a.npy', method: 0, crc: plainCrc32(a.content), size: 5, compressed: 5, offset: 0, mode: 0 },
    { name: '红.npy', method: 8, crc: plainCrc32(b.content), size: 10, compressed, offset: 30 + 5 + 5, mode: 0o100755 },
  ]);
  await archive.close();
});

test('large members come in pieces, all of them and in order', async () => {
  const noise = randomBytes(2_500_000);
  for (const deflate of [false, true]) {
    const archive = await openArchive(
      fileOf(
        zipOf([
          { name: 'n', content: noise, deflate },
          { name: 'l', content: long, deflate },
        ]),
      ),
      limits,
    );
    assert.deepEqual(await contentOf(archive, 0), noise);
    assert.deepEqual(await contentOf(archive, 1), Buffer.from(long));
    await archive.close();
  }
});

test('however large a member is, nobody listens twice', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): unknown => warnings.push(warning);
  process.on('warning', note);
  const content = randomBytes(13 * 1024 * 1024);
  const archive = await openArchive(fileOf(zipOf([{ name: 'n', content, deflate: true }])), limits);
  assert.ok(content.equals(await contentOf(archive, 0)));
  await archive.close();
  process.off('warning', note);
  assert.deepEqual(warnings, []);
});

test('the beginning of a member is what so many bytes of the file give', async () => {
  const archive = await openArchive(
    fileOf(
      zipOf([
        { name: 's', content: long },
        { name: 'd', content: long, deflate: true },
        { ...a, method: 8, name: 'bad' },
      ]),
    ),
    limits,
  );
  const [stored, deflated, bad] = archive.members;
  assert.ok(stored && deflated && bad);
  assert.equal((await archive.begin(stored, 12)).toString(), 'abcdefghijab');
  assert.equal((await archive.begin(stored, 1e9)).length, 300_000);
  const begun = await archive.begin(deflated, deflated.compressed - 10);
  assert.ok(begun.length > 1000 && begun.length <= 300_000);
  assert.equal(Buffer.from(begun).toString(), Buffer.from(long.subarray(0, begun.length)).toString());
  assert.equal((await archive.begin(deflated, 1e9)).length, 300_000);
  assert.match((await refusal(archive.begin(bad, 100))).message, /“bad” cannot be inflated/);
  await archive.close();
});

test('what an archive says of itself must be so', async () => {
  await broken(text('no archive at all, but longer than an end record'), /its directory is missing/);
  await broken(text('short'), /beyond its own end|directory is missing/);
  await broken(new Uint8Array(0), /its directory is missing|beyond/);
  await broken(zipOf([{ ...a, flags: 0x801 }]), /“a\.npy” is encrypted/);
  await broken(zipOf([a, { ...b, name: 'a.npy' }]), /“a\.npy” occurs twice/);
  await broken(zipOf([{ ...a, method: 12 }]), /“a\.npy” is compressed in an unknown way \(12\)/);
  await broken(zipOf([{ ...a, localSignature: 1 }]), /“a\.npy” is not where the directory says/);
  await broken(zipOf([a, { ...b, offset: 3 }]), /“红\.npy” is not where the directory says/);
  await broken(zipOf([{ ...a, offset: 1e6 }]), /it points beyond its own end/);
  await broken(zipOf([{ ...a, compressed: 1e6 }]), /“a\.npy” is cut short/);
  await broken(zipOf([{ ...a, crc: 1 }]), /“a\.npy” is damaged \(wrong checksum\)/);
  await broken(zipOf([{ ...b, crc: 1 }]), /“红\.npy” is damaged \(wrong checksum\)/);
  await broken(zipOf([{ ...a, size: 4 }]), /“a\.npy” is larger than it states/);
  await broken(zipOf([{ ...b, size: 9 }]), /“红\.npy” is larger than it states/);
  await broken(zipOf([{ ...a, size: 6 }]), /“a\.npy” is smaller than it states/);
  await broken(zipOf([{ ...a, method: 8 }]), /“a\.npy” cannot be inflated/);
  await broken(zipOf([{ ...b, compressed: 3 }]), /“红\.npy” cannot be inflated/);
});

test('a member whose bytes end where the file ends is whole; one byte more is not there', async () => {
  // The directory stands before the member.
  const usual = zipOf([a]);
  const turned = (compressed: number): Buffer => {
    const directory = zipOf([{ ...a, offset: 46 + 5 + 22, compressed, size: compressed }]).subarray(30 + 5 + 5, -22);
    const end = Buffer.from(usual.subarray(-22));
    end.writeUInt32LE(0, 16);
    return Buffer.concat([directory, end, usual.subarray(0, 30 + 5 + 5)]);
  };
  assert.deepEqual(await read(turned(5)), [['a.npy', 'first']]);
  await broken(turned(6), /“a\.npy” is cut short/);
});

test('a damaged directory is one', async () => {
  const whole = zipOf([a, b]);
  const change = (write: (bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.from(whole);
    write(bytes);
    return bytes;
  };
  const first = whole.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  const second = whole.indexOf(Buffer.from([0x50, 0x4b, 1, 2]), first + 1);
  const end = whole.length - 22;
  for (const at of [first, second])
    await broken(
      change((bytes) => bytes.writeUInt8(0, at)),
      /its directory is damaged/,
    );
  await broken(
    change((bytes) => bytes.writeUInt16LE(3, end + 10)),
    /its directory is damaged/,
  );
  for (const field of [28, 30, 32])
    await broken(
      change((bytes) => bytes.writeUInt16LE(5000, second + field)),
      /its directory is damaged/,
    );
  await broken(
    change((bytes) => bytes.writeUInt32LE(end - first - 1, end + 12)),
    /its directory is damaged/,
  );
  await broken(
    change((bytes) => bytes.writeUInt32LE(whole.length, end + 16)),
    /it points beyond its own end/,
  );
  // Of two members only one is counted.
  assert.deepEqual(await read(change((bytes) => bytes.writeUInt16LE(1, end + 10))), [['a.npy', 'first']]);
  // All ones, but nothing that stands for them.
  await broken(
    change((bytes) => bytes.writeUInt32LE(0xffffffff, first + 24)),
    /its directory is damaged/,
  );
  const two = zipOf([{ ...a, wide: ['size', 'compressed'] }]);
  const entry = two.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  two.writeUInt32LE(0xffffffff, entry + 42);
  await broken(two, /its directory is damaged/);
});

test('a 64-bit directory is read with care', async () => {
  const whole = zipOf([a], { zip64: true });
  const record = whole.indexOf(Buffer.from([0x50, 0x4b, 6, 6]));
  const locator = whole.indexOf(Buffer.from([0x50, 0x4b, 6, 7]));
  for (const [at, value, pattern] of [
    [record + 32, 2n ** 53n, /it states an impossible size/],
    [record + 40, 2n ** 53n, /it states an impossible size/],
    [record + 48, 2n ** 53n, /it states an impossible size/],
    [record + 48, 2n ** 53n - 1n, /it points beyond its own end/],
    [locator + 8, 2n ** 53n, /it states an impossible size/],
    [locator + 8, BigInt(record + 1), /its directory is missing/],
    [record + 40, 1024n * 1000n + 1n, /its directory is too large/],
    [record + 40, 1024n * 1000n, /it points beyond its own end/],
  ] as const) {
    const bytes = Buffer.from(whole);
    bytes.writeBigUInt64LE(value, at);
    await broken(bytes, pattern);
  }
});

test('as many members as allowed are read, and one more is too many', async () => {
  const entries = Array.from({ length: 4 }, (_, index) => ({ name: String(index), content: text('x') }));
  const archive = await openArchive(fileOf(zipOf(entries)), { members: 4 });
  assert.equal(archive.members.length, 4);
  await archive.close();
  const error = await refusal(openArchive(fileOf(zipOf(entries)), { members: 3 }));
  assert.ok(error instanceof TooManyMembers);
  assert.deepEqual(
    [error.name, error.count, error.limit, error.reason],
    ['TooManyMembers', 4, 3, { en: 'it has 4 members; the limit is 3', zh: '其中有 4 个成员，上限为 3' }],
  );
});

test('a file that has become shorter, or is gone, says so', async () => {
  const file = fileOf(zipOf([a]));
  assert.match((await refusal(openArchive({ ...file, bytes: file.bytes + 5 }, limits))).message, /it is cut short/);
  await assert.rejects(openArchive({ ...file, path: path.join(folder, 'none') }, limits), { code: 'ENOENT' });
});

test('a device that cannot be read is no damaged archive', async () => {
  for (const deflate of [false, true]) {
    const archive = await openArchive(fileOf(zipOf([{ ...a, deflate }])), limits);
    // The number of a file that is closed.
    await archive.close();
    await assert.rejects(contentOf(archive, 0), { code: 'EBADF' });
  }
});

test('an archive is closed when it is asked to be, and by itself where it cannot be read', async () => {
  const whole = fileOf(zipOf([a]));
  assert.deepEqual(await filesOf(async () => openArchive(whole, limits)), { opened: 1, left: 1 });
  assert.deepEqual(await filesOf(async () => (await openArchive(whole, limits)).close()), { opened: 1, left: 0 });
  assert.deepEqual(await filesOf(async () => openArchive(whole, { members: 0 })), { opened: 1, left: 0 });
});

test('who takes the pieces may stop, and hears the reason that was given', async () => {
  const reason = new Error('enough');
  for (const deflate of [false, true]) {
    const archive = await openArchive(fileOf(zipOf([{ name: 'l', content: long, deflate }])), limits);
    const [member] = archive.members;
    assert.ok(member);
    let pieces = 0;
    const taking = (async () => {
      for await (const piece of archive.content(member)) {
        pieces += Math.sign(piece.length);
        throw reason;
      }
    })();
    await assert.rejects(taking, (error) => error === reason);
    assert.equal(pieces, 1);
    await archive.close();
  }
});
