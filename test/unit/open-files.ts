/** Which files this process has opened and not closed, for tests of what is left behind. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

export interface OpenFiles {
  /** Those opened since the watch began that are open still. */
  names(): readonly string[];
  /** Ends the watch. */
  stop(): void;
}

/** Watches the calls that open and close a file at once. */
export function watchOpenFiles(): OpenFiles {
  const { openSync, closeSync } = fs;
  const open = new Map<number, string>();
  fs.openSync = (...parameters: Parameters<typeof openSync>) => {
    const handle = openSync(...parameters);
    open.set(handle, String(parameters[0]));
    return handle;
  };
  fs.closeSync = (handle) => {
    closeSync(handle);
    open.delete(handle);
  };
  syncBuiltinESMExports();
  return {
    names: () => [...open.values()],
    stop: () => {
      Object.assign(fs, { openSync, closeSync });
      syncBuiltinESMExports();
    },
  };
}
