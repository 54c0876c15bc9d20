/**
 * Oracle H7's last part: a trainer killed in the middle, whose strategy has a state, continues to the same model bit for bit.
 * Real processes; the states of all other strategies go through checkpoints in test/unit/trainer/step.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ended,
  events,
  makeWorkplace,
  newRun,
  outcomeOf,
  specText,
  start,
  until,
  type Fields,
  type Workplace,
} from '../unit/trainer/run-helpers.ts';

let place: Workplace;
before(() => {
  place = makeWorkplace();
});
after(() => place.remove());

const training = {
  optimizer: 'adam',
  learningRate: 0.01,
  batchSize: 16,
  epochs: 6,
  seed: 7,
  checkpoint: { every: 3, unit: 'step', keep: 2 },
};

/** Numbers the optimizer steps; logits between a step and the next; means of two epochs; averages of rows; a kept solution. */
const stateful: readonly Fields[] = [
  { name: 'uncertainty', stateLearningRate: 0.05 },
  { name: 'famo' },
  { name: 'dwa' },
  { name: 'moco' },
  { name: 'nash-mtl', updateEvery: 4 },
];

const textOf = (strategy: Fields): string =>
  JSON.stringify({ ...(JSON.parse(specText(training)) as Fields), weights: { kind: 1, 值: 1 }, strategy });

/** A run whose trainer was killed in the third epoch; one that was through before the kill came does not count. */
async function killedRun(name: string, text: string): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    const directory = newRun(place, `${name}-killed-${String(attempt)}`, text);
    const launched = await start(directory, place);
    await until(directory, 'checkpoint', 9);
    try {
      process.kill(-launched.pid, 'SIGKILL');
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ESRCH');
    }
    if ((await ended(launched)).signal === 'SIGKILL' && events(directory).at(-1)?.['kind'] !== 'end') return directory;
  }
}

for (const strategy of stateful) {
  const name = String(strategy['name']);
  test(`killed in the middle and resumed: ${name}`, async () => {
    const text = textOf(strategy);
    const whole = newRun(place, `${name}-whole`, text);
    assert.deepEqual(await ended(await start(whole, place)), { code: 0, signal: null }, JSON.stringify(events(whole)));
    const killed = await killedRun(name, text);
    assert.deepEqual(await ended(await start(killed, place, true)), { code: 0, signal: null });
    assert.ok(events(killed).some((record) => record['resumedFrom'] !== undefined));
    assert.deepEqual(outcomeOf(killed), outcomeOf(whole));
  });
}
