// Where a build puts its files. Others may be reading them: a training that runs from dist/, a suite beside the test that
// builds. So a file appears whole, one that would not change is left alone, and nothing is taken away before its successor
// is there.
import fs from 'node:fs';
import path from 'node:path';

/**
 * @param {string} file
 * @param {Uint8Array} bytes
 */
function holds(file, bytes) {
  const state = fs.statSync(file, { throwIfNoEntry: false });
  return state?.isFile() === true && state.size === bytes.length && fs.readFileSync(file).equals(bytes);
}

/**
 * Whether a file is half of what a build that goes on beside this one writes.
 * @param {string} file
 */
function isBeingWritten(file) {
  const owner = /\.(\d+)\.partial$/.exec(file)?.[1];
  if (owner === undefined) return false;
  try {
    return process.kill(Number(owner), 0);
  } catch {
    return false;
  }
}

export class Output {
  #folder;
  /** @type {Set<string>} */
  #written = new Set();

  /** @param {string} folder made when the first file is put there */
  constructor(folder) {
    this.#folder = folder;
  }

  /**
   * @param {string} name of a file, relative to the folder
   * @param {string | Uint8Array} contents
   * @param {number} [mode] permissions, less what the process masks
   */
  put(name, contents, mode = 0o666) {
    const file = path.join(this.#folder, name);
    this.#written.add(file);
    const bytes = Buffer.from(contents);
    if (holds(file, bytes)) return;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const partial = `${file}.${process.pid}.partial`;
    fs.writeFileSync(partial, bytes, { mode });
    fs.renameSync(partial, file);
  }

  /**
   * @param {string} name of a file or a folder, relative to the folder
   * @param {string} source
   */
  copy(name, source) {
    const state = fs.statSync(source);
    if (!state.isDirectory()) return this.put(name, fs.readFileSync(source), state.mode);
    for (const child of fs.readdirSync(source)) this.copy(path.join(name, child), path.join(source, child));
  }

  /**
   * Takes away what an earlier build left.
   * @param {string} [name] the part to look at, relative to the folder; all of it when absent
   */
  removeOthers(name = '.') {
    const part = path.join(this.#folder, name);
    if (!fs.existsSync(part)) return;
    for (const entry of fs.readdirSync(part, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath ?? entry.path, entry.name);
      if (!entry.isDirectory() && !this.#written.has(file) && !isBeingWritten(file)) fs.rmSync(file, { force: true });
    }
  }
}
