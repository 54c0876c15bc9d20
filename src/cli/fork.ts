/** `mtl train --from RUN[@STEP]`: the directory of a new run that goes on from a checkpoint of another one. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { lastStart } from '../runs/fingerprints.ts';
import { engineToFork, forkFrom, specOfRun } from '../runs/fork/from.ts';
import { forkChangesText } from '../runs/fork/texts.ts';
import { readFrozen, readRunRecord, specFileOf } from '../runs/frozen.ts';
import { createRun } from '../runs/launch.ts';
import { deleteRun } from '../runs/list.ts';
import { nameOf } from '../runs/name.ts';
import { applySettings, parseSetting, readSpecValue, type Spec, type SpecReading } from '../spec/index.ts';
import { thisMachine } from '../runtime/machine.ts';
import type { Arguments } from './arguments.ts';
import { CliError } from './error.ts';
import { t } from './language.ts';
import { plain, printProgress } from './output.ts';
import { placeOf, type Place } from './places.ts';
import { countText, Positions, problemLines } from './problems.ts';
import { runDirectory, runPlace } from './run-directory.ts';
import { checkReading, checkSpec, isError, rangesIn, readSpecFile, type CheckedSpec } from './spec-file.ts';

export interface MadeFork {
  readonly directory: string;
  readonly place: Place;
  readonly engine: string;
}

/** What the fork is trained by, and where it belongs. */
interface Wish {
  readonly text: string;
  readonly set: readonly string[];
  readonly specFile: string;
  /** As a person knows it. */
  readonly specName: string;
  readonly place: Place;
  readonly checked: CheckedSpec;
}

/**
 * @throws CliError, RunError where the request is wrong or something cannot be carried over; nothing is made then
 */
export async function makeFork(args: Arguments, from: string, engine: string | undefined): Promise<MadeFork> {
  const { run, step } = parsePlace(from);
  const parent = runDirectory(run);
  const wish = args.words.length > 0 ? await ofSpec(args, engine) : await ofRun(args, parent, engine);
  const resolved = soundSpec(wish);
  const fork = forkFrom(parent, step, resolved);
  const runDir = args.text('run-dir');
  const directory = createRun({
    ...{ text: wish.text, resolved, set: wish.set, specFile: wish.specFile, root: wish.place.root, fork },
    name: nameOf(resolved.name, wish.specFile),
    ...(runDir === undefined ? {} : { directory: runDir }),
  });
  const changes = forkChangesText(fork.record.changes);
  const { run: id, step: at } = fork.record;
  printProgress(
    changes === null
      ? t(`Fork of ${id} at step ${at}, nothing changed.`, `自 ${id} 第 ${at} 步分支，无更改。`)
      : t(`Fork of ${id} at step ${at}: ${plain(changes.en)}`, `自 ${id} 第 ${at} 步分支：${plain(changes.zh)}`),
  );
  return { directory, place: wish.place, engine: engineToFork(parent, fork, engine) };
}

/** A fork that was refused before it began leaves nothing behind. */
export function removeUnbegun(directory: string): void {
  if (lastStart(directory) === null) deleteRun(directory);
}

/** `RUN@STEP`; a directory that is there may have an `@` in its name. */
function parsePlace(from: string): { readonly run: string; readonly step: number | undefined } {
  if (!from.includes('@') || fs.existsSync(from)) return { run: from, step: undefined };
  const [, run, digits] = /^(.+)@(\d{1,15})$/.exec(from) ?? [];
  if (run !== undefined && digits !== undefined) return { run, step: Number(digits) };
  throw new CliError(
    `"${from}" names no checkpoint: after @ stands a step, for example RUN@120.`,
    `“${from}”未指定检查点：@ 之后应为步数，例如 RUN@120。`,
  );
}

async function ofSpec(args: Arguments, engine: string | undefined): Promise<Wish> {
  const set = settingsOf(args);
  const spec = readSpecFile(args.word(0));
  const place = placeOf(args, spec.file);
  const checked = await checkSpec(spec, place, 'header', set, engine);
  return { text: spec.text, set, specFile: spec.file, specName: spec.name, place, checked };
}

/** The parent's own spec, as it was frozen, with what `--set` changes. */
async function ofRun(args: Arguments, parent: string, engine: string | undefined): Promise<Wish> {
  const set = settingsOf(args);
  const frozen = readFrozen(parent);
  const place = runPlace(args, parent);
  const record = readRunRecord(parent);
  const specFile = specFileOf(parent, record, place.root);
  const reading = withSettings(readSpecValue(specOfRun(parent)), set);
  const rangeOf = rangesIn(frozen.text);
  const checked = await checkReading(reading, { ...place, specFile }, 'header', rangeOf, { ...thisMachine(), engine });
  const problems = checked.problems.map((one) => ({ ...one, range: rangeOf(one.pointer), fixes: [] }));
  const specName = path.relative('.', specFile);
  return {
    ...{ text: frozen.text, set: [...frozen.set, ...set], specFile, specName, place },
    checked: { ...checked, problems },
  };
}

function settingsOf(args: Arguments): readonly string[] {
  const seed = args.count('seed');
  return [...args.list('set'), ...(seed === undefined ? [] : [`/training/seed=${seed}`])];
}

function withSettings(reading: SpecReading, set: readonly string[]): SpecReading {
  const read = set.map(parseSetting);
  const bad = read.flatMap(({ problems }) => problems);
  if (bad.length > 0) return { ...reading, problems: [...reading.problems, ...bad] };
  return applySettings(
    reading,
    read.flatMap(({ setting }) => (setting ? [setting] : [])),
  );
}

function soundSpec({ checked, specName, text }: Wish): Spec {
  const problems = checked.problems.map((one) =>
    one.code === 'memory' ? { ...one, severity: 'error' as const } : one,
  );
  for (const line of problemLines(specName, new Positions(text), problems)) printProgress(line);
  const { spec } = checked.reading;
  if (spec && !problems.some(isError)) return spec;
  const count = countText(problems);
  throw new CliError(`No fork is made: ${count}.`, `未创建分支：${count}。`);
}
