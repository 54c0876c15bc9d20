/** What has changed of what a run depends on: found by comparing, told in both languages. Pure. */

import type { Text } from '../common/text.ts';

/** A file that a run depends on. Its path is relative to the run's root, with `/`. */
export interface FileMark {
  readonly path: string;
  /** Absent for code that was hashed by an earlier version. */
  readonly bytes?: number;
  readonly sha256: string;
}

/** What of an engine decides the numbers. */
export interface EngineMark {
  readonly name: string;
  /** Absent for runs of an earlier version. */
  readonly version?: string;
  readonly device: string;
  readonly threads: number;
}

export interface FileChange {
  readonly kind: 'file';
  readonly path: string;
  /** `grew`: its beginning is what the whole file was. `added`: the run depends on it now and did not before. */
  readonly change: 'changed' | 'grew' | 'missing' | 'added';
  readonly before: Omit<FileMark, 'path'> | null;
  readonly after: Omit<FileMark, 'path'> | null;
}

export interface EngineChange {
  readonly kind: 'engine' | 'engine-version' | 'device' | 'threads';
  readonly before: string | number;
  readonly after: string | number;
}

export type Change = FileChange | EngineChange;

/** A file as it is now; null where it cannot be opened. `beginning` is the hash of as many bytes as it had before. */
export type FileNow = (FileMark & { readonly beginning?: string }) | { readonly path: string; readonly sha256: null };

/** @param now of every file that the run depends on now, and of those it depended on before that are still there */
export function fileChanges(before: readonly FileMark[], now: readonly FileNow[]): readonly FileChange[] {
  const known = new Map(before.map((mark) => [mark.path, mark]));
  const seen = new Set(now.map(({ path }) => path));
  const changes = now.flatMap((file): readonly FileChange[] => changeOf(known.get(file.path), file));
  const gone = before.filter(({ path }) => !seen.has(path));
  return [
    ...changes,
    ...gone.map((mark): FileChange => ({
      kind: 'file',
      path: mark.path,
      change: 'missing',
      before: factsOf(mark),
      after: null,
    })),
  ];
}

function changeOf(before: FileMark | undefined, now: FileNow): readonly FileChange[] {
  const { path } = now;
  const was = before ? factsOf(before) : null;
  if (now.sha256 === null) return [{ kind: 'file', path, change: 'missing', before: was, after: null }];
  if (before?.sha256 === now.sha256) return [];
  const grew = before !== undefined && now.beginning === before.sha256;
  const change = was === null ? 'added' : grew ? 'grew' : 'changed';
  return [{ kind: 'file', path, change, before: was, after: factsOf(now) }];
}

function factsOf({ bytes, sha256 }: FileMark): Omit<FileMark, 'path'> {
  return { ...(bytes === undefined ? {} : { bytes }), sha256 };
}

/** Of another engine the rest means nothing. */
export function engineChanges(before: EngineMark, now: EngineMark): readonly EngineChange[] {
  if (before.name !== now.name) return [{ kind: 'engine', before: before.name, after: now.name }];
  const changes: EngineChange[] = [];
  if (before.version !== undefined && now.version !== undefined && before.version !== now.version)
    changes.push({ kind: 'engine-version', before: before.version, after: now.version });
  if (before.device !== now.device) changes.push({ kind: 'device', before: before.device, after: now.device });
  if (before.threads !== now.threads) changes.push({ kind: 'threads', before: before.threads, after: now.threads });
  return changes;
}

/** One change as a clause. */
export function changeText(change: Change): Text {
  return change.kind === 'file' ? fileText(change) : engineText(change);
}

function fileText({ path, change, before, after }: FileChange): Text {
  const [was, is] = [before?.bytes, after?.bytes];
  const known = was !== undefined && is !== undefined;
  switch (change) {
    case 'missing':
      return { en: `"${path}" is missing`, zh: `“${path}”不见了` };
    case 'added':
      return { en: `"${path}" is new`, zh: `“${path}”是新增的` };
    case 'grew':
      return {
        en: `"${path}" grew from ${was ?? 0} to ${is ?? 0} bytes (its beginning is as it was)`,
        zh: `“${path}”由 ${was ?? 0} 字节增至 ${is ?? 0} 字节（开头部分未变）`,
      };
    case 'changed':
      if (!known) return { en: `"${path}" has changed`, zh: `“${path}”已改变` };
      return was === is
        ? { en: `"${path}" has changed (${is} bytes as before)`, zh: `“${path}”已改变（仍为 ${is} 字节）` }
        : {
            en: `"${path}" has changed (${was} bytes before, ${is} now)`,
            zh: `“${path}”已改变（原 ${was} 字节，现 ${is} 字节）`,
          };
  }
}

function engineText({ kind, before, after }: EngineChange): Text {
  const words = {
    engine: ['the engine', '引擎'],
    'engine-version': ['the version of the engine', '引擎版本'],
    device: ['the device', '设备'],
    threads: ['the number of threads', '线程数'],
  }[kind];
  return {
    en: `${words[0] ?? ''} was ${before} and is ${after}`,
    zh: `${words[1] ?? ''}原为 ${before}，现为 ${after}`,
  };
}

/** More changes than this are counted, not listed. */
const listed = 8;

/** All changes in one sentence without its end. */
export function changesText(changes: readonly Change[]): Text {
  const texts = changes.slice(0, listed).map(changeText);
  const more = changes.length - texts.length;
  return {
    en: texts.map(({ en }) => en).join('; ') + (more > 0 ? `; and ${more} more` : ''),
    zh: texts.map(({ zh }) => zh).join('；') + (more > 0 ? `；另有 ${more} 处` : ''),
  };
}
