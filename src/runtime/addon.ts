/**
 * The addon between Node and the C library: what it is made of, and what must come out. The numbers are in addon.json,
 * which the scripts that build and package read, too.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import pins from './addon.json' with { type: 'json' };
import { sha256OfFile } from '../files/hash.ts';
import type { Platform, PlatformName } from './platforms.ts';
import { RuntimeError } from './error.ts';

/** SHA-256 of the addon that the compiler of compilers.ts makes for a platform; built on any machine it is this one. */
export const addonHashes: Readonly<Partial<Record<PlatformName, string>>> = { ...pins.addons };

/** `hashOf` the published source with Node-API's headers, as the extension brings them: nothing else is compiled. */
export const sourceHash = pins.source;

/** `hashOf` the headers that TensorFlow's wheel brings; the same for every platform and for the CUDA build. */
export const headersHash = pins.headers;

/** What `built.source` of a manifest was while the hash of the same source included TensorFlow's headers. */
const formerSourceHash = 'e6c4dc0283936c79e8d6a8be2c8dfab29b89b859ac8b6a8b6b27f51268003aea';

/** Whether an addon that says so (manifest.ts) was compiled from this version's source. */
export function isOwnSource(hash: string | undefined): boolean {
  return hash === sourceHash || hash === formerSourceHash;
}

/** Of the package whose source it is built from (@tensorflow/tfjs-node-gpu). */
export const addonVersion = pins.version;

/**
 * The prebuilt addon, whether or not it is there.
 *
 * @param folder holds `native/`: the bundles' folder; or the working tree's root, when run from source
 */
export function addonFile(folder: string, platform: PlatformName = 'linux-x64'): string {
  const shipped = path.join(folder, 'native');
  return path.join(fs.existsSync(shipped) ? shipped : path.join(folder, '.cache', 'addon'), platform, addonName);
}

export const addonName = 'tfjs_binding.node';

/**
 * The addon that the extension brings for a platform; null when it brings none.
 *
 * @throws RuntimeError `addon` for a file that is not the one of this version
 */
export function prebuiltAddon(folder: string, { name }: Pick<Platform, 'name'>): { file: string; hash: string } | null {
  const file = addonFile(folder, name);
  const hash = addonHashes[name];
  if (hash === undefined || !fs.existsSync(file)) return null;
  if (sha256OfFile(file) === hash) return { file, hash };
  throw new RuntimeError(
    'addon',
    `${file} is not the addon of this version. Install the extension again, or run "npm run build:addon" and "npm run build".`,
    `${file} 不是当前版本的插件。请重新安装扩展，或运行“npm run build:addon”和“npm run build”。`,
  );
}

export interface AddonSource {
  /** The folder above `binding/`, the addon's own files. */
  readonly root: string;
  /** Node-API's headers. */
  readonly napi: string;
}

/** The addon's source as the build lays it into `native/source`, or where the working tree has it. */
export function addonSource(folder: string): AddonSource {
  const shipped = path.join(folder, 'native', 'source');
  if (fs.existsSync(shipped)) return { root: shipped, napi: path.join(shipped, 'napi') };
  const modules = path.join(folder, 'node_modules');
  return {
    root: path.join(modules, '@tensorflow', 'tfjs-node-gpu'),
    napi: path.join(modules, 'node-api-headers', 'include'),
  };
}

export const addonFiles = ['tfjs_backend.cc', 'tfjs_binding.cc'] as const;

/** Headers of TensorFlow's C library that the source asks for, with all that those ask for: below `include/`. */
export const tensorflowHeaders: readonly string[] = [
  'tensorflow/c/c_api.h',
  'tensorflow/c/c_api_macros.h',
  'tensorflow/c/eager/c_api.h',
  'tensorflow/c/tf_attrtype.h',
  'tensorflow/c/tf_buffer.h',
  'tensorflow/c/tf_datatype.h',
  'tensorflow/c/tf_status.h',
  'tensorflow/c/tf_tensor.h',
  'tensorflow/c/tf_tstring.h',
  'tensorflow/core/platform/ctstring.h',
  'tensorflow/core/platform/ctstring_internal.h',
  'tsl/platform/ctstring.h',
  'tsl/platform/ctstring_internal.h',
  'xla/tsl/c/tsl_status.h',
];

/** `hashOf` what the extension brings of the source. */
export function sourceHashOf({ root, napi }: AddonSource): string | null {
  return hashOf([path.join(root, 'binding'), napi]);
}

/** One hash over names and bytes of all sources and headers in some folders; null where a folder is missing. */
export function hashOf(folders: readonly string[]): string | null {
  const hash = createHash('sha256');
  try {
    for (const folder of folders) {
      const names = fs
        .readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(?:cc|h)$/.test(name))
        .map((name) => name.split(path.sep).join('/'))
        .sort();
      for (const name of names)
        hash
          .update(`${name}\0`)
          .update(fs.readFileSync(path.join(folder, name)))
          .update('\0');
    }
  } catch {
    return null;
  }
  return hash.digest('hex');
}
