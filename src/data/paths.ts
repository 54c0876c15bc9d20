/**
 * Where a spec may point. Specs come from strangers, so a path is judged by its text first, then by its place in the tree, and only
 * then is the file system asked; what is opened in the end is an ordinary file whose real path lies inside the root.
 */
import { realpath, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import * as nodePath from 'node:path';
import { DataError, systemReason } from './error.ts';

export interface PathPolicy {
  /** Lifts the rule that files lie inside the root (`--allow-outside`, a machine setting). The other rules stay. */
  readonly allowOutside?: boolean;
}

/** A file that passed the policy. */
export interface SourceFile {
  /** The real path, to open. */
  readonly path: string;
  /** As messages and records show it: relative to the root, with `/`. */
  readonly name: string;
  readonly bytes: number;
}

/** The root where none is given: the nearest ancestor of the spec with `.git`, else the spec's own folder. */
export function findRoot(specFile: string): string {
  const own = nodePath.dirname(nodePath.resolve(specFile));
  for (let folder = own; ; folder = nodePath.dirname(folder)) {
    if (existsSync(nodePath.join(folder, '.git'))) return folder;
    if (nodePath.dirname(folder) === folder) return own;
  }
}

/**
 * The ordinary file that `path`, written in a file of folder `base`, means.
 * @throws DataError `path-refused`, `path-outside`, `file-missing`, `not-a-file`, `unreadable`
 */
export async function resolveInside(
  root: string,
  base: string,
  path: string,
  policy: PathPolicy = {},
): Promise<SourceFile> {
  const refusal = refusalOf(path);
  if (refusal !== undefined)
    throw new DataError('path-refused', `“${shorten(path)}” is not opened: ${refusal}`, { file: path });
  const outside = (): DataError =>
    new DataError(
      'path-outside',
      `“${shorten(path)}” lies outside the project folder. Copy the file into it, or allow outside files (--allow-outside, or the setting mtl.paths.allowOutsideWorkspace).`,
      { file: path },
    );
  const wanted = nodePath.resolve(base, path);
  // Before the file system is asked: a path that only leads outside is never touched.
  if (policy.allowOutside !== true && !isInside(nodePath.resolve(root), wanted)) throw outside();
  const real = await realOf(wanted, path);
  const realRoot = await realOf(root, root);
  if (policy.allowOutside !== true && !isInside(realRoot, real)) throw outside();
  const status = await stat(real).catch((error: unknown) => {
    throw new DataError('unreadable', `“${shorten(path)}”: ${systemReason(error).en}.`, { file: path });
  });
  if (!status.isFile()) {
    const what = status.isDirectory() ? 'a folder' : 'not an ordinary file';
    throw new DataError('not-a-file', `“${shorten(path)}” is ${what}. Name a data file.`, { file: path });
  }
  const relative = nodePath.relative(realRoot, real);
  const name = isInside(realRoot, real) ? relative.split(nodePath.sep).join('/') : path;
  return { path: real, name, bytes: status.size };
}

/** Why the text of a path alone is enough to refuse it; undefined where it is not. */
export function refusalOf(path: string): string | undefined {
  if (path === '') return 'the path is empty.';
  if (path.length > 4096) return 'the path is too long.';
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'it holds a control character.';
  if (/^[\\/]{2}/.test(path)) return 'network and device paths are not allowed.';
  if (/^[a-z][a-z0-9+.-]+:/i.test(path)) return 'addresses are not allowed. Download the file into the project.';
  if (/^[a-z]:(?![\\/])/i.test(path)) return 'a drive letter needs a full path after it.';
  if (/^\/(dev|proc|sys)(\/|$)/.test(path)) return 'devices are not data files.';
  const segments = path.split(/[\\/]/);
  const device = segments.find((segment) => /^(con|prn|aux|nul|com\d|lpt\d)\s*(\.|$)/i.test(segment));
  if (device !== undefined) return `“${device}” is a device name on Windows. Rename the file.`;
  if (segments.some((segment, index) => segment.includes(':') && !(index === 0 && /^[a-z]:$/i.test(segment)))) {
    return 'a colon is not allowed in a file name.';
  }
  return undefined;
}

function isInside(root: string, path: string): boolean {
  const relative = nodePath.relative(root, path);
  return relative !== '..' && !relative.startsWith(`..${nodePath.sep}`) && !nodePath.isAbsolute(relative);
}

async function realOf(path: string, written: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const missing = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
    const advice = missing ? ' Check the name; paths are relative to the file that names them.' : '';
    throw new DataError(
      missing ? 'file-missing' : 'unreadable',
      `“${shorten(written)}”: ${systemReason(error).en}.${advice}`,
      {
        file: written,
      },
    );
  }
}

function shorten(path: string): string {
  return path.length > 200 ? `${path.slice(0, 200)}…` : path;
}
