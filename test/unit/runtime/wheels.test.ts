/** The table of what is fetched changes on purpose only; what is taken out of each file. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { compilerWheels } from '../../../src/runtime/compilers.ts';
import { ownPlatform, platformFor, platforms } from '../../../src/runtime/platforms.ts';
import { size } from '../../../src/runtime/error.ts';
import { cpuVariantOf, downloadOf, gpuVariant, variantFor } from '../../../src/runtime/wheels.ts';

const [linux] = platforms;
assert.ok(linux);

test('the table of platforms and wheels is the one that was checked against the index', () => {
  const cpu = platforms.flatMap((platform) => cpuVariantOf(platform).wheels);
  const wheels = [...cpu, ...gpuVariant.wheels, ...Object.values(compilerWheels)].map(
    ({ members: _, ...rest }) => rest,
  );
  const found = createHash('sha256')
    .update(JSON.stringify([platforms, wheels]))
    .digest('hex');
  // Whoever changes a version, a size, a hash or a tag looks each of them up, and then writes this anew.
  assert.equal(found, 'abda0b8673bbfc77878ada3b80715145a4c6bf697e2841f2d048a14702d103bd');
});

test('variants are named after what they hold', () => {
  for (const platform of platforms) {
    const { wheels, ...variant } = cpuVariantOf(platform);
    assert.deepEqual(variant, { name: 'tensorflow-cpu-2.21.0', gpu: false, version: '2.21.0' });
    assert.equal(wheels.length, 1);
    assert.deepEqual(variantFor(platform, false), cpuVariantOf(platform));
  }
  const { wheels, ...gpu } = gpuVariant;
  assert.deepEqual(gpu, { name: 'tensorflow-gpu-2.21.0', gpu: true, version: '2.21.0' });
  assert.equal(
    downloadOf(gpuVariant),
    wheels.map(({ bytes }) => bytes).reduce((a, b) => a + b),
  );
  assert.equal(downloadOf(cpuVariantOf(linux)), 274_000_871);
  assert.equal(platformFor('linux', 'arm64')?.name, 'linux-arm64');
  assert.equal(platformFor('linux', 'ia32'), undefined);
  assert.ok(platforms.includes(ownPlatform()));
});

test('of each wheel the libraries, the compiler’s parts and the licenses are taken, each to its place', () => {
  const [tensorflow] = cpuVariantOf(linux).wheels;
  const [, nvidia] = gpuVariant.wheels;
  const compiler = compilerWheels['linux-x64'];
  const cases: readonly (readonly [typeof tensorflow, Readonly<Record<string, string | null>>])[] = [
    [
      tensorflow,
      {
        'tensorflow/libtensorflow_cc.so.2': 'deps/lib/libtensorflow_cc.so.2',
        'tensorflow/libtensorflow_framework.so.2': 'deps/lib/libtensorflow_framework.so.2',
        'tensorflow/libtensorflow_framework.2.dylib': 'deps/lib/libtensorflow_framework.2.dylib',
        'tensorflow/include/LICENSE': 'licenses/tensorflow-LICENSE.txt',
        'tensorflow/include/tensorflow/c/eager/c_api.h': 'include/tensorflow/c/eager/c_api.h',
        'tensorflow/include/xla/tsl/c/tsl_status.h': 'include/xla/tsl/c/tsl_status.h',
        'tensorflow/include/tensorflow/c/kernels.h': null,
        'tensorflow/c/c_api.h': null,
        'tensorflow/include/../tensorflow/c/c_api.h': null,
        'tensorflow/THIRD_PARTY_NOTICES.txt': 'licenses/tensorflow-THIRD_PARTY_NOTICES.txt',
        'tensorflow/libtensorflow_other.so.2': null,
        'tensorflow/libtensorflow_cc.so.2.bak': null,
        'x/tensorflow/libtensorflow_cc.so.2': null,
        'tensorflow/include/LICENSE.txt': null,
      },
    ],
    [
      nvidia,
      {
        'nvidia/cublas/lib/libcublas.so.12': 'deps/nvidia/cublas/lib/libcublas.so.12',
        'nvidia/cuda_nvrtc/lib/libnvrtc-builtins.so.12.9': 'deps/nvidia/cuda_nvrtc/lib/libnvrtc-builtins.so.12.9',
        'nvidia/cublas/lib/libx.so': 'deps/nvidia/cublas/lib/libx.so',
        'nvidia/cuda_nvcc/bin/ptxas': 'deps/nvidia/cuda_nvcc/bin/ptxas',
        'nvidia/cuda_nvcc/nvvm/lib64/libnvvm.so': 'deps/nvidia/cuda_nvcc/nvvm/lib64/libnvvm.so',
        'nvidia/cuda_nvcc/nvvm/libdevice/libdevice.10.bc': 'deps/nvidia/cuda_nvcc/nvvm/libdevice/libdevice.10.bc',
        'nvidia_cublas_cu12-12.9.dist-info/License.txt': 'licenses/nvidia_cublas_cu12-License.txt',
        'nvidia_nccl_cu12-2.3.dist-info/licenses/License.txt': 'licenses/nvidia_nccl_cu12-License.txt',
        'nvidia/cublas/lib/deep/libx.so': null,
        'nvidia/cublas/lib/libx.so.txt': null,
        'nvidia/cublas/include/cublas.h': null,
        'nvidia/cuda_nvcc/bin/nvlink': null,
        'nvidia/cuda_nvcc/nvvm/libdevice/deep/x': null,
        'nvidia/cuda_nvcc/bin/ptxas.txt': null,
        'x/nvidia/cuda_nvcc/bin/ptxas': null,
        'x/nvidia/cublas/lib/libx.so': null,
        'x/nvidia_cublas_cu12-12.9.dist-info/License.txt': null,
        'nvidia_cublas_cu12-12.9.dist-info/License.txt.bak': null,
        'nvidia_cublas_cu12-12.9/deep.dist-info/License.txt': null,
        'other-12.9.dist-info/License.txt': null,
        'nvidia_cublas_cu12-12.9.dist-info/METADATA': null,
      },
    ],
    [
      compiler,
      {
        ...Object.fromEntries(
          ['zig', 'lib/a.h', 'lib/libc/glibc/abilists', 'lib/libc/include/generic-glibc/stdio.h'].map((name) => [
            `ziglang/${name}`,
            `ziglang/${name}`,
          ]),
        ),
        'ziglang/lib/libc/include/aarch64-linux-gnu/a.h': 'ziglang/lib/libc/include/aarch64-linux-gnu/a.h',
        'ziglang/lib/libc/include/any-darwin-any/a.h': 'ziglang/lib/libc/include/any-darwin-any/a.h',
        'ziglang/lib/libcxx/src/support/win32/support.cpp': 'ziglang/lib/libcxx/src/support/win32/support.cpp',
        'ziglang/lib/std/ziglang/lib/libc/musl/a.zig': 'ziglang/lib/std/ziglang/lib/libc/musl/a.zig',
        'ziglang/lib/libc/mingw/a.c': null,
        'ziglang/lib/libc/musl/a.c': null,
        'ziglang/lib/libc/include/any-windows-any/a.h': null,
        'ziglang/lib/libc/include/wasm-wasi-musl/a.h': null,
        'ziglang/lib/libc/include/x86_64-openbsd-none/a.h': null,
        'x/ziglang/zig': null,
      },
    ],
  ];
  for (const [wheel, members] of cases) {
    for (const [name, place] of Object.entries(members)) assert.equal(wheel?.members(name), place, name);
  }
  for (const wheel of gpuVariant.wheels.slice(1)) assert.equal(wheel.members, nvidia?.members);
  assert.equal(gpuVariant.wheels[0]?.members, tensorflow?.members);
});

test('sizes are said in megabytes below a gigabyte, in tenths of gigabytes from there', () => {
  const cases = { '0': 0, '1 ': 1_499_999, '2 ': 1_500_000, '1000 ': 999_999_999 };
  for (const [text, bytes] of Object.entries(cases)) assert.equal(size(bytes), `${text.trim()} MB`);
  assert.deepEqual([size(1e9), size(1.25e9), size(12e9)], ['1.0 GB', '1.3 GB', '12.0 GB']);
});
