/**
 * `fingerprints.json`: what a run depends on outside its directory, as it was when the run was started: every file that
 * its numbers come from, and the engine. Written at the first start, compared at every later one.
 */
import * as fs from 'node:fs';
import type { Text } from '../common/text.ts';
import { latestAttempt } from './attempts.ts';
import { changesText, type Change, type EngineMark, type FileMark } from './changes.ts';
import { RunError } from './error.ts';
import type { AcceptedRecord, StartEvent } from './events.ts';
import { readText, replaceFile } from '../files/plain.ts';
import { isFields } from '../common/checks.ts';
import { member, orderedText } from './json.ts';
import { runPaths } from './layout.ts';
import { recordsBackward } from './backward.ts';

export interface AcceptedChange {
  /** The attempt that went on with it. */
  readonly attempt: number;
  /** Steps done before. */
  readonly step: number;
  readonly change: Change;
}

export interface Fingerprints {
  readonly v: 1;
  /** The attempt that this is the state of. */
  readonly attempt: number;
  readonly files: readonly FileMark[];
  readonly engine: EngineMark;
  /** What has changed since the first start and was accepted, in order. */
  readonly accepted: readonly AcceptedChange[];
}

const limit = 16 * 1024 * 1024;

export function writeFingerprints(directory: string, fingerprints: Fingerprints): void {
  const content = orderedText({ ...fingerprints, accepted: fingerprints.accepted.map(acceptedRecord) });
  replaceFile(runPaths(directory).fingerprints, `${content}\n`, { sync: true });
}

/** Null when there are none: the run was never started, or by an earlier version. `damaged` when they cannot be read. */
export function readFingerprints(directory: string): Fingerprints | 'damaged' | null {
  const { fingerprints } = runPaths(directory);
  const content = readText(fingerprints, limit);
  if (content === null) return isThere(fingerprints) ? 'damaged' : null;
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return 'damaged';
  }
  const files = listOf(member(value, 'files'), fileMark);
  const engine = engineMark(member(value, 'engine'));
  const accepted = listOf(member(value, 'accepted'), acceptedChange);
  const attempt = member(value, 'attempt');
  if (member(value, 'v') !== 1 || !files || !engine || !accepted || typeof attempt !== 'number') return 'damaged';
  return { v: 1, attempt, files, engine, accepted };
}

function isThere(file: string): boolean {
  return fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

/** The members of a list, or null when one of them is not what it should be. */
function listOf<T>(value: unknown, read: (entry: unknown) => T | null): readonly T[] | null {
  if (!Array.isArray(value)) return null;
  const entries = value.map(read);
  return entries.every((entry) => entry !== null) ? entries : null;
}

const isWord = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

function fileMark(value: unknown): FileMark | null {
  const path = member(value, 'path');
  const facts = fileFacts(value);
  return isWord(path) && facts ? { path, ...facts } : null;
}

function fileFacts(value: unknown): Omit<FileMark, 'path'> | null {
  const [bytes, sha256] = [member(value, 'bytes'), member(value, 'sha256')];
  if (!isWord(sha256) || (bytes !== undefined && !isCount(bytes))) return null;
  return { ...(bytes === undefined ? {} : { bytes }), sha256 };
}

function engineMark(value: unknown): EngineMark | null {
  if (!isFields(value)) return null;
  const { name, version, device, threads } = value;
  if (!isWord(name) || !isWord(device) || !isCount(threads) || !(version === undefined || isWord(version))) return null;
  return { name, ...(version === undefined ? {} : { version }), device, threads };
}

function acceptedChange(value: unknown): AcceptedChange | null {
  const [attempt, step] = [member(value, 'attempt'), member(value, 'step')];
  const change = changeOf(value);
  return isCount(attempt) && isCount(step) && change ? { attempt, step, change } : null;
}

function changeOf(value: unknown): Change | null {
  if (!isFields(value)) return null;
  const { kind, before, after } = value;
  if (kind === 'engine' || kind === 'engine-version' || kind === 'device' || kind === 'threads') {
    const plain = (one: unknown): one is string | number => isWord(one) || isCount(one);
    return plain(before) && plain(after) ? { kind, before, after } : null;
  }
  const { path, change } = value;
  if (kind !== 'file' || !isWord(path)) return null;
  if (change !== 'changed' && change !== 'grew' && change !== 'missing' && change !== 'added') return null;
  return { kind, path, change, before: fileFacts(before), after: fileFacts(after) };
}

/** As it stands in `result.json` and in the `start` record: one object, the change beside when it was accepted. */
export function acceptedRecord({ attempt, step, change }: AcceptedChange): AcceptedRecord {
  return { attempt, step, ...change };
}

/** The newest `start` record of a run, or null: runs of earlier versions tell no more of their engine. */
export function lastStart(directory: string): (StartEvent & { readonly attempt: number }) | null {
  for (const record of recordsBackward(directory, '"kind":"start"')) if (record.kind === 'start') return record;
  return null;
}

/** The engine that a run was last started on; null when it never was. */
export function formerEngine(directory: string): EngineMark | null {
  const known = readFingerprints(directory);
  if (known !== null && known !== 'damaged') return known.engine;
  const start = lastStart(directory);
  if (start === null) return null;
  const { name, device, threads } = start.engine;
  return { name, device, threads };
}

/** Threads of the native engine at the last start; the embedded one has no say in that. */
export function formerThreads(directory: string): number | undefined {
  const engine = formerEngine(directory);
  return engine?.name === 'native' ? engine.threads : undefined;
}

/**
 * The engine to ask for when a run goes on: what the person says, else that of its last start, which the trainer knows.
 * A run that never began is begun as it was first asked for.
 */
export function engineToResume(directory: string, asked: string | undefined): string {
  if (asked !== undefined) return asked;
  return formerEngine(directory) === null ? (latestAttempt(directory)?.engine ?? 'auto') : 'auto';
}

/** A run is not gone on with, since what it depends on has changed. */
export class ChangedError extends RunError {
  /** What has changed, as clauses. */
  readonly changes: Text;

  constructor(changes: Text, en: string, zh: string) {
    super('changed', en, zh);
    this.changes = changes;
  }
}

export function refuseResume(changes: readonly Change[]): ChangedError {
  const list = changesText(changes);
  return new ChangedError(
    list,
    `This run is not resumed, because what it depends on has changed since it was last started: ${list.en}. Put it back as it was, or go on all the same with --accept-changes; result.json then says so.`,
    `未继续此运行，因为它所依赖的内容自上次启动后已改变：${list.zh}。请恢复原状；或用 --accept-changes 照样继续，result.json 会注明。`,
  );
}

export function refuseFork(changes: readonly Change[]): ChangedError {
  const list = changesText(changes);
  return new ChangedError(
    list,
    `No fork is made, because what its parent depended on has changed since that was last started: ${list.en}. Put it back as it was, or go on all the same with --accept-changes; result.json then says so.`,
    `未创建分支，因为其来源运行所依赖的内容自上次启动后已改变：${list.zh}。请恢复原状；或用 --accept-changes 照样继续，result.json 会注明。`,
  );
}

export function refuseDamaged(): ChangedError {
  const list = {
    en: "the run's fingerprints.json is damaged, so that nobody can tell what has changed",
    zh: '此运行的 fingerprints.json 已损坏，无法判断有何改变',
  };
  return new ChangedError(
    list,
    `This run is not resumed: ${list.en}. Start a new run, or go on all the same with --accept-changes.`,
    `未继续此运行：${list.zh}。请新建运行；或用 --accept-changes 照样继续。`,
  );
}

/** The engine of the last start is not to be had any more. */
export function refuseOtherEngine(name: string, reason: Text): ChangedError {
  const list = {
    en: `its engine (${name}) is not available now: ${reason.en}`,
    zh: `原引擎（${name}）现不可用：${reason.zh}`,
  };
  return new ChangedError(
    list,
    `This run is not resumed: ${list.en}. Install it again, or go on with the engine that is here: --accept-changes. The numbers will then differ from those of an uninterrupted run.`,
    `未继续此运行：${list.zh}。请重新安装该引擎；或用 --accept-changes 改用现有引擎继续，数值将与未中断的运行不同。`,
  );
}

/** @param changes none where it is known only that there are some */
export function refuseEvaluation(changes: readonly Change[]): RunError {
  const list = changes.length > 0 ? changesText(changes) : { en: 'its training rows are others', zh: '训练行不同' };
  return new RunError(
    'changed',
    `The data have changed since this run was trained, so its splits are no longer what they were: ${list.en}. Give the file to evaluate with --data, or train again.`,
    `数据在此运行训练之后已改变，其划分已不是原来的划分：${list.zh}。请用 --data 指定要评估的文件，或重新训练。`,
  );
}

/** For runs of versions that wrote no fingerprints. */
export const unknownText: Text = {
  en: 'This run was started by a version that kept no fingerprints: whether its data, split or modules have changed since cannot be known.',
  zh: '启动此运行的版本未保存指纹：无法得知其数据、划分或模块此后是否改变。',
};
