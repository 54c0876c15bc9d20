/** What the compiler says of the sources where some of them read otherwise, or where there are more: of a copy of them. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** By path from the root: the text that a file has, made of the one it has now (empty where it is new). */
export type Overlay = ReadonlyMap<string, string>;

export interface Complaint {
  /** From the root, with `/`. */
  readonly file: string;
  readonly message: string;
}

/** A line of the compiler's that begins a complaint; lines after it that are indented go on with it. */
const complaint = /^(?<file>\S[^(]*)\(\d+,\d+\): error TS\d+: (?<message>.*)$/;

/** @param text the compiler's output, `--pretty false` */
function read(text: string): readonly Complaint[] {
  const all: { file: string; message: string }[] = [];
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const found = complaint.exec(line)?.groups;
    const last = all.at(-1);
    if (found !== undefined) all.push({ file: found['file'] ?? '', message: found['message'] ?? '' });
    else if (last !== undefined && line.startsWith(' ')) last.message += `\n${line.trim()}`;
    else throw new Error(`The compiler says what is no complaint of a file: ${line}`);
  }
  return all;
}

/**
 * @param config the project's configuration, from the root
 * @param room the folder that is looked at
 */
export function complaints(config: string, room: string, overlay: Overlay): readonly Complaint[] {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-rows-'));
  try {
    for (const part of ['src', 'webview', 'tsconfig.base.json', config, 'package.json'])
      fs.cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
    fs.symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
    for (const [file, text] of overlay) {
      fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      fs.writeFileSync(path.join(folder, file), text);
    }
    const own = { extends: `./${config}`, include: [room], exclude: [] };
    fs.writeFileSync(path.join(folder, 'tsconfig.room.json'), JSON.stringify(own));
    const compiler = path.join(root, 'node_modules/typescript-7/bin/tsc');
    const words = [compiler, '--noEmit', '--pretty', 'false', '-p', 'tsconfig.room.json'];
    const { status, signal, stdout, stderr, error } = spawnSync(process.execPath, words, {
      cwd: folder,
      encoding: 'utf8',
    });
    if (error !== undefined) throw error;
    const all = read(stdout + stderr);
    // A compiler that was killed has nothing to complain about either.
    if (status === null || (status === 0) !== (all.length === 0))
      throw new Error(`The compiler ended with ${String(status ?? signal)} and ${String(all.length)} complaints.`);
    return all.filter(({ file }) => file.startsWith(`${room}/`));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
