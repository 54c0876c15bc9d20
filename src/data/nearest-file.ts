/** Which file was probably meant where none is: for a quick fix. */
import { readdir } from 'node:fs/promises';
import * as nodePath from 'node:path';
import { formatByName, nearestName } from '../spec/index.ts';

/** Folders with more entries than these are not searched. */
const mostEntries = 5000;

/**
 * A data file like the one named: of almost the same name in that folder, else of the same name in the spec's own folder or
 * one folder below. The path is as a spec would write it; nothing where no file is like it.
 *
 * @param base folder of the spec
 * @param path as it is written, already judged to lie inside
 */
export async function nearestFile(base: string, path: string): Promise<string | undefined> {
  const folder = nodePath.posix.dirname(path);
  const name = nodePath.posix.basename(path);
  const beside = await filesIn(nodePath.resolve(base, folder));
  const near = beside.includes(name) ? undefined : like(name, beside);
  if (near !== undefined) return folder === '.' ? near : `${folder}/${near}`;
  const own = await entriesOf(base);
  const below = own.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => entry.name);
  for (const place of ['', ...below.slice(0, 50)]) {
    const found = await filesIn(nodePath.join(base, place));
    const same = found.includes(name) ? name : like(name, found);
    if (same !== undefined) return place === '' ? same : `${place}/${same}`;
  }
  return undefined;
}

/** By the name without its ending, which would make everything alike: `cars.csv` for `cars.npz`, `same` for `smae`. */
function like(name: string, files: readonly string[]): string | undefined {
  const stem = (file: string): string => file.slice(0, file.length - nodePath.extname(file).length);
  const stems = new Map(files.map((file) => [stem(file), file]));
  return stems.get(stem(name)) ?? stems.get(nearestName(stem(name), stems.keys()) ?? '');
}

async function entriesOf(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.length > mostEntries ? [] : entries;
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await entriesOf(folder);
  return entries.filter((entry) => entry.isFile() && formatByName(entry.name) !== undefined).map(({ name }) => name);
}
