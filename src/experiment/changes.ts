/** What has changed between the plan that an experiment was begun with and the one that it would be begun with now. Pure. */
import { joined, text, type Text } from '../common/text.ts';
import { readSpec } from '../spec/index.ts';
import type { PlanMark } from './driver/ledger.ts';
import { experimentHash, hashOf, trainedHash } from './identity.ts';
import type { PlanRecord } from './plan-file.ts';

export interface PlanChange {
  /** As clauses, for people. */
  readonly says: Text;
  /** Measures, margins, hypotheses or what else a verdict depends on. */
  readonly analysis: boolean;
}

export function markOf({ sha256, analysisHash, surroundings: { engine, files } }: PlanRecord): PlanMark {
  return {
    ...{ sha256, analysisHash },
    engine: `${engine.name} ${engine.version}`,
    files: hashOf(new Map([...files].toSorted(([a], [b]) => (a < b ? -1 : 1)))),
  };
}

/**
 * Null where nothing has changed that matters: comments, spacing, the order of what has none, `name`, `description` and the question
 * do not.
 */
export function planChange(before: PlanRecord, after: PlanRecord): PlanChange | null {
  const analysis = before.analysisHash !== after.analysisHash;
  const clauses = [
    ...textClauses(before, after, analysis),
    ...engineClauses(before, after),
    ...fileClauses(before, after),
  ];
  return clauses.length === 0 ? null : { says: joined(clauses), analysis };
}

/** Description or question are others now: nothing that a run or a verdict depends on. */
export function wordsDiffer(before: PlanRecord, after: PlanRecord): boolean {
  if (before.sha256 === after.sha256) return false;
  const wordsOf = ({ text: written }: PlanRecord): string => {
    const { spec } = readSpec(written);
    return hashOf([spec?.description ?? null, spec?.experiment?.question ?? null]);
  };
  return wordsOf(before) !== wordsOf(after);
}

function textClauses(before: PlanRecord, after: PlanRecord, analysis: boolean): readonly Text[] {
  if (before.sha256 === after.sha256) return [];
  const [old, now] = [readSpec(before.text).spec, readSpec(after.text).spec];
  const same = (hash: (spec: NonNullable<typeof old>) => string): boolean =>
    old !== undefined && now !== undefined && hash(old) === hash(now);
  const clauses: Text[] = [];
  if (!same(trainedHash)) clauses.push(text('what is trained', '训练内容'));
  if (analysis) clauses.push(text('measures, margins, hypotheses or analysis', '指标、界值、假设或分析方式'));
  else if (!same(experimentHash))
    clauses.push(text('what is run (arms, stages, replicates, budget)', '运行安排（实验组、阶段、重复、预算）'));
  return clauses;
}

function engineClauses(
  { surroundings: { engine: old } }: PlanRecord,
  { surroundings: { engine } }: PlanRecord,
): readonly Text[] {
  if (old.name === engine.name && old.version === engine.version) return [];
  return [
    text(
      `the engine: ${old.name} (${old.version}) before, ${engine.name} (${engine.version}) now`,
      `引擎：之前为 ${old.name}（${old.version}），现在为 ${engine.name}（${engine.version}）`,
    ),
  ];
}

function fileClauses(
  { surroundings: { files: old } }: PlanRecord,
  { surroundings: { files } }: PlanRecord,
): readonly Text[] {
  const names = [...new Set([...old.keys(), ...files.keys()])].filter((name) => old.get(name) !== files.get(name));
  return names.map((name) =>
    !files.has(name)
      ? text(`${name} is not used any more`, `不再使用 ${name}`)
      : old.has(name)
        ? text(`${name} has changed`, `${name} 已改变`)
        : text(`${name} is new`, `新增 ${name}`),
  );
}
