/**
 * Builds the native engine's addon for Linux x64 from the published source, with a compiler that comes from the Python
 * package index: needs Python 3 with pip, npm, no system compiler. Everything that goes in has a pinned hash, and the
 * same bytes come out on every machine.
 *
 *   node --import tsx scripts/build-addon.ts            writes native/linux-x64/tfjs_binding.node
 *   node --import tsx scripts/build-addon.ts --check    builds elsewhere and compares with that file
 */
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { addonHash } from '../src/runtime/addon.ts';
import { obtainWheel } from '../src/runtime/download.ts';
import { needsLibstdcxx, newestGlibc } from '../src/runtime/elf.ts';
import { sha256OfSmallFile } from '../src/runtime/hash.ts';
import { isOlder } from '../src/runtime/checks.ts';
import { libraries } from '../src/runtime/layout.ts';
import { findPython, type Python } from '../src/runtime/python.ts';
import { RuntimeError } from '../src/runtime/said.ts';
import { cpuVariant, type Wheel } from '../src/runtime/wheels.ts';
import { extract, membersOf } from '../src/runtime/zip.ts';
import { root, run, script, ScriptError } from './lib/process.mjs';

const cache = path.join(root, '.cache', 'addon');
const target = path.join(root, 'native', 'linux-x64', 'tfjs_binding.node');

/** Older than any system that VS Code runs on. */
const zigTarget = 'x86_64-linux-gnu.2.17';
const newestAllowed = [2, 28] as const;

const zigWheel: Wheel = {
  package: 'ziglang',
  version: '0.17.0',
  file: 'ziglang-0.17.0-py3-none-manylinux_2_12_x86_64.manylinux2010_x86_64.musllinux_1_1_x86_64.whl',
  sha256: '97079827064a7492cce5541ceb438ae8003ce1e54e399676da2d62fb7a5dc08b',
  bytes: 101_011_302,
  unpacked: 400_000_000,
  members: (member) => member,
};

interface Tarball {
  readonly name: string;
  readonly version: string;
  /** As npm writes it. */
  readonly integrity: string;
}

const nodeHeaders: Tarball = {
  name: 'node-api-headers',
  version: '1.8.0',
  integrity: 'sha512-jfnmiKWjRAGbdD1yQS28bknFM1tbHC1oucyuMPjmkEs+kpiu76aRs40WlTmBmyEgzDM76ge1DQ7XJ3R5deiVjQ==',
};

/** The addon's source: the version and hash that the lockfile holds. */
function addonSource(): Tarball {
  const name = '@tensorflow/tfjs-node-gpu';
  const lock = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string; integrity?: string } | undefined>;
  };
  const entry = lock.packages[`node_modules/${name}`];
  if (entry?.version === undefined || entry.integrity === undefined) {
    throw new ScriptError(`package-lock.json has no ${name} with a version and an integrity hash.`);
  }
  return { name, version: entry.version, integrity: entry.integrity };
}

/** The package as npm fetches it, unpacked when its bytes are those of the hash. */
async function unpackTarball({ name, version, integrity }: Tarball): Promise<string> {
  const stem = `${name.replace('@', '').replace('/', '-')}-${version}`;
  const file = path.join(cache, `${stem}.tgz`);
  if (!fs.existsSync(file)) {
    const args = ['pack', `${name}@${version}`, '--silent', '--ignore-scripts', '--pack-destination', cache];
    await run(`Fetching ${name}`, 'npm', args, { cwd: cache });
  }
  const found = `sha512-${crypto.createHash('sha512').update(fs.readFileSync(file)).digest('base64')}`;
  if (found !== integrity) {
    fs.rmSync(file);
    throw new ScriptError(`${name} ${version} is not the package of the hash ${integrity}: it has ${found}.`);
  }
  const folder = path.join(cache, stem);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder);
  await run(`Unpacking ${name}`, 'tar', ['-xzf', file, '-C', folder, '--strip-components=1']);
  return folder;
}

/** A wheel's members below a folder, once. */
async function unpackWheel(
  python: Python,
  wheel: Wheel,
  folder: string,
  rule: (member: string) => string | null,
): Promise<void> {
  const done = path.join(folder, '.done');
  if (fs.existsSync(done) && fs.readFileSync(done, 'utf8') === wheel.sha256) return;
  console.log(`Fetching ${wheel.package} ${wheel.version}`);
  const file = await obtainWheel(wheel, { python, folder: path.join(cache, 'wheels'), progress: () => undefined });
  for (const member of membersOf(file)) {
    const name = member.name.endsWith('/') ? null : rule(member.name);
    if (name === null) continue;
    const written = await extract(file, member, folder, name);
    if ((member.mode & 0o111) !== 0) fs.chmodSync(written, 0o755);
  }
  fs.writeFileSync(done, wheel.sha256);
}

function tensorflowPart(member: string): string | null {
  const header = /^tensorflow\/(include\/(?:tensorflow|tsl|xla)\/.*\.(?:h|inc))$/.exec(member)?.[1];
  const library = libraries.find((name) => member === `tensorflow/${name}`);
  return header ?? (library === undefined ? null : `lib/${library}`);
}

async function compile(output: string): Promise<void> {
  const python = await findPython(undefined, cache);
  const [wheel] = cpuVariant.wheels;
  if (wheel === undefined) throw new ScriptError('There is no TensorFlow wheel in the table.');
  const zig = path.join(cache, 'zig');
  const tensorflow = path.join(cache, 'tensorflow');
  await unpackWheel(python, zigWheel, zig, (member) => (member.startsWith('ziglang/') ? member : null));
  await unpackWheel(python, wheel, tensorflow, tensorflowPart);
  const [source, headers] = [await unpackTarball(addonSource()), await unpackTarball(nodeHeaders)];
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => path.join('binding', name));
  const args = [
    ...['c++', '-target', zigTarget, '-shared', '-fPIC', '-O2', '-std=c++17', '-DNDEBUG', '-DNAPI_VERSION=8'],
    // Sources by relative names and no build id: nothing of this machine goes into the file.
    ...[
      '-fno-sanitize=all',
      '-fvisibility=hidden',
      '-ffunction-sections',
      '-Wl,--gc-sections',
      '-Wl,--build-id=none',
      '-s',
      '-Wno-nullability-completeness',
    ],
    ...['-I', '..', '-I', path.join(headers, 'include'), '-I', path.join(tensorflow, 'include')],
    ...[...sources, '-o', output],
    ...libraries.map((name) => path.join(tensorflow, 'lib', name)),
    '-Wl,-rpath,$ORIGIN/../../deps/lib',
  ];
  console.log('Compiling');
  const env = { ...process.env, ZIG_GLOBAL_CACHE_DIR: path.join(cache, 'zig-cache'), ZIG_LOCAL_CACHE_DIR: cache };
  await run('Compiling', path.join(zig, 'ziglang', 'zig'), args, { cwd: source, env });
}

/** @throws ScriptError for an addon that would not load on the systems that it is meant for */
function inspect(file: string): void {
  const newest = newestGlibc(file);
  if (newest !== null && !isOlder(newest, newestAllowed) && newest !== newestAllowed.join('.')) {
    throw new ScriptError(`The addon asks for GLIBC_${newest}; at most ${newestAllowed.join('.')} is allowed.`);
  }
  if (needsLibstdcxx(file)) throw new ScriptError('The addon asks for the system’s libstdc++.');
  console.log(`${String(fs.statSync(file).size)} bytes, newest symbol GLIBC_${newest ?? 'none'}`);
}

await script(async () => {
  const check = process.argv.includes('--check');
  fs.mkdirSync(cache, { recursive: true });
  const output = path.join(cache, 'tfjs_binding.node');
  await compile(output).catch((error: unknown) => {
    if (error instanceof RuntimeError) throw new ScriptError(error.message);
    throw error;
  });
  inspect(output);
  const hash = sha256OfSmallFile(output);
  console.log(`SHA-256 ${hash}`);
  if (!check) {
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.copyFileSync(output, target);
  } else if (sha256OfSmallFile(target) !== hash) {
    throw new ScriptError(`${path.relative(root, target)} is not what its source gives. Build it again.`);
  }
  if (hash !== addonHash) {
    throw new ScriptError('The hash in src/runtime/addon.ts is another one: write this one there.');
  }
});
