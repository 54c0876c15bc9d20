/** Where tests make folders in which files are synced all the time. */
import fs from 'node:fs';
import os from 'node:os';

const memory = '/dev/shm';
/** Room for several tests at once; a container often has 64 MB, which its browsers need. */
const enough = 1024 ** 3;

/** Memory where there is such a folder and room in it: what these tests are about (the death of a process, not of the machine) is the same there. */
export function quickBase(): string {
  try {
    fs.accessSync(memory, fs.constants.W_OK | fs.constants.X_OK);
    const { bavail, bsize } = fs.statfsSync(memory);
    if (bavail * bsize >= enough) return memory;
  } catch {
    // There is none.
  }
  return os.tmpdir();
}
