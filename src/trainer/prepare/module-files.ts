/** The files that a strategy module consists of: itself and what its text names by relative paths, one after the other. */
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { DataError } from '../../data/error.ts';
import { resolveInside, type PathPolicy, type SourceFile } from '../../data/paths.ts';
import { moduleLimit } from '../../runs/frozen.ts';

/** Any text that looks like a relative path: an import of whatever form, or a file that the code reads. */
const relativePath = /(['"`])(\.{1,2}\/[^'"`\n\r\\]{1,400})\1/g;
/** What `require` adds to a name. */
const endings = ['', '.js', '.mjs', '.cjs', '.json', '/index.js'];
const code = /\.[cm]?js$/i;
/** No strategy has more files. */
const mostFiles = 1000;

/**
 * Files inside the root alone: packages, and what lies elsewhere, are not followed. Text is looked at, nothing is run, so
 * a path that is put together while the code runs is not seen.
 *
 * @param module that passed the path policy
 */
export async function moduleFiles(
  module: SourceFile,
  { root, ...policy }: PathPolicy & { readonly root: string },
): Promise<readonly SourceFile[]> {
  const found = new Map([[module.path, module]]);
  for (const file of found.values()) {
    if (!code.test(file.path) || file.bytes > moduleLimit) continue;
    const text = await readFile(file.path, 'utf8').catch(() => '');
    for (const [, , written = ''] of text.matchAll(relativePath)) {
      const named = await fileNamed(root, path.dirname(file.path), written, policy);
      if (named && found.size < mostFiles) found.set(named.path, named);
    }
  }
  return [...found.values()];
}

async function fileNamed(
  root: string,
  base: string,
  written: string,
  policy: PathPolicy,
): Promise<SourceFile | undefined> {
  // A module's address may carry a query and escapes; a file that is read may not.
  const plain = written.replace(/[?#].*$/, '');
  for (const name of new Set([written, plain, decoded(plain)])) {
    for (const ending of endings) {
      try {
        return await resolveInside(root, base, name + ending, policy);
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
      }
    }
  }
  return undefined;
}

function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}
