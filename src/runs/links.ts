/**
 * Nothing is written, moved or deleted through a link. A run directory may come from a stranger, and what leads out of it
 * may lead anywhere: its folders are folders and its files are files, or they are left alone and the person is told.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { isLink, leadingOut } from '../files/links.ts';
import { RunError } from './error.ts';
import { runPaths } from './layout.ts';

/** @throws RunError `link` when a member of a run, a file or a folder, is a link */
export function refuseLink(member: string): void {
  if (!isLink(member)) return;
  const [name, run] = [path.basename(member), path.basename(path.dirname(member))];
  throw new RunError(
    'link',
    `"${name}" in the run "${run}" is a link; nothing is written or deleted through it. Put the folder or file that it leads to in its place, or remove the link.`,
    `运行“${run}”中的“${name}”是链接，不会通过它写入或删除。请以其指向的文件夹或文件替换该链接，或删除链接。`,
  );
}

/**
 * What a process that will write to a run asks first.
 *
 * @throws RunError `link` when the directory or a part of it is a link
 */
export function refuseLinks(directory: string): void {
  refuseLinkedRun(directory);
  const { attempts, leases, checkpoints, fork, model, events, log } = runPaths(directory);
  for (const member of [attempts, leases, checkpoints, fork, ...modelFolders(model), events, log]) refuseLink(member);
}

/** @throws RunError `link` when the run directory itself is one */
export function refuseLinkedRun(directory: string): void {
  if (!isLink(directory)) return;
  const name = path.basename(directory);
  throw new RunError(
    'link',
    `"${name}" is a link, and no run is written through one. Name the directory that it leads to.`,
    `“${name}”是链接，不会通过链接写入运行。请直接给出其指向的目录。`,
  );
}

/** The model and its two neighbors while it is being replaced. */
export function modelFolders(model: string): readonly [model: string, next: string, old: string] {
  return [model, `${model}.next`, `${model}.old`];
}

/**
 * Makes a folder of a run where it is missing.
 *
 * @throws RunError `link`; the system's error
 */
export function makeOwnFolder(folder: string): void {
  refuseLink(folder);
  fs.mkdirSync(folder, { recursive: true });
}

/**
 * A folder from a stranger may hold a `.mtl` that is a link to somewhere else: nothing is written through it.
 *
 * @param inside folders of which one must really hold `folder`, as far as it is there
 * @throws RunError `unwritable`
 */
export function refuseLeadingOut(folder: string, inside: readonly string[]): void {
  const name = leadingOut(folder, inside);
  if (name === null) return;
  throw new RunError(
    'unwritable',
    `The folder "${name}" for the run is a link that leads outside the project. Remove the link, or choose another place with --run-dir (for an experiment: --dir).`,
    `运行目录所在的“${name}”是指向项目之外的链接。请删除该链接，或用 --run-dir（实验用 --dir）另选位置。`,
  );
}
