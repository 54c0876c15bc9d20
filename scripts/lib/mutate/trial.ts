// One fault against the tests that run its line: nearest first, until one notices or the time is up.
import fs from 'node:fs';
import path from 'node:path';
import type { Bundles } from './copy.ts';
import { applied, type Fault } from './faults.ts';
import type { Candidate, Recordings } from './record.ts';
import { inParallel, runTest } from './run-test.ts';

export type Verdict = 'killed' | 'survived' | 'equivalent';
export interface Outcome {
  readonly fault: Fault;
  readonly verdict: Verdict;
  /** The test that noticed it. */
  readonly by?: string;
  /** How far from the file that test is: 0 mirrors it, 1 imports it, 2 runs it in tests of its room, 3 elsewhere. */
  readonly distance?: number;
  /** Tests that ran, and tests that run the line. */
  readonly tried: number;
  readonly of: number;
  /** Why a fault counts as equivalent. */
  readonly reason?: string;
}

/** `src/plan/problems/x.ts` is mirrored by `test/unit/plan/problems/x.test.ts` and by the test of the folder, `problems.test`. */
export function mirrors(test: string, file: string): boolean {
  const mirrored = test.replace(/^test\/(unit|webview)\//, '').replace(/\.test\.ts$/, '');
  const source = file.replace(/^src\//, '').replace(/\.ts$/, '');
  return [source, source.replace(/^webview\//, '')].some(
    (each) =>
      each === mirrored || each.startsWith(`${mirrored}/`) || (path.dirname(each) === mirrored && mirrored !== '.'),
  );
}

function distance(test: string, text: string, file: string): number {
  if (mirrors(test, file)) return 0;
  const base = path.relative(path.dirname(test), file).replaceAll('\\', '/');
  if (text.includes(`'${base}'`)) return 1;
  // A file that everything loads is run by hundreds of tests; those of its own room look at it.
  const [, room = ''] = /^(?:src\/)?([^/]+)/.exec(file) ?? [];
  return test.startsWith(`test/unit/${room}/`) ? 2 : 3;
}

/** A test may take this much longer than when it was recorded before the fault counts as an endless loop. */
const slower = 8;
const leastLimitSeconds = 45;
/** Building a bundle, in a test's seconds. */
const buildSeconds = 2;

export interface Setting {
  readonly folder: string;
  readonly recordings: Recordings;
  readonly bundles: Bundles;
  /** Seconds of tests for a fault. */
  readonly budget: number;
  readonly width: number;
}

function ordered(fault: Fault, { folder, recordings, bundles }: Setting): (Candidate & { distance: number })[] {
  const extra = bundles.of(fault.file).length > 0 ? buildSeconds : 0;
  const cost = (each: Candidate): number => each.seconds + (each.bundled ? extra : 0);
  return recordings
    .candidates(fault.file, fault.line)
    .map((each) => {
      const text = fs.readFileSync(path.join(folder, each.test), 'utf8');
      return { ...each, distance: distance(each.test, text, fault.file) };
    })
    .sort((a, b) => a.distance - b.distance || cost(a) - cost(b));
}

/** Puts the fault in, runs tests, takes it out again. */
export async function attempt(fault: Fault, setting: Setting): Promise<Outcome> {
  const { folder, bundles, budget, width } = setting;
  const place = path.join(folder, fault.file);
  const sound = fs.readFileSync(place, 'utf8');
  const tests = ordered(fault, setting);
  let spent = 0;
  const within = tests.filter(({ seconds }, index) => (spent += seconds) <= budget || index === 0);
  const noticed = new AbortController();
  let by: (Candidate & { distance: number }) | undefined;
  let tried = 0;
  const tell = (test: Candidate & { distance: number }): void => {
    by ??= test;
    noticed.abort();
  };
  try {
    fs.writeFileSync(place, applied(sound, fault));
    bundles.changed(fault.file);
    let building: Promise<boolean> | undefined;
    await inParallel(
      within,
      width,
      async (test) => {
        if (test.bundled) {
          building ??= bundles.refresh();
          if (!(await building)) {
            tell(test);
            return;
          }
        }
        const limit = Math.max(leastLimitSeconds, test.seconds * slower);
        const { ending } = await runTest(folder, test.test, limit, { signal: noticed.signal });
        if (ending === 'broken-off') return;
        tried += 1;
        if (ending !== 'passed') tell(test);
      },
      noticed.signal,
    );
  } finally {
    fs.writeFileSync(place, sound);
    bundles.changed(fault.file);
  }
  const common = { fault, tried, of: tests.length };
  return by === undefined
    ? { ...common, verdict: 'survived' }
    : { ...common, verdict: 'killed', by: by.test, distance: by.distance };
}
