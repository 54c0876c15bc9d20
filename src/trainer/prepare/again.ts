/**
 * Starting a run again: what it depends on is compared with what it was at the last start, and its engine stays the one
 * of that start. Refused where something has changed, unless somebody said to go on all the same; then it is told.
 */
import { text, withoutEnd, type Text } from '../../common/text.ts';
import type { Attempt } from '../../runs/attempts.ts';
import {
  changeText,
  engineChanges,
  fileChanges,
  type Change,
  type EngineMark,
  type FileMark,
  type FileNow,
} from '../../runs/changes.ts';
import {
  formerEngine,
  lastStart,
  readFingerprints,
  refuseDamaged,
  refuseFork,
  refuseOtherEngine,
  refuseResume,
  unknownText,
  writeFingerprints,
  type AcceptedChange,
  type Fingerprints,
} from '../../runs/fingerprints.ts';
import { EngineError } from '../../engine/errors.ts';
import type { Engine, EngineRequest } from '../../engine/contract.ts';
import type { FrozenRun } from './frozen-run.ts';
import { lookAround, type LookOptions, type Surroundings } from './surroundings.ts';

export interface Before {
  /** Null where the run was never started, or by a version that kept none. */
  readonly known: Fingerprints | null;
  /** They are there and cannot be read. */
  readonly damaged: boolean;
  /** It was started by a version that kept no fingerprints. */
  readonly unknown: boolean;
  /** A fork that was never started: all that is known is its parent's. */
  readonly ofParent: boolean;
  /** The engine of the last start; null where there was none. */
  readonly engine: EngineMark | null;
  /** The files as they were: at the last start, or the code when the run was made. */
  readonly files: readonly FileMark[];
}

/**
 * What is known of the last start of a run.
 *
 * @param isFork whether it began, or will begin, with the checkpoint of another run
 */
export function before(directory: string, isFork = false): Before {
  const found = readFingerprints(directory);
  const started = lastStart(directory) !== null;
  const known = found === 'damaged' ? null : found;
  return {
    known,
    damaged: found === 'damaged',
    unknown: found === null && (started || isFork),
    ofParent: isFork && !started,
    engine: formerEngine(directory),
    files: known?.files ?? [],
  };
}

type Wish = Pick<Attempt, 'attempt' | 'engine' | 'acceptChanges'>;

/** What a start found, and may go on with. */
export interface Found {
  readonly surroundings: Surroundings;
  readonly engine: Engine;
  /** All changes since the last start; somebody accepts them. */
  readonly changes: readonly Change[];
}

export interface AgainOptions {
  readonly open: (request: EngineRequest) => Promise<Engine>;
  readonly onBytes: NonNullable<LookOptions['onBytes']>;
}

/**
 * Looks at everything that the run depends on, and opens its engine.
 *
 * @throws ChangedError when something is not as it was and `wish` does not accept that; the engine is closed again
 */
export async function findAgain(was: Before, run: FrozenRun, wish: Wish, options: AgainOptions): Promise<Found> {
  const accepts = wish.acceptChanges === true;
  if (was.damaged && !accepts) throw refuseDamaged();
  const surroundings = await lookAround(run, { purpose: 'training', before: was.files, onBytes: options.onBytes });
  const files = was.known ? changesSince(was, run, surroundings) : codeChanges(run, surroundings);
  const engine = await openAgain(was.engine, run, wish, options.open);
  const others = was.engine ? engineChanges(was.engine, engineMark(engine)) : [];
  const refused = accepts ? [] : [...files, ...others.filter(({ kind }) => !(kind === 'engine' && isAsked(wish)))];
  if (refused.length === 0) return { surroundings, engine, changes: [...files, ...others] };
  engine.dispose();
  throw was.ofParent ? refuseFork(refused) : refuseResume(refused);
}

/** A fork that begins with another strategy has nothing to do with the code of its parent's. */
function changesSince(was: Before, { fork }: FrozenRun, { files, data }: Surroundings): ReturnType<typeof fileChanges> {
  const changes = fileChanges(was.files, files);
  const otherCode = was.ofParent && fork?.notCarried.includes('strategy') === true;
  return otherCode ? changes.filter(({ path }) => data.has(path)) : changes;
}

/** Before its first start only a run's code is known, as it was when the run was made. */
function codeChanges({ modules = [] }: FrozenRun, surroundings: Surroundings): ReturnType<typeof fileChanges> {
  const marks = (list: readonly { readonly path: string; readonly sha256: string }[]): FileMark[] => [...list];
  return fileChanges(marks(modules), marks(surroundings.modules)).filter(({ change }) => change !== 'added');
}

/** An engine that is named is a wish; `auto` leaves the run the one it has. */
function isAsked({ engine }: Wish): boolean {
  return engine === 'native' || engine === 'wasm';
}

async function openAgain(
  former: EngineMark | null,
  { spec }: FrozenRun,
  wish: Wish,
  open: AgainOptions['open'],
): Promise<Engine> {
  const asked = requestOf(wish.engine) ?? requestOf(former?.name) ?? spec.training.engine;
  if (former === null || isAsked(wish)) return open(asked);
  try {
    return await open(asked);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    // The cause says why without an advice that would not help here.
    const reason = error.cause instanceof EngineError ? error.cause.text : error.text;
    if (wish.acceptChanges !== true) throw refuseOtherEngine(former.name, withoutEnd(reason));
    return open('auto');
  }
}

/** An engine that can be asked for by name. */
export function requestOf(name: string | undefined): EngineRequest | undefined {
  return name === 'native' || name === 'wasm' ? name : undefined;
}

/** What of an engine is compared. */
export function engineMark({ description: { name, device, threads }, version }: Engine): EngineMark {
  return { name, version, device, threads };
}

/** What a start went on with. */
export interface Settled {
  /** At this start. */
  readonly accepted: readonly AcceptedChange[];
  /** Since the first start. */
  readonly all: readonly AcceptedChange[];
}

/**
 * Writes down what the run depends on, now that it has been read.
 *
 * @param step steps done so far
 * @throws TrainingError `changed-meanwhile`
 */
export async function settle(
  directory: string,
  was: Before,
  { surroundings, engine, changes }: Found,
  { attempt }: Pick<Attempt, 'attempt'>,
  step: number,
): Promise<Settled> {
  await surroundings.verify();
  const accepted = changes.map((change) => ({ attempt, step, change }));
  const all = [...(was.known?.accepted ?? []), ...accepted];
  const files = surroundings.files.flatMap(markIfThere);
  writeFingerprints(directory, { v: 1, attempt, files, engine: engineMark(engine), accepted: all });
  return { accepted, all };
}

function markIfThere(file: FileNow): readonly FileMark[] {
  if (file.sha256 === null) return [];
  const { path, bytes, sha256 } = file;
  return [{ path, ...(bytes === undefined ? {} : { bytes }), sha256 }];
}

export interface AgainWarning {
  readonly code: 'accepted-change' | 'no-fingerprints';
  readonly message: Text;
}

/** For people: what the run went on with, and what nobody can know. */
export function againWarnings(was: Before, { all }: Settled): readonly AgainWarning[] {
  const unknown: readonly AgainWarning[] = was.unknown ? [{ code: 'no-fingerprints', message: unknownText }] : [];
  return [
    ...unknown,
    ...all.map(({ step, change }): AgainWarning => {
      const { en, zh } = changeText(change);
      return {
        code: 'accepted-change',
        message: text(
          `From step ${step} on, the run goes on although something has changed: ${en}.`,
          `自第 ${step} 步起，虽有改变，运行仍继续：${zh}。`,
        ),
      };
    }),
  ];
}
