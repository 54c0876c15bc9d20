/** The addon between Node and the C library: the one that the extension brings, or the source that it brings instead. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { PlatformName } from './platforms.ts';

/** SHA-256 of the addons that a platform's package brings, as scripts/build-addon.ts makes them. */
export const addonHashes: Readonly<Partial<Record<PlatformName, string>>> = {
  'linux-x64': 'af58c251ee1e24544c362537e46dac668d31fb2136f1e9ab5d338c6af51ab9b6',
};

/** `sourceHashOf` the published source and headers: nothing else is compiled. */
export const sourceHash = 'e6c4dc0283936c79e8d6a8be2c8dfab29b89b859ac8b6a8b6b27f51268003aea';

/** Of the package whose source it is built from (@tensorflow/tfjs-node-gpu). */
export const addonVersion = '4.22.0';

/**
 * The addon below the folder that holds `native/`: the bundles' folder, or the working tree's root when run from
 * source.
 */
export function addonFile(folder: string, platform: PlatformName = 'linux-x64'): string {
  return path.join(folder, 'native', platform, 'tfjs_binding.node');
}

export interface AddonSource {
  /** The folder above `binding/`, the addon's own files. */
  readonly root: string;
  /** Node-API's headers, and those of TensorFlow's C library. */
  readonly headers: readonly [string, string];
}

/** The addon's source as the build lays it into `native/source`, or where the working tree has it. */
export function addonSource(folder: string): AddonSource {
  const shipped = path.join(folder, 'native', 'source');
  if (fs.existsSync(shipped)) {
    return { root: shipped, headers: [path.join(shipped, 'napi'), path.join(shipped, 'include')] };
  }
  const modules = path.join(folder, 'node_modules');
  return {
    root: path.join(modules, '@tensorflow', 'tfjs-node-gpu'),
    headers: [path.join(modules, 'node-api-headers', 'include'), path.join(folder, 'native', 'include')],
  };
}

export const addonFiles = ['tfjs_backend.cc', 'tfjs_binding.cc'] as const;

/** One hash over names and bytes of all that is compiled; null where a folder is missing. */
export function sourceHashOf({ root, headers }: AddonSource): string | null {
  const hash = createHash('sha256');
  try {
    for (const folder of [path.join(root, 'binding'), ...headers]) {
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
