/**
 * The test split is read once. Every further look at other results than before is counted and shown: `looks.json` in the
 * experiment's directory, written beside and renamed.
 */
import * as path from 'node:path';
import { isFields } from '../../common/checks.ts';
import { text, type Text } from '../../common/text.ts';
import { systemCode } from '../../common/told-error.ts';
import { isTaken } from '../../files/links.ts';
import { readText, replaceFile } from '../../files/plain.ts';
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
  const file = path.join(directory, 'looks.json');
  const before = readLooks(file);
  if (before === null) {
    const problem = text(
      'looks.json cannot be read: how often the test split was looked at is not known. Remove the file to begin to count anew.',
      '无法读取 looks.json：无法得知测试集被查看的次数。删除该文件可重新计数。',
    );
    return { count: 1, declared, problem };
  }
  const key = sha256(`${plan}\n${ids.join('\n')}`);
  if (before.some((look) => look.key === key)) return { count: before.length, declared, problem: null };
  const looks = [...before, { key, plan, runs: ids.length, t: now }];
  return { count: looks.length, declared, problem: write(file, looks) };
}

function write(file: string, looks: readonly Look[]): Text | null {
  try {
    replaceFile(file, `${JSON.stringify({ v: 1, looks })}\n`, { sync: true });
    return null;
  } catch (error) {
    const code = systemCode(error);
    return text(
      `looks.json cannot be written (${code}): this look at the test split is not counted.`,
      `无法写入 looks.json（${code}）：此次查看测试集未被计数。`,
    );
  }
}

/** Null for a file that is damaged. */
function readLooks(file: string): readonly Look[] | null {
  const content = readText(file, limit);
  if (content === null) return isTaken(file) ? null : [];
  try {
    const value: unknown = JSON.parse(content);
    if (!isFields(value) || value['v'] !== 1 || !Array.isArray(value['looks'])) return null;
    const looks = value['looks'].map(lookOf);
    return looks.every((look) => look !== null) ? looks : null;
  } catch {
    return null;
  }
}

function lookOf(value: unknown): Look | null {
  if (!isFields(value)) return null;
  const { key, plan, runs, t } = value;
  if (typeof key !== 'string' || typeof plan !== 'string') return null;
  return typeof runs === 'number' && typeof t === 'number' ? { key, plan, runs, t } : null;
}
