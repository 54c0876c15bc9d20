/**
 * `attempts/<n>.json`: one per incarnation of a run. The launcher writes it before it starts the process; from then on
 * it belongs to the process, which adds why it ended; when that died without a word, the launcher adds how.
 */
import * as path from 'node:path';
import type { Text } from '../common/text.ts';
import { systemCode } from '../common/told-error.ts';
import { RunError } from './error.ts';
import { namesIn, readJson, replaceFile, writeNew } from '../files/plain.ts';
import { isFields } from '../common/checks.ts';
import { member, orderedText } from './json.ts';
import { runPaths, unwritable } from './layout.ts';
import { makeOwnFolder, refuseLink } from './links.ts';
import { newToken } from '../files/lock.ts';

export interface AttemptOptions {
  /** As asked: `auto`, `native` or `wasm`. */
  readonly engine: string;
  /** Folder that paths of the spec may not leave, relative to the run directory, with `/`. */
  readonly root: string;
  readonly allowOutside: boolean;
  /** Minutes without any lease after which the run stops; 0 = never. */
  readonly keepAliveMinutes: number;
  /** Memory that the data may take, as asked (`2 GB`); what the spec says, or what is free, decides where not given. */
  readonly memory?: string | undefined;
  /** Go on although what the run depends on has changed. */
  readonly acceptChanges?: boolean;
}

export interface AttemptEnd {
  /** As in the `end` record, or `refused` (another process had the lock) or `died`. */
  readonly status: string;
  readonly code?: number | null;
  readonly signal?: string | null;
  readonly message?: string;
  /** The message in Chinese. */
  readonly zh?: string;
  /** Refused for these changes of what the run depends on, as clauses: it can go on with them if somebody says so. */
  readonly changes?: Text;
}

export interface Attempt extends AttemptOptions {
  readonly v: 1;
  readonly attempt: number;
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  /** Name to version: mtl, node, … */
  readonly versions: Readonly<Record<string, string>>;
  readonly ended?: AttemptEnd;
}

const fileOf = (directory: string, attempt: number): string =>
  path.join(runPaths(directory).attempts, `${attempt}.json`);

/** Numbers of the attempts of a run, ascending. */
export function attemptNumbers(directory: string): readonly number[] {
  return namesIn(runPaths(directory).attempts)
    .map((name) => /^([1-9]\d{0,8})\.json$/.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

/** A validated attempt, or null. */
export function readAttempt(directory: string, attempt: number): Attempt | null {
  const value = readJson(fileOf(directory, attempt));
  if (!isFields(value) || value['v'] !== 1 || value['attempt'] !== attempt) return null;
  const { token, engine, root, allowOutside, keepAliveMinutes, created, versions } = value;
  if (typeof token !== 'string' || typeof engine !== 'string' || typeof root !== 'string') return null;
  if (typeof created !== 'number' || typeof keepAliveMinutes !== 'number' || !(keepAliveMinutes >= 0)) return null;
  const ended = parseEnd(value['ended']);
  const { memory } = value;
  return {
    v: 1,
    attempt,
    token,
    engine,
    root,
    allowOutside: allowOutside === true,
    keepAliveMinutes,
    ...(typeof memory === 'string' ? { memory } : {}),
    ...(value['acceptChanges'] === true ? { acceptChanges: true } : {}),
    created,
    versions: strings(versions),
    ...(ended ? { ended } : {}),
  };
}

function parseEnd(value: unknown): AttemptEnd | null {
  const status = member(value, 'status');
  if (typeof status !== 'string') return null;
  const code = member(value, 'code');
  const signal = member(value, 'signal');
  const message = member(value, 'message');
  const zh = member(value, 'zh');
  const changes = parseText(member(value, 'changes'));
  return {
    status,
    ...(typeof code === 'number' ? { code } : {}),
    ...(typeof signal === 'string' ? { signal } : {}),
    ...(typeof message === 'string' ? { message } : {}),
    ...(typeof zh === 'string' ? { zh } : {}),
    ...(changes ? { changes } : {}),
  };
}

function parseText(value: unknown): Text | null {
  const [en, zh] = [member(value, 'en'), member(value, 'zh')];
  return typeof en === 'string' && typeof zh === 'string' ? { en, zh } : null;
}

function strings(value: unknown): Readonly<Record<string, string>> {
  if (!isFields(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** The newest attempt that was not refused, or null. */
export function latestAttempt(directory: string): Attempt | null {
  for (const number of attemptNumbers(directory).toReversed()) {
    const attempt = readAttempt(directory, number);
    if (attempt && attempt.ended?.status !== 'refused') return attempt;
  }
  return null;
}

/**
 * Writes the next attempt. Two launchers at once get different numbers.
 *
 * @throws RunError `unwritable`, `link`
 */
export function createAttempt(
  directory: string,
  options: AttemptOptions,
  versions: Readonly<Record<string, string>>,
): Attempt {
  try {
    makeOwnFolder(runPaths(directory).attempts);
    for (let number = (attemptNumbers(directory).at(-1) ?? 0) + 1; ; number++) {
      const attempt: Attempt = {
        v: 1,
        attempt: number,
        token: newToken(),
        created: Date.now(),
        engine: options.engine,
        root: options.root,
        allowOutside: options.allowOutside,
        keepAliveMinutes: options.keepAliveMinutes,
        ...(options.memory === undefined ? {} : { memory: options.memory }),
        ...(options.acceptChanges === true ? { acceptChanges: true } : {}),
        versions,
      };
      try {
        writeNew(fileOf(directory, number), `${orderedText(attempt)}\n`, true);
        return attempt;
      } catch (error) {
        if (systemCode(error) !== 'EEXIST') throw error;
      }
    }
  } catch (error) {
    throw error instanceof RunError ? error : unwritable(directory, error);
  }
}

/** Adds why an attempt ended (unless that is known already) and versions learned meanwhile. */
export function endAttempt(
  directory: string,
  attempt: number,
  ended: AttemptEnd,
  versions: Readonly<Record<string, string>> = {},
): void {
  const known = readAttempt(directory, attempt);
  if (!known || known.ended) return;
  refuseLink(runPaths(directory).attempts);
  const whole = { ...known, versions: { ...known.versions, ...versions }, ended };
  replaceFile(fileOf(directory, attempt), `${orderedText(whole)}\n`, { sync: true });
}
