/**
 * The runtime folder: what the native engine needs and no extension can carry.
 *
 *   <folder>/                               $MTL_RUNTIME_DIR, else the user's data folder (below)
 *     lock                                  who is installing or removing: one at a time, whatever the number of windows
 *     current.json                          {"v":1,"name":"tensorflow-cpu-2.21.0"}: the one in use; replaced by rename
 *     downloads/                            wheels being fetched; a complete one is used again, none is kept in the end
 *     staging-<pid>-<time>/                 a runtime being unpacked; renamed to its name when it has been seen to work
 *     tensorflow-cpu-2.21.0/                one runtime
 *       runtime.json                        manifest: versions, source, sizes, hashes (manifest.ts)
 *       checked.json                        which files were hashed and how they looked then (guard.ts)
 *       lib/napi-v8/tfjs_binding.node       the addon, copied from the extension or compiled here (compile.ts); looks for
 *                                           the libraries by its RUNPATH $ORIGIN/../../deps/lib
 *       deps/lib/libtensorflow_cc.so.2      the C library; on macOS libtensorflow_cc.2.dylib and so on
 *       deps/lib/libtensorflow_framework.so.2
 *       deps/nvidia/<name>/lib/*.so*        with --gpu; the libraries look for $ORIGIN/../nvidia/<name>/lib
 *       include/                            headers of the C library, for an addon that is compiled here (addon.ts)
 *       licenses/                           of all that
 */
import * as os from 'node:os';
import * as path from 'node:path';

/**
 * The runtime folder of this user: the same for every window, the command line and the trainer.
 * Linux $XDG_DATA_HOME or ~/.local/share, macOS ~/Library/Application Support, Windows %LOCALAPPDATA%.
 */
export function runtimeFolder(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): string {
  const given = env['MTL_RUNTIME_DIR'];
  if (given !== undefined && given !== '') return path.resolve(given);
  return path.join(dataFolder(env, platform), 'mtl-workbench', 'runtime');
}

function dataFolder(env: NodeJS.ProcessEnv, platform: string): string {
  const home = os.homedir();
  if (platform === 'win32') return env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local');
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support');
  const xdg = env['XDG_DATA_HOME'];
  // The XDG specification: a relative path is to be ignored.
  return xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(home, '.local', 'share');
}

export const addonMember = path.join('lib', 'napi-v8', 'tfjs_binding.node');
export const libraryFolder = path.join('deps', 'lib');
export const headerFolder = 'include';
export const manifestName = 'runtime.json';

export function lockFile(folder: string): string {
  return path.join(folder, 'lock');
}

export function currentFile(folder: string): string {
  return path.join(folder, 'current.json');
}

export function downloadsFolder(folder: string): string {
  return path.join(folder, 'downloads');
}

export const stagingPrefix = 'staging-';
