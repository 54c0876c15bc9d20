// Loaded into the trainer before all else: from the moment a file `full` stands in the run directory, nothing is written.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

fs.writeSync = new Proxy(fs.writeSync, {
  apply: (target, self, args) => {
    if (fs.existsSync('full')) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    return Number(Reflect.apply(target, self, args));
  },
});
syncBuiltinESMExports();
