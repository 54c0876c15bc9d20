/**
 * `plan.json`: what an experiment was asked to do, frozen when it was begun. From it alone, without the spec's file and
 * without looking at the data again, the driver finds the runs: with a machine's clock or folders it has nothing to do.
 */
import { count, isFields, list, object, passes, text as string } from '../common/checks.ts';
import { text } from '../common/text.ts';
import { readText, replaceFile } from '../files/plain.ts';
import { sha256 } from '../runs/frozen.ts';
import { orderedText } from '../runs/json.ts';
import type { Surroundings } from './contract.ts';
import type { LedgerRecord } from './driver/ledger.ts';
import { ExperimentError } from './error.ts';
import { parseFacts, type SizeFacts } from './facts.ts';
import { experimentPaths } from './layout.ts';

export interface PlanRecord {
  readonly v: 1;
  /** Stands in every run of it (`run.json`, `parent.experiment`). */
  readonly id: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  /** The folder that the spec belongs to, relative to the experiment's directory, with `/`. */
  readonly root: string;
  /** The spec's file relative to that root, with `/`. */
  readonly spec: string;
  readonly allowOutside: boolean;
  /** As the person wrote it. */
  readonly text: string;
  readonly sha256: string;
  readonly surroundings: Surroundings;
  /** What the engine computes on: `cpu`, or the name of a GPU. */
  readonly device: string;
  readonly analysisHash: string;
  readonly executor: string;
  /** Runs at once, as asked; null for as many as fit. */
  readonly jobs: number | null;
  /** Sizes that the data told, where an arm needs them; null where none does. */
  readonly facts: SizeFacts | null;
  /** Changes that were accepted after it was begun, as the ledger has them: whoever loses the ledger keeps them. */
  readonly deviations: readonly Deviation[];
}

/** A change of the plan, in words, and how many of the runs that had ended counted on. */
export type Deviation = Pick<Extract<LedgerRecord, { kind: 'deviation' }>, 'changes' | 'counted' | 'of'>;

const deviations = list(object({ changes: object({ en: string, zh: string }), counted: count, of: count }));

/** Twice the largest spec, plus the names of its files. */
const limit = 32 * 1024 * 1024;

export function writePlan(directory: string, plan: PlanRecord): void {
  replaceFile(experimentPaths(directory).plan, `${orderedText(plan)}\n`, { sync: true });
}

/**
 * Reads and checks `plan.json`.
 *
 * @throws ExperimentError `not-an-experiment`, `damaged`, `version`
 */
export function readPlan(directory: string): PlanRecord {
  const content = readText(experimentPaths(directory).plan, limit);
  if (content === null) {
    throw new ExperimentError(
      'not-an-experiment',
      text(
        `"${directory}" is not the directory of an experiment: it has no readable plan.json.`,
        `“${directory}”不是实验目录：缺少可读的 plan.json。`,
      ),
    );
  }
  const plan = parsePlan(content);
  if (plan === null) throw damaged();
  return plan;
}

function damaged(): ExperimentError {
  return new ExperimentError(
    'damaged',
    text(
      "The experiment's plan.json is damaged: it is not what was written. Restore it, or begin the experiment in another directory (--dir).",
      '实验的 plan.json 已损坏，与写入的内容不符。请恢复该文件，或用 --dir 在另一目录中重新开始。',
    ),
  );
}

function parsePlan(content: string): PlanRecord | null {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return null;
  }
  if (!isFields(value)) return null;
  const { v, id, name, created, root, spec, allowOutside, device, analysisHash, executor, jobs } = value;
  if (typeof v === 'number' && v > 1) throw newer(v);
  if (v !== 1 || typeof created !== 'number' || typeof allowOutside !== 'boolean') return null;
  const words = { id, name, root, spec, device, analysisHash, executor, text: value['text'], sha256: value['sha256'] };
  if (!areTexts(words) || words.sha256 !== sha256(words.text)) return null;
  const surroundings = parseSurroundings(value['surroundings']);
  if (surroundings === null || !(jobs === null || Number.isSafeInteger(jobs))) return null;
  // Plans of earlier versions have none, and need none.
  const written = value['facts'] ?? null;
  const facts = written === null ? null : parseFacts(written);
  if (written !== null && facts === null) return null;
  const accepted = value['deviations'] ?? [];
  if (!passes(deviations, accepted)) return null;
  return {
    ...{ v, ...words, created, allowOutside, surroundings, jobs: jobs === null ? null : Number(jobs), facts },
    deviations: accepted,
  };
}

function areTexts<Keys extends string>(value: Record<Keys, unknown>): value is Record<Keys, string> {
  return Object.values(value).every((one) => typeof one === 'string');
}

function parseSurroundings(value: unknown): Surroundings | null {
  if (!isFields(value)) return null;
  const { engine, files } = value;
  if (!isFields(engine) || !isFields(files)) return null;
  const { name, version } = engine;
  if (typeof name !== 'string' || typeof version !== 'string') return null;
  const hashes = Object.entries(files).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return hashes.length === Object.keys(files).length ? { engine: { name, version }, files: new Map(hashes) } : null;
}

function newer(v: number): ExperimentError {
  return new ExperimentError(
    'version',
    text(
      `This experiment was begun by a newer version (plan format ${String(v)}; this one knows 1). Update MTL Workbench to go on with it.`,
      `此实验由更新的版本创建（计划格式 ${String(v)}，当前支持 1）。请更新 MTL Workbench。`,
    ),
  );
}
