/**
 * The functions of `worker.cjs` that verbs call: the only code with tensors, so it is loaded when it is needed and not
 * before.
 */
import { createRequire } from 'node:module';
import type * as Worker from '../trainer/worker.ts';
import { CliError } from './error.ts';
import { programFile } from './places.ts';

type WorkerBundle = typeof Worker;

/** @throws CliError when the bundle is missing or is not of this version */
export function loadWorker(): WorkerBundle {
  const file = programFile('worker.cjs');
  const loaded: unknown = createRequire(file)(file);
  if (isWorkerBundle(loaded)) return loaded;
  throw new CliError(
    'worker.cjs is of another version. Install the extension again, or run "npm run build".',
    'worker.cjs 版本不符。请重新安装扩展，或运行“npm run build”。',
  );
}

function isWorkerBundle(value: unknown): value is WorkerBundle {
  if (typeof value !== 'object' || value === null) return false;
  const has = (name: string): boolean => name in value && typeof Reflect.get(value, name) === 'function';
  return ['evaluateRun', 'predictRun', 'suggest'].every(has) && 'suggestionNote' in value;
}
