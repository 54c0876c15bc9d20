/** A download that breaks off, with the real pip and an index on this machine: the second call asks for the rest only. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { obtainWheel } from '../../../src/runtime/download.ts';
import { findPython, type Python } from '../../../src/runtime/python.ts';
import { forgetPart, holdOn, keepPart, partOf, resumeArguments } from '../../../src/runtime/resume.ts';
import { RuntimeError } from '../../../src/runtime/error.ts';
import type { Wheel } from '../../../src/runtime/wheels.ts';

const file = 'mtl_probe-1.0-py3-none-any.whl';

/** A wheel of two megabytes that do not shrink. */
function makeWheel(): Buffer {
  const noise = Buffer.alloc(2_000_000);
  for (let i = 0, x = 1; i < noise.length; i++) {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) | 0;
    noise[i] = x >>> 24;
  }
  const info = 'mtl_probe-1.0.dist-info';
  return Buffer.from(
    zipSync(
      {
        'mtl_probe/noise.bin': noise,
        [`${info}/METADATA`]: strToU8('Metadata-Version: 2.1\nName: mtl-probe\nVersion: 1.0\n'),
        [`${info}/WHEEL`]: strToU8('Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n'),
        [`${info}/RECORD`]: strToU8(''),
      },
      { level: 0 },
    ),
  );
}

interface Index {
  /** What was asked for the wheel: its Range header, or an empty string. */
  readonly asked: string[];
  /** Bytes after which the connection is broken off, once `arrived` was called; Infinity for none. */
  cut: number;
  /** What came was seen on this side. */
  arrived(done: number): void;
  ranges: boolean;
}

async function serve(context: TestContext, bytes: Buffer): Promise<Index> {
  const index: Index = { asked: [], cut: Infinity, ranges: true, arrived: () => undefined };
  const server = http.createServer((request, response) => {
    if (!(request.url ?? '').endsWith('.whl')) {
      response.setHeader('content-type', 'text/html').end(`<a href="/files/${file}">${file}</a>`);
      return;
    }
    const range = request.headers.range ?? '';
    index.asked.push(range);
    const from = index.ranges ? Number(/^bytes=(\d+)-$/.exec(range)?.[1] ?? 0) : 0;
    const headers: http.OutgoingHttpHeaders = { 'content-length': bytes.length - from, 'accept-ranges': 'bytes' };
    if (from > 0)
      headers['content-range'] = `bytes ${String(from)}-${String(bytes.length - 1)}/${String(bytes.length)}`;
    response.writeHead(from > 0 ? 206 : 200, headers);
    const rest = bytes.subarray(from);
    if (rest.length <= index.cut) response.end(rest);
    else {
      index.arrived = (done) => {
        if (done > from + 500_000) request.socket.destroy();
      };
      response.write(rest.subarray(0, index.cut));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const before = { ...process.env };
  Object.assign(process.env, {
    PIP_CONFIG_FILE: os.devNull,
    PIP_INDEX_URL: `http://127.0.0.1:${String(port)}/simple/`,
    PIP_RETRIES: '0',
    PIP_RESUME_RETRIES: '0',
    NO_PROXY: '127.0.0.1',
  });
  context.after(() => {
    process.env = before;
    server.closeAllConnections();
    server.close();
  });
  return index;
}

const python = await findPython(undefined, os.tmpdir()).catch(() => null);
const skip = python === null ? 'there is no Python with pip here' : false;

function setUp(context: TestContext): { wheel: Wheel; bytes: Buffer; folder: string; python: Python } {
  assert.ok(python);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-resume-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const bytes = makeWheel();
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const base = { package: 'mtl-probe', version: '1.0', file, platforms: ['any'], unpacked: 0, members: () => null };
  // A pip of 25.1 would ask again by itself within one call: it is told an older version, which does not.
  return { wheel: { ...base, sha256, bytes: bytes.length }, bytes, folder, python: { ...python, pip: '23.0' } };
}

test('what came before the break is not fetched again', { skip }, async (context) => {
  const { wheel, bytes, folder, python: found } = setUp(context);
  const index = await serve(context, bytes);
  const seen: number[] = [];
  const progress = (done: number): void => {
    seen.push(done);
    index.arrived(done);
  };
  const options = { python: found, folder, progress };
  index.cut = 1_200_000;
  await assert.rejects(
    obtainWheel(wheel, options),
    (error) => error instanceof RuntimeError && error.code === 'offline',
  );
  const kept = fs.statSync(partOf(path.join(folder, file))).size;
  assert.ok(kept > 500_000 && kept <= 1_200_000, String(kept));
  assert.deepEqual(fs.readFileSync(partOf(path.join(folder, file))), bytes.subarray(0, kept));
  index.cut = Infinity;
  index.asked.length = 0;
  const target = await obtainWheel(wheel, options);
  assert.deepEqual(index.asked, [`bytes=${String(kept)}-`]);
  assert.deepEqual(fs.readFileSync(target), bytes);
  assert.deepEqual(fs.readdirSync(folder), [file]);
  assert.equal(seen.at(-1), wheel.bytes);
});

test('broken twice it goes on twice; a server without ranges sends everything again', { skip }, async (context) => {
  const { wheel, bytes, folder, python: found } = setUp(context);
  const index = await serve(context, bytes);
  const options = { python: found, folder, progress: (done: number) => index.arrived(done) };
  index.cut = 700_000;
  await assert.rejects(obtainWheel(wheel, options));
  const first = fs.statSync(partOf(path.join(folder, file))).size;
  await assert.rejects(obtainWheel(wheel, options));
  const second = fs.statSync(partOf(path.join(folder, file))).size;
  assert.ok(second > first, `${String(first)}, ${String(second)}`);
  index.ranges = false;
  index.cut = Infinity;
  assert.deepEqual(fs.readFileSync(await obtainWheel(wheel, options)), bytes);
});

test(
  'the beginning of another file is thrown away, and the wheel fetched from its start',
  { skip },
  async (context) => {
    const { wheel, bytes, folder, python: found } = setUp(context);
    const index = await serve(context, bytes);
    fs.writeFileSync(partOf(path.join(folder, file)), Buffer.alloc(900_000, 7));
    const target = await obtainWheel(wheel, { python: found, folder, progress: () => undefined });
    assert.deepEqual(fs.readFileSync(target), bytes);
    assert.deepEqual(index.asked, ['bytes=900000-', '']);
  },
);

test('where pip cannot go on from what came, it fetches the wheel from its start', { skip }, async (context) => {
  const { wheel, bytes, folder, python: found } = setUp(context);
  const part = partOf(path.join(folder, file));
  fs.writeFileSync(part, bytes.subarray(0, 900_000));
  fs.writeFileSync(path.join(folder, 'source'), bytes);
  const command = path.join(folder, 'pip');
  // Another pip inside: the change fails at once, and nothing was written.
  const script = `#!/bin/sh\ncase "$*" in *runpy*) exit 1;; esac\ncp '${path.join(folder, 'source')}' '${path.join(folder, file)}'\n`;
  fs.writeFileSync(command, script, { mode: 0o755 });
  const target = await obtainWheel(wheel, { python: { ...found, command }, folder, progress: () => undefined });
  assert.deepEqual(fs.readFileSync(target), bytes);
  assert.ok(!fs.existsSync(part));
});

test('what a killed installation left counts, and never less than there is; pip may take its own name away', (context) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-part-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const wheel = path.join(folder, file);
  const temporary = path.join(folder, 'tmp');
  const left = (bytes: number): void => {
    fs.mkdirSync(path.join(temporary, 'pip-unpack-x'), { recursive: true });
    fs.writeFileSync(path.join(temporary, 'pip-unpack-x', file), Buffer.alloc(bytes));
    holdOn(temporary, wheel);
    fs.rmSync(temporary, { recursive: true });
  };
  holdOn(temporary, wheel);
  assert.equal(keepPart(wheel), 0);
  // A file that pip has just made holds nothing yet: there is nothing to hold on to, and the next look may find bytes.
  left(0);
  assert.deepEqual(fs.readdirSync(folder), []);
  left(10);
  assert.equal(keepPart(wheel), 10);
  left(4);
  assert.equal(keepPart(wheel), 10);
  assert.deepEqual(fs.readdirSync(folder), [path.basename(partOf(wheel))]);
  // As much as there is already: what is kept stays as it is.
  fs.writeFileSync(partOf(wheel), 'kept bytes');
  left(10);
  assert.equal(keepPart(wheel), 10);
  assert.equal(fs.readFileSync(partOf(wheel), 'utf8'), 'kept bytes');
  assert.deepEqual(fs.readdirSync(folder), [path.basename(partOf(wheel))]);
});

test('the first bytes that were held on to stay, whatever lies beside them', (context) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-held-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const wheel = path.join(folder, file);
  const temporary = path.join(folder, 'tmp');
  fs.mkdirSync(path.join(temporary, 'pip-unpack-x'), { recursive: true });
  fs.writeFileSync(path.join(temporary, 'pip-unpack-x', 'other.whl'), 'other bytes');
  holdOn(temporary, wheel);
  assert.equal(keepPart(wheel), 0, 'another file is none of ours');
  fs.writeFileSync(path.join(temporary, 'pip-unpack-x', file), 'first');
  holdOn(temporary, wheel);
  fs.appendFileSync(path.join(temporary, 'pip-unpack-x', file), ' and more');
  holdOn(temporary, wheel);
  assert.equal(keepPart(wheel), 'first and more'.length, 'a second name of the file that grows');
  forgetPart(wheel);
  forgetPart(wheel);
  assert.deepEqual(fs.readdirSync(folder), ['tmp']);
});

test('pip is run by itself with the change, the part and the wheel’s name before its own arguments', () => {
  const [isolated, command, program, ...rest] = resumeArguments('/w/probe-1.0.whl', ['download', '--no-deps']);
  assert.deepEqual([isolated, command], ['-I', '-c']);
  assert.match(program ?? '', /runpy\.run_module\('pip', run_name='__main__', alter_sys=True\)/);
  assert.deepEqual(rest, ['/w/probe-1.0.whl.part', 'probe-1.0.whl', 'download', '--no-deps']);
});
