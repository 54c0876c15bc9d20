/** A disk that is full, for a process that is told so: writing fails as the system lets it fail. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** From now on nothing can be written. Returns what ends that. */
export function fillDisk(): () => void {
  const { writeSync } = fs;
  fs.writeSync = () => {
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };
  syncBuiltinESMExports();
  return () => {
    fs.writeSync = writeSync;
    syncBuiltinESMExports();
  };
}
