/**
 * The systems that the native engine is for, one entry each. Another system is another entry here, its wheel in wheels.ts,
 * and the compiler's wheel in compilers.ts.
 *
 * Not here: Windows, whose wheel holds the C library inside `_pywrap_tensorflow_common.dll`, which cannot be loaded
 * without a Python of the same version; macOS on Intel, for which TensorFlow makes no wheels since 2.17.
 */

export type PlatformName = 'linux-x64' | 'linux-arm64' | 'darwin-arm64';

export interface Platform {
  readonly name: PlatformName;
  /** The two libraries that the addon asks for, by the names that it asks for. */
  readonly libraries: readonly [string, string];
  /** Tags that are given to pip, newest first: a wheel's tag must be among them. */
  readonly pipPlatforms: readonly string[];
  /** What the compiler of compilers.ts builds for: a system at least as old as the wheel's. */
  readonly target: string;
  /** What the linker is told besides: where the libraries lie, seen from the addon; that Node brings its own functions. */
  readonly link: readonly string[];
  /** The same, for what only the pinned compiler understands: the same bytes on every machine. */
  readonly reproducible: readonly string[];
}

const linuxLibraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const;
const linuxLink = ['-Wl,--gc-sections', '-Wl,--build-id=none', '-Wl,-rpath,$ORIGIN/../../deps/lib'] as const;

export const platforms: readonly Platform[] = [
  {
    name: 'linux-x64',
    libraries: linuxLibraries,
    pipPlatforms: ['manylinux_2_27_x86_64', 'manylinux_2_17_x86_64', 'manylinux2014_x86_64', 'manylinux2010_x86_64'],
    target: 'x86_64-linux-gnu.2.17',
    link: linuxLink,
    reproducible: ['-s'],
  },
  {
    name: 'linux-arm64',
    libraries: linuxLibraries,
    pipPlatforms: ['manylinux_2_27_aarch64', 'manylinux_2_17_aarch64', 'manylinux2014_aarch64'],
    target: 'aarch64-linux-gnu.2.17',
    link: linuxLink,
    reproducible: ['-s'],
  },
  {
    name: 'darwin-arm64',
    libraries: ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
    pipPlatforms: ['macosx_13_0_arm64', 'macosx_12_0_arm64'],
    target: 'aarch64-macos.12.0',
    link: [
      '-Wl,-undefined,dynamic_lookup',
      '-Wl,-install_name,@rpath/tfjs_binding.node',
      '-Wl,-rpath,@loader_path/../../deps/lib',
    ],
    reproducible: ['-s'],
  },
];

/** The entry of a system; undefined for one that the native engine is not for. */
export function platformFor(system: string, arch: string): Platform | undefined {
  return platforms.find(({ name }) => name === `${system}-${arch}`);
}

/** This process's own; that of Linux x64 where there is none, for whoever only asks for names. */
export function ownPlatform(): Platform {
  const [first] = platforms;
  const found = platformFor(process.platform, process.arch) ?? first;
  if (found === undefined) throw new Error('the table of platforms is empty');
  return found;
}
