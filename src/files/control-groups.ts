/** Linux's control groups that this process is in: how a container or a service is kept from taking the whole machine. */
import * as fs from 'node:fs';
import * as path from 'node:path';

/** The two versions name their files differently. */
export type Version = 1 | 2;

/** One group's folder. */
export interface GroupFolder {
  readonly version: Version;
  /** Text of one of its files; undefined where there is none. */
  readonly read: (name: string) => string | undefined;
}

/**
 * The groups that this process is in, innermost first, each with those around it. A container may see its own group as the
 * outermost one, under a name that exists only outside: folders that are missing read as if they had no limit.
 *
 * @param controller `memory`, `cpu`
 * @param root `/`, or a folder with a `proc` and a `sys`
 */
export function groupFolders(controller: string, root = '/'): readonly GroupFolder[] {
  const lines = (read(path.join(root, 'proc/self/cgroup')) ?? '').split('\n');
  return lines.flatMap((line) => {
    const [, controllers, name] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || name === undefined) return [];
    if (controllers === '') return foldersUp(path.join(root, 'sys/fs/cgroup'), name, 2);
    if (!controllers.split(',').includes(controller)) return [];
    return foldersUp(path.join(root, 'sys/fs/cgroup', controller), name, 1);
  });
}

function foldersUp(top: string, name: string, version: Version): readonly GroupFolder[] {
  const parts = name.split('/').filter((part) => part !== '' && part !== '..');
  return Array.from({ length: parts.length + 1 }, (_, up) => {
    const folder = path.join(top, ...parts.slice(0, parts.length - up));
    return { version, read: (file) => read(path.join(folder, file)) };
  });
}

function read(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    // Not on this system.
    return undefined;
  }
}

/** What a file or a counter says where it is a whole number, and no word like `max`. */
export function wholeNumber(written: string | undefined): number | undefined {
  return written !== undefined && /^\s*\d+\s*$/.test(written) ? Number(written) : undefined;
}
