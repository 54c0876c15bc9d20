/** What stands at a name itself, where a link could lead elsewhere. */
import * as fs from 'node:fs';
import * as path from 'node:path';

/** Whether the name is taken, by a link to nowhere, too (`existsSync` follows links). */
export function isTaken(place: string): boolean {
  return statusOf(place) !== undefined;
}

/** A folder and no link to one. */
export function isFolder(place: string): boolean {
  return statusOf(place)?.isDirectory() === true;
}

/** A file and no link to one. */
export function isPlainFile(place: string): boolean {
  return statusOf(place)?.isFile() === true;
}

export function isLink(place: string): boolean {
  return statusOf(place)?.isSymbolicLink() === true;
}

/** What stands there itself; nothing where that cannot be known, and then nothing can be written there either. */
function statusOf(place: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(place, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/**
 * Whether a `.mtl` or what lies in it leads out of all these folders.
 *
 * @returns the name of the link, or null
 */
export function leadingOut(folder: string, inside: readonly string[]): string | null {
  const homes = inside.flatMap((home) => realOf(home) ?? []);
  for (const place of [path.dirname(folder), folder]) {
    const real = realOf(place);
    if (real === undefined ? isLink(place) : !homes.some((home) => isWithin(home, real))) return path.basename(place);
  }
  return null;
}

function realOf(place: string): string | undefined {
  try {
    return fs.realpathSync(place);
  } catch {
    return undefined;
  }
}

function isWithin(home: string, place: string): boolean {
  const way = path.relative(home, place);
  return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}
