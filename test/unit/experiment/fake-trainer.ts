// A trainer without tensors: the same numbers however often it is killed. It goes on as long as the file `hold` beside the
// spec is there, if its seed is one of the later ones, so that there is always somebody to kill.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startBeating } from '../../../src/runs/alive.ts';
import { endAttempt } from '../../../src/runs/attempts.ts';
import { beginAttempt } from '../../../src/runs/begin.ts';
import { cleanUp, readLatestCheckpoint, writeCheckpoint } from '../../../src/runs/checkpoints.ts';
import { takeRequest } from '../../../src/runs/control.ts';
import { RunError } from '../../../src/runs/error.ts';
import { writeFingerprints } from '../../../src/runs/fingerprints.ts';
import { readFrozen, readRunRecord, resolvedText, sha256, specFileOf } from '../../../src/runs/frozen.ts';
import { writeResult } from '../../../src/runs/result.ts';
import { openWriter } from '../../../src/runs/writer.ts';
import { epochBody, resultOf, startBody } from './bodies.ts';

const { values } = parseArgs({
  options: { run: { type: 'string' }, attempt: { type: 'string' }, resume: { type: 'boolean' } },
});
const directory = values.run ?? '';
/** Steps whose sum is the result. */
const counted = 8;
/** From this seed on a run waits for the file. */
const firstHeld = 4;

async function train(): Promise<void> {
  const byHand = { engine: 'wasm', root: '.', allowOutside: false, keepAliveMinutes: 0 };
  const { attempt, lock } = await beginAttempt(directory, Number(values.attempt), byHand);
  const beating = startBeating(directory, lock.token);
  const specFolder = path.dirname(specFileOf(directory, readRunRecord(directory)));
  const frozen = readFrozen(directory);
  const training = frozen.resolved.get('training');
  const seed = training instanceof Map ? Number(training.get('seed')) : NaN;
  const held = (): boolean => seed >= firstHeld && fs.existsSync(path.join(specFolder, 'hold'));
  cleanUp(directory);
  const writer = openWriter(directory, { token: lock.token });
  writeFingerprints(directory, {
    ...{ v: 1, attempt: attempt.attempt, accepted: [] },
    files: [{ path: 'table.csv', sha256: sha256(fs.readFileSync(path.join(specFolder, 'table.csv'))) }],
    engine: { name: 'wasm', device: 'cpu', threads: 1 },
  });
  const checkpoint = readLatestCheckpoint(directory);
  const state = checkpoint?.files.get('state.json');
  let { step, sum } = state
    ? (JSON.parse(Buffer.from(state).toString()) as { step: number; sum: number })
    : { step: 0, sum: 0 };
  const again = writer.nextSeq > 0;
  const from = checkpoint ? writer.resumedFrom({ ...checkpoint, epoch: 0 }).seq : -1;
  writer.append(startBody(attempt.attempt, seed, again ? from : undefined));
  // A number of the spec alone.
  const own = Number.parseInt(sha256(resolvedText(frozen)).slice(0, 6), 16) / 2 ** 24;
  let status: 'completed' | 'stopped' = 'completed';
  while (status === 'completed' && (step < counted || held())) {
    step++;
    if (step <= counted) sum += own * step;
    await sleep(3);
    if (takeRequest(directory, lock.token)?.request === 'stop') status = 'stopped';
    const info = writeCheckpoint(directory, step, new Map([['state.json', Buffer.from(JSON.stringify({ step, sum }))]]), { keep: 2 }); // prettier-ignore
    writer.append({ kind: 'checkpoint', ...info });
  }
  if (status === 'completed') {
    writer.append(epochBody(1, sum));
    writer.append(epochBody(2, sum + 1));
    writeResult(directory, resultOf(sum, seed));
  }
  writer.append({ kind: 'end', status, seconds: 1 });
  writer.close();
  endAttempt(directory, attempt.attempt, { status });
  beating.stop();
  lock.release();
}

train().catch((error: unknown) => {
  console.error(error);
  // At once, as a trainer does: what beats would keep it alive, and its run held.
  process.exit(error instanceof RunError ? error.exitCode : 1);
});
