/**
 * What a run depends on outside its directory, as it is now: the files that its numbers come from. Compared with what
 * they were at the last start, by whoever starts a run again or evaluates it. No tensors here.
 */
import { text } from '../../common/text.ts';
import * as path from 'node:path';
import { sourceFiles } from '../../data/describe.ts';
import { DataError, unreadable } from '../../data/error.ts';
import { resolveInside, type SourceFile } from '../../data/paths.ts';
import { fileChanges, type FileChange, type FileMark, type FileNow } from '../../runs/changes.ts';
import { fileState, hashFile, type HashedFile } from '../../files/hash.ts';
import { readFingerprints } from '../../runs/fingerprints.ts';
import type { FrozenModule } from '../../runs/frozen.ts';
import type { Spec } from '../../spec/index.ts';
import { TrainingError } from '../errors.ts';
import { moduleFiles } from './module-files.ts';
import type { FrozenRun } from './frozen-run.ts';

export type Purpose = 'training' | 'evaluation';

/** Of a run as it was frozen: what it asks for, and where. */
type Asked = Pick<FrozenRun, 'spec' | 'place' | 'specName'>;

export interface LookOptions {
  readonly purpose: Purpose;
  /** As the files were before: of one that had a length then, the beginning of that length is hashed, too. */
  readonly before?: readonly FileMark[];
  /** Bytes hashed so far, of all. */
  readonly onBytes?: (done: number, total: number) => void;
}

export interface Surroundings {
  readonly files: readonly FileNow[];
  /** Names of those that are data, not code. */
  readonly data: ReadonlySet<string>;
  /** The spec's own code as it is now, by the name that the spec writes. */
  readonly modules: readonly FrozenModule[];
  /** @throws TrainingError `changed-meanwhile` when a file is not any more what was hashed */
  readonly verify: () => Promise<void>;
}

/** A file that a spec names, or that its code names. */
interface Named {
  /** Relative to the folder that the spec belongs to, with `/`; as written where that is absolute. */
  readonly name: string;
  /** Null where it is missing. */
  readonly file: SourceFile | null;
  /** As the spec writes it, where it is code. */
  readonly module?: string;
  /** It is code, or a part of it. */
  readonly code?: true;
}

/**
 * Hashes every file that a run depends on.
 *
 * @throws DataError where a path may not be opened; a file that is missing is told as such
 */
export async function lookAround(asked: Asked, { purpose, before = [], onBytes }: LookOptions): Promise<Surroundings> {
  const named = await namedFiles(asked, purpose);
  const total = named.reduce((sum, { file }) => sum + (file?.bytes ?? 0), 0);
  const lengths = new Map(before.map(({ path: name, bytes }) => [name, bytes]));
  let done = 0;
  const files: FileNow[] = [];
  const modules: FrozenModule[] = [];
  const hashed: { readonly file: SourceFile; readonly facts: HashedFile }[] = [];
  for (const { name, file, module } of named) {
    if (file === null) {
      files.push({ path: name, sha256: null });
      continue;
    }
    const facts = await hash(file, lengths.get(name), (bytes) => onBytes?.((done += bytes), total));
    const { state: _, ...mark } = facts;
    files.push({ path: name, ...mark });
    hashed.push({ file, facts });
    if (module !== undefined) modules.push({ path: module, sha256: facts.sha256 });
  }
  const verify = async (): Promise<void> => {
    for (const { file, facts } of hashed) {
      if ((await fileState(file.path)) === facts.state) continue;
      if ((await hash(file)).sha256 !== facts.sha256) throw changedMeanwhile(file.name);
    }
  };
  const data = new Set(named.flatMap(({ name, code }) => (code ? [] : [name])));
  return { files, data, modules, verify };
}

/** Each file once. Evaluation needs no strategy. */
async function namedFiles(asked: Asked, purpose: Purpose): Promise<readonly Named[]> {
  const { spec, place, specName = path.basename(place.specFile) } = asked;
  const nameOf = (written: string): string =>
    path.isAbsolute(written)
      ? written
      : path.posix.join(path.posix.dirname(specName), written.split(path.sep).join('/'));
  const found = new Map<string, Named>();
  for (const written of dataFiles(spec)) {
    const name = nameOf(written);
    if (!found.has(name)) found.set(name, { name, file: await findFile(asked, written) });
  }
  const { strategy } = spec;
  if (purpose === 'evaluation' || strategy.name !== 'module') return [...found.values()];
  const name = nameOf(strategy.module);
  const file = await findFile(asked, strategy.module);
  found.set(name, { name, file, module: strategy.module, code: true });
  const parts = file === null ? [] : await moduleFiles(file, place);
  for (const part of parts.filter((one) => one !== file)) {
    const way = path
      .relative(path.dirname(file?.path ?? ''), part.path)
      .split(path.sep)
      .join('/');
    const partName = path.posix.join(path.posix.dirname(name), way);
    if (!found.has(partName)) found.set(partName, { name: partName, file: part, code: true });
  }
  return [...found.values()];
}

/** Every file of the data that a spec names. */
function dataFiles(spec: Spec): readonly string[] {
  const { split } = spec.data;
  return [...sourceFiles(spec).map(({ path: written }) => written), ...('file' in split ? [split.file] : [])];
}

async function findFile({ place }: Asked, written: string): Promise<SourceFile | null> {
  try {
    return await resolveInside(place.root, path.dirname(place.specFile), written, place);
  } catch (error) {
    if (error instanceof DataError && error.code === 'file-missing') return null;
    throw error;
  }
}

async function hash(file: SourceFile, beginning?: number, onBytes?: (bytes: number) => void): Promise<HashedFile> {
  try {
    return await hashFile(file.path, {
      ...(beginning === undefined ? {} : { beginning }),
      ...(onBytes === undefined ? {} : { onBytes }),
    });
  } catch (error) {
    throw unreadable(file.name, error);
  }
}

function changedMeanwhile(name: string): TrainingError {
  return new TrainingError(
    'changed-meanwhile',
    text(
      `“${name}” was written while it was read, so that nobody can tell which rows were taken. Start again when nothing writes it any more.`,
      `“${name}”在读取期间被写入，无法确定读到了哪些行。请待其不再变化后重新开始。`,
    ),
  );
}

/**
 * What has changed of the data since a run was last started; null where that cannot be known.
 *
 * @throws DataError
 */
export async function dataChanges(
  directory: string,
  asked: Asked,
): Promise<{ readonly changes: readonly FileChange[]; readonly verify: () => Promise<void> } | null> {
  const known = readFingerprints(directory);
  if (known === null || known === 'damaged') return null;
  const { files, verify } = await lookAround(asked, { purpose: 'evaluation', before: known.files });
  // Code is no part of an evaluation.
  const names = new Set(files.map(({ path: name }) => name));
  const before = known.files.filter(({ path: name }) => names.has(name));
  return { changes: fileChanges(before, files), verify };
}
