/** The addon that the extension brings: which one it is, and where it lies. */
import * as path from 'node:path';

/** SHA-256 of native/linux-x64/tfjs_binding.node, as scripts/build-addon.ts makes it. */
export const addonHash = 'af58c251ee1e24544c362537e46dac668d31fb2136f1e9ab5d338c6af51ab9b6';

/** Of the package whose source it is built from (@tensorflow/tfjs-node-gpu). */
export const addonVersion = '4.22.0';

/**
 * The addon below the folder that holds `native/`: the bundles' folder, or the working tree's root when run from
 * source.
 */
export function addonFile(folder: string): string {
  return path.join(folder, 'native', 'linux-x64', 'tfjs_binding.node');
}
