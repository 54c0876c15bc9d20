/** Which files are left open: each one that Node opens meanwhile is watched. */
import fsp, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/** @returns how many files were opened, and how many of them are open when `run` has ended, well or not */
export async function filesOf(run: () => Promise<unknown>): Promise<{ opened: number; left: number }> {
  const handles: FileHandle[] = [];
  const open = fsp.open.bind(fsp);
  fsp.open = async (...given) => {
    const handle = await open(...given);
    handles.push(handle);
    return handle;
  };
  syncBuiltinESMExports();
  try {
    await run().catch(() => undefined);
  } finally {
    fsp.open = open;
    syncBuiltinESMExports();
  }
  // A closed file has no number.
  const left = handles.filter(({ fd }) => fd !== -1);
  for (const handle of left) await handle.close();
  return { opened: handles.length, left: left.length };
}
