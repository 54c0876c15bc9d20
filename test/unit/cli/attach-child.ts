// Child process of attach.test.ts: `mtl train` with the fake trainer. Arguments: run directory, last seq known, json or text.
import { fileURLToPath } from 'node:url';
import { attach } from '../../../src/cli/attach.ts';
import { complain } from '../../../src/cli/run.ts';
import { guardOutput } from '../../../src/cli/output.ts';
import { launch } from '../../../src/runs/launch.ts';
import { fillDisk } from '../full-disk.ts';

const [directory = '', after = '', mode = ''] = process.argv.slice(2);

guardOutput();

async function main(): Promise<number> {
  const launched = await launch(directory, {
    ...{ resume: false, root: directory, engine: 'auto', allowOutside: false, keepAliveMinutes: 0 },
    trainerFile: fileURLToPath(new URL('../runs/fake-trainer.ts', import.meta.url)),
    nodeArguments: ['--import', import.meta.resolve('tsx')],
  });
  if (process.env['FAKE_FULL'] !== undefined) fillDisk();
  const end = attach({ json: mode === 'json', launched, after: Number(after) });
  process.send?.('attached');
  return end;
}

void main()
  .catch(complain)
  .then((code) => {
    process.exitCode = code;
    process.disconnect();
  });
