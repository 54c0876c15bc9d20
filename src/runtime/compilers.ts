/**
 * The compiler that can be fetched where there is none: clang and the C libraries' headers inside the `ziglang` wheel,
 * exact files with their hashes. It builds for every platform from every platform, and the same bytes everywhere.
 */
import type { PlatformName } from './platforms.ts';
import type { Wheel } from './wheels.ts';

const version = '0.17.0';

function wheel(tag: string, sha256: string, bytes: number, platforms: readonly string[]): Wheel {
  const file = `ziglang-${version}-py3-none-${tag}.whl`;
  return {
    package: 'ziglang',
    version,
    file,
    sha256,
    platforms,
    bytes,
    unpacked: 400_000_000,
    members: compilerMember,
  };
}

/** C libraries of systems that nothing is built for: most of the wheel's 20,000 files. */
const ofOtherSystems =
  /^ziglang\/lib\/libc\/(?:(?:mingw|musl|wasi|freebsd|netbsd|openbsd)|include\/[^/]*(?:windows|musl|wasi|freebsd|netbsd|openbsd)[^/]*)\//;

function compilerMember(member: string): string | null {
  return member.startsWith('ziglang/') && !ofOtherSystems.test(member) ? member : null;
}

/** Keyed by the machine that compiles. */
export const compilerWheels: Readonly<Record<PlatformName, Wheel>> = {
  'linux-x64': wheel(
    'manylinux_2_12_x86_64.manylinux2010_x86_64.musllinux_1_1_x86_64',
    '97079827064a7492cce5541ceb438ae8003ce1e54e399676da2d62fb7a5dc08b',
    101_011_302,
    ['manylinux2010_x86_64'],
  ),
  'linux-arm64': wheel(
    'manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64',
    'd2804f94f54f7fcf8169f4b212a619ad688a4e2e6592e976f0cf2e58e2cd8af3',
    97_992_724,
    ['manylinux2014_aarch64'],
  ),
  'darwin-arm64': wheel(
    'macosx_13_0_arm64',
    '87274af689c4128051b26c80f6f676757e0a81c2fdc137fd8b5679e928e4bc4f',
    100_425_967,
    ['macosx_13_0_arm64'],
  ),
};

/** Of the compiler inside its unpacked wheel. */
export const compilerMemberName = 'ziglang/zig';
