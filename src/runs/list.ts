/** The runs of a workspace: found, summed up without reading whole histories, pruned. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Text } from '../common/text.ts';
import { latestAttempt } from './attempts.ts';
import { recordsBackward } from './backward.ts';
import type { EventRecord } from './events.ts';
import { namesIn } from '../files/plain.ts';
import type { RunRecord } from './frozen.ts';
import type { OrderedValue } from './json.ts';
import { isRun } from './layout.ts';
import { isFolder, isLink, leadingOut } from '../files/links.ts';
import { liveHolder } from './lock.ts';
import { readNotes, type RunNotes } from './notes.ts';
import { readIdentity } from './reader.ts';
import { readResult } from './result.ts';
import { isLive, type RunState } from '../common/run-state.ts';
import { problemOf, stateOf } from './state.ts';
import type { Evidence } from './state.ts';

export interface RunEntry {
  readonly directory: string;
  readonly id: string;
  /** As a person has called it, else as it was made. */
  readonly name: string;
  readonly created: number;
  /** The spec's file relative to its root, with `/`. */
  readonly spec: string;
  /** The experiment, arm and trial it belongs to. */
  readonly parent: RunRecord['parent'];
  readonly state: RunState;
  readonly problem: Text | null;
  /** `result.json`, objects as Maps in source order; null before the end. */
  readonly result: ReadonlyMap<string, OrderedValue> | null;
  /** Name of the strategy as frozen; empty where that cannot be read. */
  readonly strategy: string;
  /** What a person says of it. */
  readonly notes: RunNotes;
}

type OnLink = (link: string) => void;

/**
 * Run directories directly in a folder, oldest first (their names begin with the time). A link to a run is none.
 *
 * @param onLink told each link to a run that was passed over
 */
export function runsIn(folder: string, onLink: OnLink = () => undefined): readonly string[] {
  const runs = namesIn(folder)
    .toSorted()
    .map((name) => path.join(folder, name))
    .filter(isRun);
  for (const link of runs.filter(isLink)) onLink(link);
  return runs.filter(isFolder);
}

const skipped = new Set(['node_modules', '.git', '.hg', '.svn', '__pycache__', 'dist']);

/**
 * All runs under a folder: those in every `.mtl/runs`, and after them those of every experiment in `.mtl/experiments`. Links are not followed, except that a `.mtl/runs` may be one to
 * another place under the same folder.
 *
 * @param onLink told each `.mtl/runs` that leads elsewhere, and each link to a run: they are passed over
 * @param depth how deep specs are looked for
 */
export function findRuns(root: string, onLink: OnLink = () => undefined, depth = 6): string[] {
  const found: string[] = [];
  const look = (place: string, left: number): void => {
    for (const folder of runFolders(place, root, onLink)) found.push(...runsIn(folder, onLink));
    if (left === 0) return;
    for (const entry of foldersIn(place)) {
      if (!skipped.has(entry) && entry !== '.mtl') look(path.join(place, entry), left - 1);
    }
  };
  look(root, depth);
  return found;
}

/** `.mtl/runs` of a folder, and `runs` of each of its experiments. */
function runFolders(place: string, root: string, onLink: OnLink): readonly string[] {
  const [runs, experiments] = ['runs', 'experiments'].map((name) => path.join(place, '.mtl', name));
  const inside = (folder: string | undefined): folder is string => {
    if (folder === undefined) return false;
    if (leadingOut(folder, [root]) === null) return true;
    onLink(folder);
    return false;
  };
  // Of a link that leads out one complaint is enough where nobody has made an experiment.
  const there = experiments !== undefined && fs.existsSync(experiments);
  const named = there && inside(experiments) ? namesIn(experiments).toSorted() : [];
  const those = named.map((name) => path.join(experiments ?? '', name));
  for (const link of those.filter(isLink)) onLink(link);
  return [runs, ...those.filter(isFolder).map((experiment) => path.join(experiment, 'runs'))].filter(inside);
}

function foldersIn(folder: string): readonly string[] {
  try {
    const entries = fs.readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch {
    return [];
  }
}

/** How far back the newest decisive records are looked for. */
const glanceBytes = 1024 * 1024;

/** One run summed up: a few small files and the end of its history. Never throws. */
export function glance(directory: string, now: number = Date.now()): RunEntry {
  const life = { holder: liveHolder(directory), attempt: latestAttempt(directory) };
  const evidence: Evidence = { ...lastRecords(directory, life), ...life, now };
  const state = stateOf(evidence);
  const { name, created, spec, parent, strategy, problem } = readIdentity(directory);
  const notes = readNotes(directory);
  return {
    directory,
    id: path.basename(directory),
    name: notes.name ?? name,
    created,
    spec,
    parent,
    state,
    strategy,
    notes,
    problem: problem ?? problemOf(directory, state, evidence),
    result: readResult(directory),
  };
}

function lastRecords(
  directory: string,
  life: Pick<Evidence, 'holder' | 'attempt'>,
): Pick<Evidence, 'start' | 'end' | 'state'> {
  const found: { start: Evidence['start']; end: Evidence['end']; state: Evidence['state'] } = {
    start: null,
    end: null,
    state: null,
  };
  let seen = 0;
  let newest: EventRecord | undefined;
  for (const record of recordsBackward(directory)) {
    newest ??= record;
    // Of a start that was refused at once nothing but its progress is left: what the run had come to still holds.
    if (record.kind === 'progress' && newest === record) newest = undefined;
    if (record.kind === 'end' && newest === record) found.end = record;
    if (record.kind === 'state') found.state ??= record;
    if (record.kind === 'start') {
      found.start = record;
      return found;
    }
    seen += 300;
    if (seen > glanceBytes) break;
  }
  // The `start` lies too far back to look for: steps since then are the newest attempt's, or it would have begun anew.
  if (newest?.kind === 'step' || newest?.kind === 'epoch') {
    found.start = { attempt: life.holder?.attempt ?? life.attempt?.attempt ?? 1 };
  }
  return found;
}

/**
 * The runs that `prune` would remove: all but the newest `keep` of every spec, never one that is live, and none of an
 * experiment, whose verdicts rest on all of them.
 */
export function prunable(directories: readonly string[], keep: number): readonly RunEntry[] {
  const bySpec = new Map<string, RunEntry[]>();
  for (const entry of directories.map((directory) => glance(directory))) {
    if (entry.parent !== null) continue;
    const group = `${path.dirname(entry.directory)}\n${entry.spec}`;
    bySpec.set(group, [...(bySpec.get(group) ?? []), entry]);
  }
  return [...bySpec.values()].flatMap((entries) => {
    const newestFirst = entries.toSorted((a, b) => b.created - a.created || (a.id < b.id ? 1 : -1));
    return newestFirst.slice(keep).filter((entry) => !isLive(entry.state));
  });
}

/**
 * Deletes a run for good (the editor moves it to the trash instead).
 *
 * @returns false when a process works on it, or when the folder is no run or a link to one
 */
export function deleteRun(directory: string): boolean {
  if (!isFolder(directory) || !isRun(directory) || liveHolder(directory)) return false;
  fs.rmSync(directory, { recursive: true, force: true });
  return true;
}
