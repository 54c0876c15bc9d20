import fs from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/lib/process.mjs';

/** What is written here: files of the project's own folders and beside them, not what is built, fetched or installed. */
const folders = 'src webview test scripts docs examples l10n media'.split(' ');
const left = /(^|\/)(node_modules|\.mtl|__pycache__)\//;

/** Relative to the repository, with forward slashes. Without git: a copy without history is a project, too. */
export function projectFiles(): string[] {
  const below = folders.flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/')),
  );
  const beside = fs.readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isFile());
  return [...beside.map(({ name }) => name), ...below].filter((file) => !left.test(file)).sort();
}
