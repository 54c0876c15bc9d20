/** The runtimes that are installed: which there are, which one is used, and taking them away. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { addonHashes, isOwnSource } from './addon.ts';
import { checkRuntime } from './guard.ts';
import { sha256OfFile } from '../files/hash.ts';
import { addonMember, currentFile, downloadsFolder, libraryFolder, stagingPrefix } from './layout.ts';
import { lock } from './lock.ts';
import { readCurrent, readManifest, runtimeName, type Manifest } from './manifest.ts';
import { ownPlatform, type Platform } from './platforms.ts';
import { RuntimeError } from './error.ts';

export interface Runtime {
  /** Absolute folder. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly current: boolean;
}

/** All runtimes below the runtime folder, by name. */
export function listRuntimes(folder: string): Runtime[] {
  const current = readCurrent(folder);
  return names(folder)
    .sort()
    .flatMap((name) => {
      const at = path.join(folder, name);
      const manifest = readManifest(at);
      return manifest?.name === name ? [{ folder: at, manifest, current: name === current }] : [];
    });
}

function names(folder: string): string[] {
  try {
    return fs
      .readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && runtimeName.test(entry.name))
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

/** The runtime in use; null when none is installed. */
export function currentRuntime(folder: string): Runtime | null {
  return listRuntimes(folder).find(({ current }) => current) ?? null;
}

/**
 * The addon of a runtime, when it may be loaded: all files are there and nobody else's, the libraries are those that were
 * installed, and its bytes are those that this version of the program was built with, or those that were compiled here
 * from this version's source.
 * @throws RuntimeError `load`, `owner`, `library`, `addon`
 */
export function trustedAddon(runtime: Runtime, platform: Platform = ownPlatform()): string {
  const { folder, manifest } = runtime;
  const missing = platform.libraries.find((name) => !fs.existsSync(path.join(folder, libraryFolder, name)));
  const addon = path.join(folder, addonMember);
  if (missing !== undefined || !fs.existsSync(addon)) {
    const name = missing ?? path.basename(addon);
    throw new RuntimeError(
      'load',
      `The native engine in ${folder} is not whole: ${name} is missing. Install it again: "mtl runtime install".`,
      `${folder} 中的原生引擎不完整：缺少 ${name}。请重新安装：“mtl runtime install”。`,
    );
  }
  checkRuntime(runtime, platform);
  const hash = sha256OfFile(addon);
  if (hash === addonHashes[platform.name]) return addon;
  if (isOwnSource(manifest.built?.source) && hash === manifest.addon) return addon;
  throw new RuntimeError(
    'addon',
    `${addon} is not the addon of this version and is not loaded. Bring it up to date: "mtl runtime install".`,
    `${addon} 不是当前版本的插件，不予加载。请更新：“mtl runtime install”。`,
  );
}

/**
 * Takes away one runtime, or all of them with everything that an installation left.
 * @returns names of what was removed
 * @throws RuntimeError `busy`, `source` for a name that is not installed
 */
export async function removeRuntimes(folder: string, name?: string): Promise<string[]> {
  const unlock = await lock(folder);
  try {
    const all = listRuntimes(folder);
    const chosen = name === undefined ? all : all.filter(({ manifest }) => manifest.name === name);
    if (name !== undefined && chosen.length === 0) {
      const list = all.map(({ manifest }) => manifest.name).join(', ');
      throw new RuntimeError(
        'source',
        `No runtime named "${name}" is installed (${list === '' ? 'there is none' : list}).`,
        `未安装名为“${name}”的运行时（${list === '' ? '没有已安装的运行时' : list}）。`,
      );
    }
    // First nobody is sent there any more, then the files go. A run at work keeps its open files.
    if (chosen.some(({ current }) => current)) fs.rmSync(currentFile(folder), { force: true });
    for (const runtime of chosen) fs.rmSync(runtime.folder, { recursive: true, force: true });
    clearLeftovers(folder);
    if (name === undefined) fs.rmSync(downloadsFolder(folder), { recursive: true, force: true });
    return chosen.map(({ manifest }) => manifest.name);
  } finally {
    unlock();
  }
}

/** What an installation that was killed left; only for the lock's holder. */
export function clearLeftovers(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    if (name.startsWith(stagingPrefix)) fs.rmSync(path.join(folder, name), { recursive: true });
  }
}
