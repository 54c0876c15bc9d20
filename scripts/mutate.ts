// npm run mutate [-- SEED N] [--room ROOM…] [--list] [--reuse] [--budget SECONDS] [--width N]
//
// Puts N single faults (40) into a copy of the code, one at a time, and runs the tests that run the line: do they notice? The
// seed picks the faults; the same seed and commit pick the same ones. Those that the compiler refuses are no choice. Faults that
// change nothing are listed, with the reason, in test/equivalent-faults.json. The exit status is 1 when fewer than 90 of 100 of
// the others are noticed.
//   --room      only faults in these folders, such as src/plan
//   --list      only says which faults it would put in
//   --reuse     keeps what is known of which test runs what, though sources have changed
//   --budget    seconds of tests for one fault (240)
//   --width     tests at once (2)
// Everything is in out/mutate.json as well.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Compiler } from './lib/mutate/compiler.ts';
import { Bundles, makeCopy } from './lib/mutate/copy.ts';
import { applied, choose, describe, faultsOf } from './lib/mutate/faults.ts';
import { judgedEquivalent, type Judged } from './lib/mutate/judged.ts';
import { mulberry32 } from './lib/mutate/random.ts';
import { Recordings } from './lib/mutate/record.ts';
import { share, survivors, table } from './lib/mutate/report.ts';
import { isPure, testFiles } from './lib/mutate/scope.ts';
import { attempt, type Outcome } from './lib/mutate/trial.ts';
import { root, script, ScriptError } from './lib/process.mjs';

const least = 0.9;
const perFile = 2;

const whole = (text: string | undefined, otherwise: number, what: string): number => {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new ScriptError(`${what} is a whole number, not “${text ?? ''}”.`);
  return value;
};

await script(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      room: { type: 'string', multiple: true, default: [] },
      list: { type: 'boolean', default: false },
      reuse: { type: 'boolean', default: false },
      budget: { type: 'string' },
      width: { type: 'string' },
    },
  });
  const seed = whole(positionals[0], 1, 'The seed');
  const count = whole(positionals[1], 40, 'The number of faults');
  const width = whole(values.width, 2, '--width');
  const say = (line: string): void => console.log(line);

  const copy = makeCopy(root);
  const leave = (): void => fs.rmSync(copy.folder, { recursive: true, force: true });
  process.once('exit', leave);
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(130));

  const read = (file: string): string => fs.readFileSync(path.join(copy.folder, file), 'utf8');
  const inRoom = (file: string): boolean =>
    values.room.length === 0 || values.room.some((room) => file.startsWith(room));
  const sources = copy.files.filter((file) => isPure(file, read) && inRoom(file));
  const compiler = new Compiler(copy.folder);
  const chosen = choose(
    sources.flatMap((file) => faultsOf(file, read(file))),
    count,
    perFile,
    mulberry32(seed),
    (fault) => compiler.accepts(fault.file, applied(read(fault.file), fault)),
  );
  if (values.list) {
    for (const fault of chosen) say(describe(fault));
    return 0;
  }
  const judged = JSON.parse(read('test/equivalent-faults.json')) as readonly Judged[];
  const bundles = await Bundles.build(copy.folder);
  const recordings = await Recordings.make(
    copy.folder,
    testFiles(copy.files),
    path.join(root, '.cache/mutate/recordings.json'),
    { reuse: values.reuse, width, say },
  );
  for (const test of recordings.failing) say(`Fails without any fault, and is left out: ${test}`);

  const outcomes: Outcome[] = [];
  const setting = { folder: copy.folder, recordings, bundles, budget: whole(values.budget, 240, '--budget'), width };
  const target = path.join(root, 'out/mutate.json');
  fs.mkdirSync(path.dirname(target), { recursive: true });
  for (const [index, fault] of chosen.entries()) {
    const reason = judgedEquivalent(fault, judged);
    const outcome: Outcome =
      reason === undefined
        ? await attempt(fault, setting)
        : { fault, verdict: 'equivalent', reason, tried: 0, of: recordings.candidates(fault.file, fault.line).length };
    outcomes.push(outcome);
    const place = outcome.by === undefined ? `${String(outcome.tried)} of ${String(outcome.of)}` : outcome.by;
    say(`${String(index + 1).padStart(4)} ${outcome.verdict.padEnd(10)} ${describe(fault)}  (${place})`);
    fs.writeFileSync(target, JSON.stringify({ seed, count, share: share(outcomes), outcomes }, null, 1));
  }
  const missed = survivors(outcomes);
  if (missed.length > 0) say(`\nNot noticed:\n${missed.map((line) => `  ${line}`).join('\n')}`);
  say(`\n${table(outcomes)}`);
  const noticed = share(outcomes);
  say(`\n${(noticed * 100).toFixed(1)} % of the faults that are not equivalent were noticed (seed ${String(seed)})`);
  return noticed >= least && recordings.failing.length === 0 ? 0 : 1;
});
