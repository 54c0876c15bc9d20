/** The directory of an experiment is begun, or gone on with: who may, and what has changed since. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { text, type Text } from '../common/text.ts';
import { makeRunsFolder } from '../runs/layout.ts';
import { refuseLeadingOut, refuseLinkedRun } from '../runs/links.ts';
import { markOf, planChange, wordsDiffer } from './changes.ts';
import type { Outcome } from './contract.ts';
import { LedgerWriter, unwritableText } from './driver/writer.ts';
import { ExperimentError } from './error.ts';
import { isExperiment } from './layout.ts';
import { lockExperiment } from './lock.ts';
import { readPlan, writePlan, type PlanRecord } from './plan-file.ts';
import { planningOf } from './planning.ts';
import { readExperiment } from './read.ts';

export interface BeginOptions {
  /** As the directory is to hold it; id and time of one that is there already stay. */
  readonly plan: PlanRecord;
  /** Go on although the plan has changed: the ledger then says so. */
  readonly acceptChanges: boolean;
  /** The folder was not named by a person: it is made with its parents, and must not lead out of these folders. */
  readonly inside: readonly string[] | null;
}

/**
 * Makes the directory ready for a driver.
 *
 * @returns whether it was begun now, what was accepted, and what stays as it was though the text says otherwise
 * @throws ExperimentError `other-spec`, `changed`, `alive`, `unwritable`; RunError `link`
 */
export async function beginExperiment(
  directory: string,
  { plan, acceptChanges, inside }: BeginOptions,
): Promise<{ readonly isNew: boolean; readonly accepted: Text | null; readonly kept: Text | null }> {
  makeFolder(directory, inside);
  const lock = await lockExperiment(directory, 0);
  try {
    if (!isExperiment(directory)) {
      refuseFull(directory);
      write(directory, plan);
      return { isNew: true, accepted: null, kept: null };
    }
    const known = readPlan(directory);
    refuseOther(directory, known, plan);
    const change = planChange(known, plan);
    const going: PlanRecord = {
      ...(change === null ? { ...known, jobs: plan.jobs } : plan),
      id: known.id,
      created: known.created,
      deviations: known.deviations,
    };
    if (change === null) {
      if (known.jobs !== plan.jobs) write(directory, going);
      return { isNew: false, accepted: null, kept: wordsDiffer(known, plan) ? keptWords : null };
    }
    const { counted, of } = whatCounts(directory, going);
    const says = sayingWhatCounts(change.says, counted, of);
    if (!acceptChanges) throw refusal(says, change.analysis);
    const deviation = { changes: change.says, counted, of };
    const ledger = new LedgerWriter(directory, lock.token);
    ledger.append({ kind: 'deviation', before: markOf(known), after: markOf(going), ...deviation });
    ledger.close();
    write(directory, { ...going, deviations: [...known.deviations, deviation] });
    return { isNew: false, accepted: says, kept: null };
  } finally {
    lock.release();
  }
}

const keptWords = text(
  'The description or the question has changed. The experiment keeps the one that it was begun with.',
  '描述或问题已改变。实验保留其开始时的内容。',
);

function write(directory: string, plan: PlanRecord): void {
  try {
    writePlan(directory, plan);
  } catch (error) {
    throw unwritableText(directory, error);
  }
}

function makeFolder(directory: string, inside: readonly string[] | null): void {
  refuseLinkedRun(directory);
  if (inside !== null) {
    const folder = path.dirname(directory);
    refuseLeadingOut(folder, inside);
    makeRunsFolder(folder);
  }
  try {
    fs.mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw unwritableText(directory, error);
  }
}

/** Of a folder that a person has named nothing is overwritten, and nothing of it is taken for runs. */
function refuseFull(directory: string): void {
  const own = new Set(['lock', 'log.txt', 'runs', 'ledger.ndjson']);
  const strange = fs
    .readdirSync(directory)
    .filter((name) => !own.has(name) && !/^\.?lock\./.test(name) && !/^\..*\.tmp$/.test(name));
  if (strange.length === 0) return;
  const name = path.basename(directory);
  throw new ExperimentError(
    'other-spec',
    text(
      `The directory "${name}" is not empty and holds no experiment. Give an empty or a new one with --dir.`,
      `目录“${name}”不为空，且其中没有实验。请用 --dir 给出空目录或新目录。`,
    ),
  );
}

/** Is the directory another spec's? Two names may give the same folder. */
export function refuseOther(directory: string, known: PlanRecord, plan: PlanRecord): void {
  const fileOf = ({ root, spec }: PlanRecord): string => path.resolve(directory, root, spec);
  if (fileOf(known) === fileOf(plan)) return;
  const name = path.basename(directory);
  throw new ExperimentError(
    'other-spec',
    text(
      `The directory "${name}" belongs to the experiment "${known.name}" of ${known.spec}, not to ${plan.spec}. Give this one another name, or another directory with --dir.`,
      `目录“${name}”属于 ${known.spec} 的实验“${known.name}”，不属于 ${plan.spec}。请为此实验另取名称，或用 --dir 另选目录。`,
    ),
  );
}

/** How many of the runs that have ended would still count, and of how many. */
function whatCounts(directory: string, after: PlanRecord): { readonly counted: number; readonly of: number } {
  const before = readExperiment(directory).outcomes;
  const { expand } = planningOf(after);
  // What is chosen by outcomes brings further runs: until none comes.
  let outcomes: ReadonlyMap<string, Outcome> = new Map();
  for (;;) {
    const { runs } = expand(outcomes);
    const found = new Map(runs.flatMap(({ id }) => {
      const outcome = before.get(id);
      return outcome === undefined ? [] : [[id, outcome] as const];
    })); // prettier-ignore
    if (found.size === outcomes.size) return { counted: found.size, of: before.size };
    outcomes = found;
  }
}

const sayingWhatCounts = ({ en, zh }: Text, counted: number, of: number): Text =>
  of === 0
    ? text(en, zh)
    : text(
        `${en}. Of ${String(of)} runs that have ended, ${String(counted)} would still count`,
        `${zh}。已结束的 ${String(of)} 次运行中，仍计入的有 ${String(counted)} 次`,
      );

function refusal({ en, zh }: Text, analysis: boolean): ExperimentError {
  const [aside, dabei] = analysis
    ? [
        ' Hypotheses and margins that were changed after results were seen confirm nothing by themselves; the ledger and every report will say that they were.',
        '看到结果之后再改假设或界值，结论本身不足为证；台账与所有报告都会注明。',
      ]
    : ['', ''];
  return new ExperimentError(
    'changed',
    text(
      `The experiment was begun with another plan: ${en}. Nothing was started. Put it back as it was, begin anew in another directory (--dir), or go on with what is now: --accept-changes.${aside}`,
      `实验开始时的计划与现在不同：${zh}。未启动任何操作。请恢复原状；或用 --dir 在另一目录中重新开始；或用 --accept-changes 按现在的内容继续。${dabei}`,
    ),
  );
}
