// A trainer without tensors for launch.test.ts: a sum that must come out the same however often it is killed.
import * as fs from 'node:fs';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBeating } from '../../../src/runs/alive.ts';
import { endAttempt } from '../../../src/runs/attempts.ts';
import { beginAttempt } from '../../../src/runs/begin.ts';
import { cleanUp, readLatestCheckpoint, writeCheckpoint, writeModel } from '../../../src/runs/checkpoints.ts';
import { takeRequest } from '../../../src/runs/control.ts';
import { RunError } from '../../../src/runs/error.ts';
import { openWriter } from '../../../src/runs/writer.ts';
import { startBody, stepBody } from './helpers.ts';

// One that hears nothing trains for minutes: it must be killed.
const deaf = process.env['FAKE_DEAF'] !== undefined;
const lastStep = deaf ? 100_000 : 60;
const { values } = parseArgs({
  options: { run: { type: 'string' }, attempt: { type: 'string' }, resume: { type: 'boolean' } },
});
const directory = values.run ?? '';

async function train(): Promise<void> {
  const byHand = { engine: 'auto', root: '.', allowOutside: false, keepAliveMinutes: 0 };
  const { attempt, lock } = await beginAttempt(directory, Number(values.attempt), byHand);
  if (process.env['FAKE_CRASH'] !== undefined) throw new Error('the fake trainer was told to crash');
  const beating = startBeating(directory, lock.token);
  cleanUp(directory);
  const writer = openWriter(directory, { token: lock.token });
  const checkpoint = readLatestCheckpoint(directory);
  let { step, sum } = checkpoint
    ? (JSON.parse(Buffer.from(checkpoint.files.get('state.json') ?? []).toString()) as { step: number; sum: number })
    : { step: 0, sum: 0 };
  const from = checkpoint ? writer.resumedFrom({ ...checkpoint, epoch: 1 }) : { step: 0, epoch: 0, seq: -1 };
  writer.append(startBody(attempt.attempt, values.resume === true ? from : undefined));
  let status: 'completed' | 'stopped' | 'failed' = process.env['FAKE_FAIL'] === undefined ? 'completed' : 'failed';
  const save = (): void => {
    writer.sync();
    const info = writeCheckpoint(directory, step, new Map([['state.json', Buffer.from(JSON.stringify({ step, sum }))]]), { keep: 2 }); // prettier-ignore
    writer.append({ kind: 'checkpoint', ...info });
  };
  while (step < lastStep && status === 'completed') {
    step++;
    sum += step * step;
    writer.append(stepBody(step, sum));
    if (step % 7 === 0) writeModel(directory, new Map([['model.json', Buffer.from(String(sum))]]));
    if (step % 5 === 0) save();
    do await sleep(1);
    while (fs.existsSync(process.env['FAKE_HOLD'] ?? ''));
    const wish = deaf ? null : takeRequest(directory, lock.token);
    if (wish?.request === 'stop') {
      status = 'stopped';
      writer.append({ kind: 'state', state: 'stopping', by: wish.by });
      save();
    }
  }
  const warnings = JSON.parse(process.env['FAKE_WARN'] ?? '[]') as readonly string[];
  for (const message of warnings) writer.append({ kind: 'warning', code: 'odd', message });
  const error = status === 'failed' ? { error: { code: 'no-rows', message: 'There are no rows.' } } : {};
  writer.append({ kind: 'end', status, ...error, seconds: 1 });
  writer.close();
  endAttempt(directory, attempt.attempt, { status });
  beating.stop();
  lock.release();
}

train().catch((error: unknown) => {
  console.error(error);
  process.exitCode = error instanceof RunError ? error.exitCode : 1;
});
