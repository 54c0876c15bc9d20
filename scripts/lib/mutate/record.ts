// Which test runs which line, and how long it takes: recorded once by V8's coverage and kept in .cache.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readCoverage, type Lines } from './coverage.ts';
import { inParallel, runTest } from './run-test.ts';

interface Recorded {
  readonly seconds: number;
  /** A test that fails without a fault can tell nothing about one. */
  readonly passed: boolean;
  /** It runs bundles of dist/. */
  readonly bundled: boolean;
  /** Keyed by file: a hash of what it held, and its lines that ran. */
  readonly files: Readonly<Record<string, { readonly hash: string; readonly lines: string }>>;
}
/** Keyed by the test's file. */
type Records = Record<string, Recorded>;

const recordingLimitSeconds = 1200;
const hashOf = (file: string): string => createHash('sha1').update(fs.readFileSync(file)).digest('hex').slice(0, 16);

/** `3-5,9` */
export function toRanges(lines: ReadonlySet<number>): string {
  const parts: string[] = [];
  let [first, last] = [0, -1];
  for (const line of [...[...lines].sort((a, b) => a - b), Infinity]) {
    if (line === last + 1) {
      last = line;
      continue;
    }
    if (last >= first && last > 0) parts.push(first === last ? String(first) : `${String(first)}-${String(last)}`);
    [first, last] = [line, line];
  }
  return parts.join(',');
}
export const inRanges = (ranges: string, line: number): boolean =>
  ranges !== '' &&
  ranges.split(',').some((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return first <= line && line <= last;
  });

/** Helpers of the tests are kept too: when one changes, what is known about its tests is out of date. */
const kept = (file: string): boolean => /^(src|webview|test|scripts)\//.test(file);

async function record(folder: string, file: string): Promise<Recorded> {
  const coverage = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-mutate-coverage-'));
  const environment = { NODE_V8_COVERAGE: coverage };
  const { ending, seconds } = await runTest(folder, file, recordingLimitSeconds, { environment });
  const { lines, bundled } = readCoverage(coverage, folder);
  fs.rmSync(coverage, { recursive: true, force: true });
  return { seconds, passed: ending === 'passed', bundled, files: hashed(lines, folder) };
}

function hashed(lines: Lines, folder: string): Recorded['files'] {
  const files = [...lines].filter(([file]) => kept(file) && fs.existsSync(path.join(folder, file)));
  return Object.fromEntries(
    files.map(([file, ran]) => [file, { hash: hashOf(path.join(folder, file)), lines: toRanges(ran) }]),
  );
}

export interface Candidate {
  readonly test: string;
  readonly seconds: number;
  readonly bundled: boolean;
}

export class Recordings {
  readonly #records: Records;
  readonly #hashes: ReadonlyMap<string, string>;
  private constructor(records: Records, hashes: ReadonlyMap<string, string>) {
    this.#records = records;
    this.#hashes = hashes;
  }

  /**
   * @param reuse also what was recorded before sources changed: in a changed file, all lines are taken as run. Faster, and
   *   enough to work with; not the same everywhere.
   */
  static async make(
    folder: string,
    tests: readonly string[],
    cache: string,
    { reuse, width, say }: { reuse: boolean; width: number; say: (line: string) => void },
  ): Promise<Recordings> {
    const known: Records = fs.existsSync(cache) ? (JSON.parse(fs.readFileSync(cache, 'utf8')) as Records) : {};
    const hashes = new Map<string, string>();
    const now = (file: string): string => {
      const place = path.join(folder, file);
      const hash = hashes.get(file) ?? (fs.existsSync(place) ? hashOf(place) : '');
      hashes.set(file, hash);
      return hash;
    };
    const fresh = (test: string): boolean => {
      const entry = known[test];
      if (entry?.passed !== true || Object.keys(entry.files).length === 0) return false;
      return Object.entries(entry.files).every(
        ([file, { hash }]) => (reuse && !file.startsWith('test/')) || hash === now(file),
      );
    };
    const missing = tests.filter((test) => !fresh(test));
    if (missing.length > 0) say(`Recording which lines ${String(missing.length)} test files run …`);
    let done = 0;
    await inParallel(missing, width, async (test) => {
      known[test] = await record(folder, test);
      done += 1;
      if (done % 20 === 0) {
        say(`  ${String(done)} of ${String(missing.length)}`);
        save(cache, known);
      }
    });
    if (missing.length > 0) save(cache, known);
    const records = Object.fromEntries(tests.map((test) => [test, known[test] as Recorded]));
    for (const entry of Object.values(records)) for (const file of Object.keys(entry.files)) now(file);
    return new Recordings(records, hashes);
  }

  /** Tests that fail without any fault. */
  get failing(): string[] {
    return Object.keys(this.#records).filter((test) => this.#records[test]?.passed === false);
  }

  /** Files of which some line ran in some test. */
  runs(file: string): boolean {
    return Object.values(this.#records).some(({ files }) => (files[file]?.lines ?? '') !== '');
  }

  /** Tests that run the line. */
  candidates(file: string, line: number): Candidate[] {
    return Object.entries(this.#records).flatMap(([test, { passed, files, seconds, bundled }]) => {
      const entry = files[file];
      if (!passed || entry === undefined || entry.lines === '') return [];
      const covered = entry.hash !== this.#hashes.get(file) || inRanges(entry.lines, line);
      return covered ? [{ test, seconds, bundled }] : [];
    });
  }
}

function save(cache: string, records: Records): void {
  fs.mkdirSync(path.dirname(cache), { recursive: true });
  fs.writeFileSync(cache, JSON.stringify(records));
}
