/**
 * The test split is read once. Every further look at other results than before is counted and shown: a line of `looks.ndjson`
 * in the experiment's directory. Lines are only ever added, each by one write, so that of several that look at once (an editor,
 * a terminal, an assistant) none takes the place of another; what two of them write twice counts once.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { isFields } from '../../common/checks.ts';
import { text, type Text } from '../../common/text.ts';
import { systemCode } from '../../common/told-error.ts';
import { isTaken } from '../../files/links.ts';
import { openForAppending, readText, writeAll } from '../../files/plain.ts';
import { sha256 } from '../../runs/frozen.ts';
import type { LooksReport } from './contract.ts';
import type { ExperimentEvidence } from './experiment.ts';
import { sharesOf } from './spending.ts';

interface Look {
  /** Hash of the plan and the finished runs that were looked at. */
  readonly key: string;
  readonly plan: string;
  readonly runs: number;
  /** Milliseconds since the epoch. */
  readonly t: number;
}

const limit = 16 * 1024 * 1024;

/** Finished runs of confirmed arms: those whose values of the test split a comparison shows. */
function shownRuns({ expansion, outcomes }: ExperimentEvidence): readonly string[] {
  const ids = expansion.compared.filter(({ confirmed }) => confirmed).flatMap(({ runs }) => runs.map(({ id }) => id));
  return [...new Set(ids)].filter((id) => outcomes.get(id)?.state === 'done').toSorted();
}

/**
 * Counts this look, unless the same results have been seen before. Null where no value of the test split is shown. What cannot be
 * read or written hinders nobody, and is told.
 */
export function countLook(directory: string, evidence: ExperimentEvidence, now: number): LooksReport | null {
  const ids = shownRuns(evidence);
  if (ids.length === 0) return null;
  const { design } = evidence;
  const declared = sharesOf(design.experiment.looks)?.length ?? 1;
  const plan = design.analysisHash;
  const file = path.join(directory, 'looks.ndjson');
  const key = sha256(`${plan}\n${ids.join('\n')}`);
  const before = readLooks(file);
  if (before === null) return { count: 1, declared, problem: unreadable };
  if (before.has(key)) return { count: before.size, declared, problem: null };
  const problem = add(file, { key, plan, runs: ids.length, t: now });
  // Others may have looked meanwhile.
  return { count: Math.max(readLooks(file)?.size ?? 0, before.size + 1), declared, problem };
}

const unreadable = text(
  'looks.ndjson cannot be read: how often the test split was looked at is not known. Remove the file to begin to count anew.',
  '无法读取 looks.ndjson：无法得知测试集被查看的次数。删除该文件可重新计数。',
);

function add(file: string, look: Look): Text | null {
  try {
    const handle = openForAppending(file);
    try {
      writeAll(handle, Buffer.from(`${JSON.stringify({ v: 1, ...look })}\n`));
      fs.fsyncSync(handle);
    } finally {
      fs.closeSync(handle);
    }
    return null;
  } catch (error) {
    const code = systemCode(error);
    return text(
      `looks.ndjson cannot be written (${code}): this look at the test split is not counted.`,
      `无法写入 looks.ndjson（${code}）：此次查看测试集未被计数。`,
    );
  }
}

/** By key. Null for a file that is damaged. */
function readLooks(file: string): ReadonlyMap<string, Look> | null {
  const content = readText(file, limit);
  if (content === null) return isTaken(file) ? null : new Map();
  const lines = content.split('\n');
  // A piece of a line was left by a write that failed, on a full disk.
  if (lines.pop() !== '') return null;
  try {
    const looks = lines.map((line) => lookOf(JSON.parse(line)));
    return looks.every((look) => look !== null) ? new Map(looks.map((look) => [look.key, look])) : null;
  } catch {
    return null;
  }
}

function lookOf(value: unknown): Look | null {
  if (!isFields(value) || value['v'] !== 1) return null;
  const { key, plan, runs, t } = value;
  if (typeof key !== 'string' || typeof plan !== 'string') return null;
  return typeof runs === 'number' && typeof t === 'number' ? { key, plan, runs, t } : null;
}
