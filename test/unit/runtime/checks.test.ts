import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkGpu, checkMachine, checkSpace, isOlder, neededSpace, thisMachine } from '../../../src/runtime/checks.ts';
import { RuntimeError } from '../../../src/runtime/error.ts';
import { compilerWheels } from '../../../src/runtime/compilers.ts';
import { platformFor, platforms } from '../../../src/runtime/platforms.ts';
import { cpuVariantOf, gpuVariant, variantFor } from '../../../src/runtime/wheels.ts';

const linux = platformFor('linux', 'x64');
assert.ok(linux);
const cpuVariant = cpuVariantOf(linux);

const good = { platform: 'linux', arch: 'x64', glibc: '2.31', processorFlags: new Set(['avx', 'fma']) };

function codeOf(action: () => void): string {
  try {
    action();
    return 'none';
  } catch (error) {
    assert.ok(error instanceof RuntimeError);
    assert.ok(error.text.en.length > 20 && error.text.zh.length > 10);
    return error.code;
  }
}

test('each machine that cannot run it is refused for its own reason', () => {
  assert.equal(
    codeOf(() => checkMachine(good)),
    'none',
  );
  for (const [platform, arch, words] of [
    ['darwin', 'x64', /Intel/],
    ['win32', 'x64', /Windows.*Python module/],
    ['linux', 'arm', /arm64/],
  ] as const) {
    assert.throws(() => checkMachine({ ...good, platform, arch }), words);
  }
  assert.throws(
    () => checkMachine({ ...good, platform: 'darwin', arch: 'arm64', release: '20.6.0', glibc: null }),
    /macOS 12/,
  );
  assert.equal(
    codeOf(() => checkMachine({ ...good, glibc: null })),
    'libc',
  );
  assert.equal(
    codeOf(() => checkMachine({ ...good, glibc: '2.26' })),
    'libc',
  );
  assert.equal(
    codeOf(() => checkMachine({ ...good, glibc: '2.27' })),
    'none',
  );
  assert.equal(
    codeOf(() => checkMachine({ ...good, processorFlags: new Set(['sse4_2']) })),
    'processor',
  );
  assert.equal(
    codeOf(() => checkMachine({ ...good, processorFlags: null })),
    'none',
  );
  assert.equal(thisMachine().platform, process.platform);
});

test('each machine that can run it gets its platform; GPUs are for one of them', () => {
  const name = (machine: Partial<Parameters<typeof checkMachine>[0]>): string =>
    checkMachine({ ...good, ...machine }).name;
  assert.equal(name({}), 'linux-x64');
  // No AVX there, and none needed.
  assert.equal(name({ arch: 'arm64', processorFlags: new Set(['asimd']) }), 'linux-arm64');
  assert.equal(name({ platform: 'darwin', arch: 'arm64', release: '21.0.0', glibc: null }), 'darwin-arm64');
  for (const platform of platforms) {
    const code = codeOf(() => checkGpu(platform));
    assert.equal(code, platform.name === 'linux-x64' ? 'none' : 'platform');
    assert.equal(variantFor(platform, true).gpu, platform.name === 'linux-x64');
  }
});

test('versions are compared by number, not by letter', () => {
  assert.ok(isOlder('2.9', [2, 27]));
  assert.ok(!isOlder('2.100', [2, 27]));
  assert.ok(!isOlder('3', [2, 27]));
  assert.ok(isOlder('2', [2, 27]));
});

test('space counts wheels, pip’s second copy and what is unpacked; a fetched wheel counts no more', () => {
  const [wheel] = cpuVariant.wheels;
  assert.ok(wheel);
  const all = neededSpace(cpuVariant, new Set());
  assert.equal(all, 2 * wheel.bytes + wheel.unpacked + 50_000_000);
  assert.equal(neededSpace(cpuVariant, new Set([wheel.file])), wheel.unpacked + 50_000_000);
  assert.ok(neededSpace(gpuVariant, new Set()) > 9e9);
  assert.equal(
    codeOf(() => checkSpace('/nowhere/at/all', 100, 99)),
    'space',
  );
  assert.equal(
    codeOf(() => checkSpace('/nowhere/at/all', 100, 100)),
    'none',
  );
  assert.equal(
    codeOf(() => checkSpace('/nowhere/at/all', 1e18)),
    'space',
  );
});

test('every wheel is exact: a hash, a name that pip’s tags allow, members that stay inside', () => {
  const all = [...platforms.map((platform) => cpuVariantOf(platform)), gpuVariant].flatMap(({ wheels }) => wheels);
  for (const wheel of [...all, ...Object.values(compilerWheels)]) {
    assert.match(wheel.sha256, /^[0-9a-f]{64}$/);
    assert.ok(wheel.file.startsWith(`${wheel.package.replaceAll('-', '_')}-${wheel.version}-`), wheel.file);
    assert.ok(
      wheel.platforms.some((platform) => wheel.file.includes(platform)),
      wheel.file,
    );
    assert.ok(wheel.members('tensorflow/python/evil.so') === null && wheel.members('../../x.so') === null);
  }
  const mac = platformFor('darwin', 'arm64');
  assert.ok(mac);
  const library = 'tensorflow/libtensorflow_cc.2.dylib';
  assert.equal(cpuVariantOf(mac).wheels[0]?.members(library), 'deps/lib/libtensorflow_cc.2.dylib');
  const [tensorflow] = cpuVariant.wheels;
  assert.equal(tensorflow?.members('tensorflow/libtensorflow_cc.so.2'), 'deps/lib/libtensorflow_cc.so.2');
  const cudnn = gpuVariant.wheels.find((wheel) => wheel.package === 'nvidia-cudnn-cu12');
  assert.ok(cudnn);
  assert.equal(cudnn.members('nvidia/cudnn/lib/libcudnn.so.9'), 'deps/nvidia/cudnn/lib/libcudnn.so.9');
  assert.equal(cudnn.members('nvidia/cudnn/lib/../../x.so'), null);
  assert.equal(cudnn.members('nvidia/cudnn/include/cudnn.h'), null);
});
