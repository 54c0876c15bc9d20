// The native engine's addons that are built here (scripts/build-addon.ts), for what is packed with the extension.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { root, runToEnd, ScriptError } from './process.mjs';

/**
 * What must come out, by platform: vsce's names, which are Node's.
 * @type {Readonly<Record<string, string>>}
 */
const pinned = JSON.parse(fs.readFileSync(path.join(root, 'src/runtime/addon.json'), 'utf8')).addons;

/**
 * Where a platform's addon lies when it is built.
 * @param {string} platform
 */
export function builtAddon(platform) {
  return path.join(root, '.cache/addon', platform, 'tfjs_binding.node');
}

/**
 * Platforms that a prebuilt addon is made for.
 * @returns {string[]}
 */
export function pinnedPlatforms() {
  return Object.keys(pinned).sort();
}

/**
 * SHA-256 of a platform's addon.
 * @param {string} platform
 */
export function pinnedHash(platform) {
  return pinned[platform];
}

/**
 * Platforms whose addon is built here; one with other bytes than the pinned ones (of another version) is none.
 * @param {(platform: string) => string} placeOf
 * @returns {string[]}
 */
export function prebuiltPlatforms(placeOf = builtAddon) {
  return pinnedPlatforms().filter((platform) => {
    const file = placeOf(platform);
    if (!fs.existsSync(file)) return false;
    return crypto.createHash('sha256').update(fs.readFileSync(file)).digest('hex') === pinned[platform];
  });
}

/**
 * Builds what is not there yet, where a Python with pip can fetch what it takes; where not, the script says why.
 * @throws ScriptError for a build that goes wrong, not for one that cannot be begun
 */
export async function buildMissingAddons() {
  const there = prebuiltPlatforms();
  for (const platform of pinnedPlatforms()) {
    if (there.includes(platform)) continue;
    const args = ['--import', 'tsx', 'scripts/build-addon.ts', '--target', platform, '--if-possible'];
    if ((await runToEnd(process.execPath, args)) !== 0) {
      throw new ScriptError(`The addon for ${platform} was not built; why is said above. Nothing was packaged.`);
    }
  }
}
