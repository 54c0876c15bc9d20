/**
 * What is fetched from the Python package index: exact files, each with its hash. Whatever the user's own Python is,
 * these are the files for CPython 3.12: only C libraries are taken out of them.
 */

import { tensorflowHeaders } from './addon.ts';
import { platforms, type Platform, type PlatformName } from './platforms.ts';

/** Where a member of a wheel goes below the runtime; null: it is not needed. */
export type MemberRule = (member: string) => string | null;

export interface Wheel {
  readonly package: string;
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
  /** Tags that are given to pip. */
  readonly platforms: readonly string[];
  /** Size of the file, and of what is taken out of it. */
  readonly bytes: number;
  readonly unpacked: number;
  readonly members: MemberRule;
}

export interface Variant {
  readonly name: string;
  readonly gpu: boolean;
  /** Of TensorFlow. */
  readonly version: string;
  readonly wheels: readonly Wheel[];
}

export const pipPython = { version: '3.12', abi: 'cp312', implementation: 'cp' } as const;

/** pip's tags of a platform. */
function tagsOf(name: PlatformName): readonly string[] {
  return platforms.find((platform) => platform.name === name)?.pipPlatforms ?? [];
}

const linuxX64 = tagsOf('linux-x64');

/** The oldest C library that the wheels run on, as their tag says. */
export const oldestGlibc = [2, 27] as const;

function tensorflowMembers(member: string): string | null {
  const library = /^tensorflow\/(libtensorflow_(?:cc|framework)(?:\.so\.2|\.2\.dylib))$/.exec(member)?.[1];
  if (library !== undefined) return `deps/lib/${library}`;
  const header = member.replace('tensorflow/include/', '');
  if (header !== member && tensorflowHeaders.includes(header)) return `include/${header}`;
  if (member === 'tensorflow/include/LICENSE') return 'licenses/tensorflow-LICENSE.txt';
  return member === 'tensorflow/THIRD_PARTY_NOTICES.txt' ? 'licenses/tensorflow-THIRD_PARTY_NOTICES.txt' : null;
}

/** TensorFlow looks for nvidia/<name>/lib beside its folder; of the compiler, what a kernel needs at run time. */
function nvidiaMembers(member: string): string | null {
  if (/^nvidia\/[a-z0-9_]+\/lib\/[^/]+\.so[.0-9]*$/.test(member)) return `deps/${member}`;
  if (/^nvidia\/cuda_nvcc\/(bin\/ptxas|nvvm\/lib64\/libnvvm\.so|nvvm\/libdevice\/[^/]+)$/.test(member)) {
    return `deps/${member}`;
  }
  const license = /^(nvidia_[a-z0-9_]+)-[^/]+\.dist-info\/(?:licenses\/)?License\.txt$/.exec(member)?.[1];
  return license === undefined ? null : `licenses/${license}-License.txt`;
}

const cpuWheel: Wheel = {
  package: 'tensorflow-cpu',
  version: '2.21.0',
  file: 'tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl',
  sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
  platforms: linuxX64,
  bytes: 274_000_871,
  unpacked: 853_308_936,
  members: tensorflowMembers,
};

/** TensorFlow has a processor-only package for Linux x64 alone; elsewhere the plain one is that. */
const cpuWheels: Readonly<Record<PlatformName, Wheel>> = {
  'linux-x64': cpuWheel,
  'linux-arm64': {
    package: 'tensorflow',
    version: '2.21.0',
    file: 'tensorflow-2.21.0-cp312-cp312-manylinux_2_27_aarch64.whl',
    sha256: 'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
    platforms: tagsOf('linux-arm64'),
    bytes: 281_946_471,
    unpacked: 883_062_208,
    members: tensorflowMembers,
  },
  'darwin-arm64': {
    package: 'tensorflow',
    version: '2.21.0',
    file: 'tensorflow-2.21.0-cp312-cp312-macosx_12_0_arm64.whl',
    sha256: '56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712',
    platforms: tagsOf('darwin-arm64'),
    bytes: 223_488_205,
    unpacked: 740_805_624,
    members: tensorflowMembers,
  },
};

/** What tensorflow[and-cuda] 2.21.0 names. */
const gpuWheels: readonly Wheel[] = [
  {
    package: 'tensorflow',
    version: '2.21.0',
    file: 'tensorflow-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl',
    sha256: 'b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0',
    platforms: linuxX64,
    bytes: 572_611_111,
    unpacked: 1_259_021_080,
    members: tensorflowMembers,
  },
  {
    package: 'nvidia-cublas-cu12',
    version: '12.9.3.13',
    file: 'nvidia_cublas_cu12-12.9.3.13-py3-none-manylinux_2_27_x86_64.whl',
    sha256: 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72',
    platforms: linuxX64,
    bytes: 581_217_458,
    unpacked: 855_064_416,
    members: nvidiaMembers,
  },
  {
    package: 'nvidia-cuda-cupti-cu12',
    version: '12.8.90',
    file: 'nvidia_cuda_cupti_cu12-12.8.90-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
    sha256: 'ea0cb07ebda26bb9b29ba82cda34849e73c166c18162d3913575b0c9db9a6182',
    platforms: linuxX64,
    bytes: 10_248_621,
    unpacked: 41_311_976,
    members: nvidiaMembers,
  },
  {
    package: 'nvidia-cuda-nvcc-cu12',
    version: '12.9.86',
    file: 'nvidia_cuda_nvcc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
    sha256: '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0',
    platforms: linuxX64,
    bytes: 40_546_229,
    unpacked: 97_998_760,
    members: nvidiaMembers,
  },
  {
    package: 'nvidia-cuda-nvrtc-cu12',
    version: '12.9.86',
    file: 'nvidia_cuda_nvrtc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
    sha256: '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4',
    platforms: linuxX64,
    bytes: 89_568_129,
    unpacked: 227_340_992,
    members: nvidiaMembers,
  },
  {
    package: 'nvidia-cuda-runtime-cu12',
    version: '12.9.79',
    file: 'nvidia_cuda_runtime_cu12-12.9.79-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
    sha256: '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
    platforms: linuxX64,
    bytes: 3_493_179,
    unpacked: 741_088,
    members: nvidiaMembers,
  },
  {
    package: 'nvidia-cudnn-cu12',
    version: '9.28.0.42',
    file: 'nvidia_cudnn_cu12-9.28.0.42-py3-none-manylinux_2_27_x86_64.whl',
    sha256: '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375',
    platforms: linuxX64,
    bytes: 716_538_495,
    unpacked: 1_162_393_472,
    members: nvidiaMembers,
  },
  {
    package: 'nvidia-cufft-cu12',
    version: '11.4.1.4',
    file: 'nvidia_cufft_cu12-11.4.1.4-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
    sha256: 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28',
    platforms: linuxX64,
    bytes: 200_877_592,
    unpacked: 293_609_416,
    members: nvidiaMembers,
  },
  {
    package: 'nvidia-curand-cu12',
    version: '10.3.10.19',
    file: 'nvidia_curand_cu12-10.3.10.19-py3-none-manylinux_2_27_x86_64.whl',
    sha256: '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e',
    platforms: linuxX64,
    bytes: 68_295_626,
    unpacked: 166_965_432,
    members: nvidiaMembers,
  },
  {
    package: 'nvidia-cusolver-cu12',
    version: '11.7.5.82',
    file: 'nvidia_cusolver_cu12-11.7.5.82-py3-none-manylinux_2_27_x86_64.whl',
    sha256: '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88',
    platforms: linuxX64,
    bytes: 338_117_415,
    unpacked: 494_975_064,
    members: nvidiaMembers,
  },
  {
    package: 'nvidia-cusparse-cu12',
    version: '12.5.10.65',
    file: 'nvidia_cusparse_cu12-12.5.10.65-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
    sha256: '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78',
    platforms: linuxX64,
    bytes: 366_465_088,
    unpacked: 486_556_368,
    members: nvidiaMembers,
  },
  {
    package: 'nvidia-nccl-cu12',
    version: '2.32.3',
    file: 'nvidia_nccl_cu12-2.32.3-py3-none-manylinux_2_27_x86_64.whl',
    sha256: 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c',
    platforms: linuxX64,
    bytes: 351_526_311,
    unpacked: 473_614_536,
    members: nvidiaMembers,
  },
  {
    package: 'nvidia-nvjitlink-cu12',
    version: '12.9.86',
    file: 'nvidia_nvjitlink_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl',
    sha256: 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9',
    platforms: linuxX64,
    bytes: 39_748_338,
    unpacked: 95_935_344,
    members: nvidiaMembers,
  },
];

const version = '2.21.0';

/** What is installed for the processor of a platform. */
export function cpuVariantOf({ name }: Pick<Platform, 'name'>): Variant {
  return { name: `tensorflow-cpu-${version}`, gpu: false, version, wheels: [cpuWheels[name]] };
}

/** What is installed for NVIDIA GPUs: for Linux x64 alone. */
export const gpuVariant: Variant = { name: `tensorflow-gpu-${version}`, gpu: true, version, wheels: gpuWheels };

export function variantFor(platform: Platform, gpu: boolean): Variant {
  return gpu && platform.name === 'linux-x64' ? gpuVariant : cpuVariantOf(platform);
}

/** Bytes that are fetched for a variant, the compiler of an addon apart. */
export function downloadOf({ wheels }: Variant): number {
  return wheels.reduce((sum, { bytes }) => sum + bytes, 0);
}
