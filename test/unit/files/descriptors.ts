/** Which files are left open by functions that do not wait: each one that Node opens meanwhile is watched. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** @returns how many files were opened, and how many of them are open when `run` has ended, well or not */
export async function descriptorsOf(run: () => unknown): Promise<{ opened: number; left: number }> {
  const [open, close] = [fs.openSync.bind(fs), fs.closeSync.bind(fs)];
  let opened = 0;
  const left = new Set<number>();
  fs.openSync = (...given) => {
    const descriptor = open(...given);
    opened++;
    left.add(descriptor);
    return descriptor;
  };
  fs.closeSync = (descriptor) => {
    close(descriptor);
    left.delete(descriptor);
  };
  syncBuiltinESMExports();
  try {
    await run();
  } catch {
    // That a file is closed then, too, is the point.
  } finally {
    fs.openSync = open;
    fs.closeSync = close;
    syncBuiltinESMExports();
  }
  for (const descriptor of left) close(descriptor);
  return { opened, left: left.size };
}
