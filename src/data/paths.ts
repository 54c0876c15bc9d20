/**
 * Where a spec may point. Specs come from strangers, so a path is judged by its text first, then by its place in the tree, and only
 * then is the file system asked; what is opened in the end is an ordinary file whose real path lies inside the root.
 */
import { text, type Text } from '../common/text.ts';
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
    throw new DataError(
      'path-refused',
      text(`“${shorten(path)}” is not opened: ${refusal.en}`, `不打开“${shorten(path)}”：${refusal.zh}`),
      { file: path },
    );
  const outside = (): DataError =>
    new DataError(
      'path-outside',
      text(
        `“${shorten(path)}” lies outside the project folder. Copy the file into it, or allow outside files (--allow-outside, or the setting mtl.paths.allowOutsideWorkspace).`,
        `“${shorten(path)}”位于项目文件夹之外。请将文件复制到项目内，或允许使用外部文件（--allow-outside，或设置 mtl.paths.allowOutsideWorkspace）。`,
      ),
      { file: path },
    );
  const wanted = nodePath.resolve(base, path);
  // Before the file system is asked: a path that only leads outside is never touched.
  if (policy.allowOutside !== true && !isInside(nodePath.resolve(root), wanted)) throw outside();
  const real = await realOf(wanted, path);
  const realRoot = await realOf(root, root);
  if (policy.allowOutside !== true && !isInside(realRoot, real)) throw outside();
  const status = await stat(real).catch((error: unknown) => {
    throw unreadablePath(path, error);
  });
  if (!status.isFile()) {
    const what = status.isDirectory() ? text('a folder', '是文件夹') : text('not an ordinary file', '不是普通文件');
    throw new DataError(
      'not-a-file',
      text(`“${shorten(path)}” is ${what.en}. Name a data file.`, `“${shorten(path)}”${what.zh}。请指定数据文件。`),
      { file: path },
    );
  }
  const relative = nodePath.relative(realRoot, real);
  const name = isInside(realRoot, real) ? relative.split(nodePath.sep).join('/') : path;
  return { path: real, name, bytes: status.size };
}

/** Why the text of a path alone is enough to refuse it; undefined where it is not. */
export function refusalOf(path: string): Text | undefined {
  if (path === '') return text('the path is empty.', '路径为空。');
  if (path.length > 4096) return text('the path is too long.', '路径过长。');
  if (/[\u0000-\u001f\u007f]/.test(path)) return text('it holds a control character.', '含有控制字符。');
  if (/^[\\/]{2}/.test(path)) return text('network and device paths are not allowed.', '不允许网络路径与设备路径。');
  if (/^[a-z][a-z0-9+.-]+:/i.test(path))
    return text('addresses are not allowed. Download the file into the project.', '不允许网址。请将文件下载到项目内。');
  if (/^[a-z]:(?![\\/])/i.test(path))
    return text('a drive letter needs a full path after it.', '盘符之后应为完整路径。');
  if (/^\/(dev|proc|sys)(\/|$)/.test(path)) return text('devices are not data files.', '设备不是数据文件。');
  const segments = path.split(/[\\/]/);
  const device = segments.find((segment) => /^(con|prn|aux|nul|com\d|lpt\d)\s*(\.|$)/i.test(segment));
  if (device !== undefined)
    return text(
      `“${device}” is a device name on Windows. Rename the file.`,
      `“${device}”在 Windows 上是设备名。请重命名文件。`,
    );
  if (segments.some((segment, index) => segment.includes(':') && !(index === 0 && /^[a-z]:$/i.test(segment)))) {
    return text('a colon is not allowed in a file name.', '文件名中不允许冒号。');
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
    if (!missing) throw unreadablePath(written, error);
    throw new DataError(
      'file-missing',
      text(
        `“${shorten(written)}”: there is no such file. Check the name; paths are relative to the file that names them.`,
        `找不到文件“${shorten(written)}”。请检查文件名；路径相对于引用它的文件。`,
      ),
      { file: written },
    );
  }
}

function unreadablePath(path: string, error: unknown): DataError {
  const { en, zh } = systemReason(error);
  const shown = shorten(path);
  return new DataError('unreadable', text(`“${shown}”: ${en}.`, `“${shown}”：${zh}。`), { file: path });
}

function shorten(path: string): string {
  return path.length > 200 ? `${path.slice(0, 200)}…` : path;
}
