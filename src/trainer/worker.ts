/**
 * The code with tensors, in one bundle: as a thread it trains one run; loaded by the command line it evaluates,
 * predicts and suggests.
 */
import * as path from 'node:path';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { train } from './train.ts';
import { isWorkerStart } from './process/messages.ts';

export { evaluateRun } from './trained/evaluate.ts';
export { predictRun } from './trained/predict.ts';
export { suggest } from './suggest/suggest.ts';
export { note as suggestionNote } from './suggest/suggestion.ts';

if (!isMainThread && isWorkerStart(workerData)) {
  const assets = path.dirname(process.argv[1] ?? '');
  void train(workerData, assets).then((end) => parentPort?.postMessage(end));
}
