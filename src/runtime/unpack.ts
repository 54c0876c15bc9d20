/** Members of a wheel (a ZIP archive), written to disk as a stream: a library of 800 MB never lies in memory. */
import * as fs from 'node:fs';
import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { text, type Text } from '../common/text.ts';
import { openArchive, ZipError, type Archive, type Member } from '../files/zip.ts';
import { canceled, RuntimeError } from './error.ts';

export interface Unpacking {
  /** Where a member goes below the folder, with `/`; null for one that stays in the archive. */
  readonly names: (member: string) => string | null;
  /** Told how many bytes were written since the last call, and to which name. */
  readonly report?: (bytes: number, name: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** The wheels of CUDA have some thousand members each. */
const mostMembers = 200_000;

/**
 * Writes members of an archive below a folder; a file appears under its name only when it is whole.
 * @throws RuntimeError `archive` for a damaged archive, a link or a name that leaves the folder, `cancelled`; the file
 * system's error
 */
export async function unpack(file: string, folder: string, { names, report, signal }: Unpacking): Promise<void> {
  try {
    const { size: bytes } = fs.statSync(file);
    const archive = await openArchive({ path: file, name: path.basename(file), bytes }, { members: mostMembers });
    try {
      for (const member of archive.members) {
        const name = member.name.endsWith('/') ? null : names(member.name);
        if (name === null) continue;
        const target = targetOf(file, member, folder, name);
        await extract(archive, member, target, (count) => report?.(count, name), signal);
        if ((member.mode & 0o111) !== 0) fs.chmodSync(target, 0o755);
      }
    } finally {
      await archive.close();
    }
  } catch (error) {
    throw error instanceof ZipError ? unsound(file, error.reason) : error;
  }
}

function unsound(file: string, { en, zh }: Text): RuntimeError {
  const name = path.basename(file);
  return new RuntimeError(
    'archive',
    `${name} is not a sound archive (${en}). Delete it and install again.`,
    `${name} 不是完好的压缩包（${zh}）。请删除后重新安装。`,
  );
}

const symbolicLink = 0o120000;

/** @throws RuntimeError `archive` */
function targetOf(file: string, member: Member, folder: string, name: string): string {
  const target = safeTarget(folder, name);
  const shown = JSON.stringify(name);
  if (target === null) throw unsound(file, text(`a member named ${shown}`, `有名为 ${shown} 的成员`));
  if ((member.mode & 0o170000) === symbolicLink)
    throw unsound(file, text(`“${member.name}” is a link`, `“${member.name}”是链接`));
  return target;
}

/**
 * Where a member goes below a folder; null for a name that would leave it.
 * Absolute names, drive letters, backslashes, `..` and control characters are refused by text, before anything is made.
 */
export function safeTarget(folder: string, name: string): string | null {
  if (name === '' || /^[/\\]|\\|^[A-Za-z]:|[\u0000-\u001f]/.test(name)) return null;
  if (name.split('/').some((part) => part === '..' || part === '.' || part === '')) return null;
  const target = path.resolve(folder, name);
  return target.startsWith(path.resolve(folder) + path.sep) ? target : null;
}

async function extract(
  archive: Archive,
  member: Member,
  target: string,
  report: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const part = `${target}.part`;
  try {
    await writeFile(part, reported(archive.content(member), report), { flag: 'wx', ...(signal ? { signal } : {}) });
  } catch (error) {
    fs.rmSync(part, { force: true });
    throw signal?.aborted === true ? canceled() : error;
  }
  fs.renameSync(part, target);
}

async function* reported(
  pieces: AsyncIterable<Uint8Array>,
  report: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void> {
  for await (const piece of pieces) {
    yield piece;
    report(piece.length);
  }
}
