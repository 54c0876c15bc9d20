// Child process of lock.test.ts: waits for the starting signal, takes the lock, says so, and holds it until killed.
import { startBeating } from '../../../src/runs/alive.ts';
import { RunError } from '../../../src/runs/error.ts';
import { acquireLock } from '../../../src/runs/lock.ts';

const directory = process.argv[2] ?? '';
process.once('message', () => {
  acquireLock(directory, { attempt: Number(process.argv[3] ?? 1) }).then(
    (lock) => {
      startBeating(directory, lock.token);
      process.send?.({ got: true, held: lock.held() });
    },
    (error: unknown) => {
      process.send?.({ got: false, code: error instanceof RunError ? error.code : String(error) });
      process.disconnect();
    },
  );
});
process.send?.('ready');
