import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Text } from '../../common/text.ts';
import { proposeGroups, type Proposal } from '../../plan/groups/propose.ts';
import { splitIntoGroups, type TaskGroup } from '../../plan/groups/split.ts';
import { makePlan } from '../../plan/index.ts';
import type { AffinityEvent, JsonNumber } from '../../runs/events.ts';
import { affinityArms } from '../../experiment/affinity-arms.ts';
import { changesText } from '../../runs/changes.ts';
import { readFrozen, readRunRecord, specFileOf } from '../../runs/frozen.ts';
import { orderedText } from '../../runs/json.ts';
import { isTaken } from '../../files/links.ts';
import { RunReader } from '../../runs/reader.ts';
import { DataError } from '../../data/error.ts';
import { readSpec } from '../../spec/index.ts';
import { readRun } from '../../trainer/prepare/frozen-run.ts';
import { dataChanges } from '../../trainer/prepare/surroundings.ts';
import { jsonOption, placeOptions, type Arguments, type Verb } from '../arguments.ts';
import { CliError } from '../error.ts';
import { say, t } from '../language.ts';
import { plain, printProgress, printResult } from '../output.ts';
import { Positions, problemLines } from '../problems.ts';
import { runDirectory, runPlace } from '../run-directory.ts';
import { checkSpec, isError } from '../spec-file.ts';
import { columns } from '../width.ts';

export const verb: Verb = {
  usage: 'affinity RUN [--budget N] [--write FILE] [--separate] [--experiment] [--json]',
  help: {
    en: 'What a run with "training.affinity" measured between its tasks, and a proposal of task groups.',
    zh: '显示设有 "training.affinity" 的运行测得的任务亲和度，并建议任务分组。',
  },
  options: {
    budget: {
      type: 'string',
      value: 'N',
      help: { en: 'how many networks the groups may take (default 2)', zh: '各组最多使用的网络数（默认 2）' },
    },
    write: {
      type: 'string',
      value: 'FILE',
      help: {
        en: 'write the groups as a new spec beside the old one',
        zh: '把分组写成新实验描述文件，置于原实验描述文件旁',
      },
    },
    separate: {
      type: 'boolean',
      help: {
        en: 'with --write: groups share nothing, instead of parting at the lowest shared blocks',
        zh: '与 --write 同用：各组完全不共享，而非仅在最下层的共享模块处分开',
      },
    },
    experiment: {
      type: 'boolean',
      help: {
        en: 'with --write: the spec as it was with an experiment of all tasks together, the groups, and each task alone',
        zh: '与 --write 同用：保留原描述文件，并写入一个实验，比较全部共享、分组与单任务',
      },
    },
    json: jsonOption,
    ...placeOptions,
  },
  words: [1, 1],
  run: affinity,
};

/** What must stand beside any affinity (conventions 6). */
const cautions: readonly Text[] = [
  {
    en: 'Affinity correlates weakly with what tasks really gain from each other (Azorin et al. 2023).',
    zh: '亲和度与任务间的真实收益仅弱相关（Azorin 等 2023）。',
  },
  {
    en: 'It changes with learning rate, width and data (Standley et al. 2020).',
    zh: '它随学习率、网络宽度与数据而变（Standley 等 2020）。',
  },
  {
    en: 'A proposal, not a result: train the groups, all tasks together and each alone, and compare.',
    zh: '仅为建议，不是结论：请分别训练分组、全部共享与单任务，再作比较。',
  },
];

interface Proposed {
  readonly proposal: Proposal;
  readonly groups: readonly (TaskGroup & { readonly score: number })[];
}

/** `mtl affinity`: what a run measured between its tasks, and the groups that follow from it. */
async function affinity(args: Arguments): Promise<number> {
  const directory = runDirectory(args.word(0));
  const record = lastRecord(directory, args.word(0));
  const { tasks } = record;
  const budget = args.count('budget', 1) ?? Math.min(2, tasks.length);
  const proposal = proposeGroups(
    record.mean.map((row) => row.map(numberOf)),
    budget,
  );
  const groups = proposal.groups.map(({ members, serves, score }) => {
    const named = (indices: readonly number[]): string[] => indices.map((index) => tasks[index] ?? '');
    return { members: named(members), serves: named(serves), score };
  });
  const file = args.text('write');
  if (file === undefined && args.flag('experiment')) {
    throw new CliError(
      '"--experiment" says what to write. Give --write FILE as well.',
      '“--experiment”指定写入的内容，请同时给出 --write FILE。',
    );
  }
  await tellChanges(args, directory);
  const written = file === undefined ? null : await write(args, directory, file, groups);
  const proposed = { proposal, groups };
  if (args.flag('json')) printResult(jsonText(record, budget, proposed, written));
  else printForPeople(record, budget, proposed);
  if (written !== null) printProgress(t(`Written: ${written}`, `已写入：${written}`));
  return 0;
}

/** What was measured holds for the data of then. */
async function tellChanges(args: Arguments, directory: string): Promise<void> {
  const warn = ({ en, zh }: Text): void => printProgress(t(`warning: ${en}`, `警告：${zh}`));
  let changes: Awaited<ReturnType<typeof dataChanges>>;
  try {
    const place = runPlace(args, directory);
    changes = await dataChanges(
      directory,
      readRun(directory, { ...place, root: path.relative(directory, place.root) }),
    );
  } catch (error) {
    // What was measured stands in the run directory: it can be shown wherever the data are.
    if (!(error instanceof CliError || error instanceof DataError)) throw error;
    changes = null;
  }
  if (changes === null) {
    warn({
      en: 'Whether the data are still those that were measured cannot be known.',
      zh: '无法得知数据是否仍是测量时的数据。',
    });
  } else if (changes.changes.length > 0) {
    const { en, zh } = changesText(changes.changes);
    warn({
      en: `The data have changed since, so what was measured is about the former ones: ${en}.`,
      zh: `数据此后已改变，测量结果针对的是原来的数据：${zh}。`,
    });
  }
}

function lastRecord(directory: string, word: string): AffinityEvent {
  const reader = new RunReader(directory);
  reader.pollAll();
  const record = reader.records.findLast((entry): entry is typeof entry & AffinityEvent => entry.kind === 'affinity');
  if (record) return record;
  throw new CliError(
    `The run "${word}" has measured no affinity. Set "affinity" in "training" of its spec (the number of steps between two measurements), and train again.`,
    `运行“${word}”没有测量任务亲和度。请在实验描述文件的 "training" 中设置 "affinity"（两次测量之间的步数）后重新训练。`,
    1,
  );
}

const numberOf = (value: JsonNumber | null): number | null => (typeof value === 'number' ? value : null);

/**
 * Writes the spec of the groups beside the run's own.
 *
 * @returns its name as given
 * @throws CliError when it exists, lies elsewhere, or would not pass `mtl check`
 */
async function write(args: Arguments, directory: string, name: string, groups: readonly TaskGroup[]): Promise<string> {
  const specFile = specFileOf(directory, readRunRecord(directory));
  const file = path.resolve(name);
  const place = runPlace(args, directory);
  if (path.dirname(file) !== path.dirname(specFile)) {
    const folder = path.relative('.', path.dirname(specFile)) || '.';
    throw new CliError(
      `"${name}" does not lie beside the run's spec, whose paths are relative to its folder. Write into ${folder}.`,
      `“${name}”与此运行的实验描述文件不在同一文件夹，而实验描述文件中的路径相对于其所在文件夹。请写入 ${folder}。`,
    );
  }
  if (isTaken(file)) {
    throw new CliError(`"${name}" exists. Choose another name.`, `“${name}”已存在。请另选名称。`);
  }
  const { text, set } = readFrozen(directory);
  const { spec, tree } = readSpec(text);
  const plan = spec && makePlan(spec, tree).plan;
  if (!plan) throw new CliError('The run’s spec cannot be read any more.', '无法再读取此运行的实验描述文件。', 1);
  const split = splitIntoGroups(text, plan, groups, { separate: args.flag('separate') });
  if ('refused' in split) throw new CliError(split.refused.en, split.refused.zh, 1);
  const wanted = args.flag('experiment') ? asExperiment(text, split.text) : split.text;
  const { problems } = await checkSpec({ file, name, text: wanted }, place, 'header');
  if (problems.some(isError)) {
    for (const line of problemLines(name, new Positions(wanted), problems)) printProgress(line);
    throw new CliError(
      'The spec of these groups would not pass "mtl check", for the reasons above; nothing was written.',
      '按此分组得到的实验描述文件无法通过“mtl check”，原因见上；未写入任何文件。',
      1,
    );
  }
  fs.writeFileSync(file, wanted, { flag: 'wx' });
  if (set.length > 0) {
    printProgress(
      t(
        `The run was changed by --set ${set.join(' ')}; the new spec is made of the text without it.`,
        `此运行用 --set ${set.join(' ')} 作了修改；新实验描述文件取自未修改的文本。`,
      ),
    );
  }
  return name;
}

/**
 * The spec with the arms of an experiment instead of the groups alone.
 *
 * @throws CliError where arms of these names are there, or there is no list that they could be added to
 */
function asExperiment(source: string, grouped: string): string {
  const made = affinityArms(source, grouped);
  if ('refused' in made) throw new CliError(made.refused.en, made.refused.zh, 1);
  const { shared, groups, single } = made;
  const old = [shared, groups, single].filter((id) => !made.added.includes(id));
  const list = (ids: readonly string[]): string => ids.map((id) => `"${plain(id)}"`).join(', ');
  const kept = old.length === 0 ? '' : t(` ${list(old)} stood there already.`, ` ${list(old)} 原已存在。`);
  printProgress(
    t(
      `Arms: "${plain(shared)}" (all tasks together), "${groups}" (the groups), "${plain(single)}" (each task alone).${kept}`,
      `实验组：“${plain(shared)}”（全部共享）、“${groups}”（分组）、“${plain(single)}”（单任务）。${kept}`,
    ),
  );
  return made.text;
}

function jsonText(
  { tasks, step, mean, sd, n, cosines }: AffinityEvent,
  budget: number,
  { proposal, groups }: Proposed,
  written: string | null,
): string {
  return orderedText({
    v: 1,
    ...{ tasks, step, mean, sd, n },
    cosines: cosines ?? null,
    proposal: {
      budget,
      groups: groups.map(({ members, serves, score }) => ({ tasks: members, serves, score })),
      total: proposal.total,
      exact: proposal.exact,
    },
    cautions: cautions.map(say),
    written,
  });
}

function printForPeople(record: AffinityEvent, budget: number, { proposal, groups }: Proposed): void {
  const { tasks, step } = record;
  printResult(
    t(
      `Lookahead affinity up to step ${step}: what a step for the row's task alone takes off the loss of the column's task (mean ± sd, n)`,
      `截至第 ${step} 步的前瞻亲和度：仅为行任务走一步使列任务的损失下降的比例（均值 ± 标准差，n）`,
    ),
  );
  printMatrix(tasks, (i, j) => cellOf(record, i, j));
  if (record.cosines) {
    printResult(t('Cosines of the gradients on the same steps', '同样各步上梯度的余弦'));
    printMatrix(tasks, (i, j) => digits(record.cosines?.[i]?.[j]));
  }
  printResult(t(`Proposal for ${budget} networks:`, `${budget} 个网络的分组建议：`));
  for (const { members, serves, score } of groups) {
    const helpers = members.filter((task) => !serves.includes(task));
    const helped = helpers.length === 0 ? '' : t(`, helped by ${names(helpers)}`, `，由 ${names(helpers)} 辅助`);
    printResult(`  ${names(serves)}${helped}  (${digits(score)})`);
  }
  const unknown = tasks.some((_, i) =>
    tasks.some((__, j) => i !== j && numberOf(record.mean[i]?.[j] ?? null) === null),
  );
  if (unknown) {
    printResult(
      t(
        'Pairs without a value never had labels in one batch; they count as 0.',
        '没有数值的任务对从未在同一批中都有标签，按 0 计。',
      ),
    );
  }
  if (!proposal.exact) {
    printResult(t('The search was stopped; there may be a better choice.', '搜索提前停止，可能存在更好的选择。'));
  }
  for (const caution of cautions) printResult(say(caution));
}

const names = (list: readonly string[]): string => list.map(plain).join(', ');

function cellOf({ mean, sd, n }: AffinityEvent, i: number, j: number): string {
  const value = digits(mean[i]?.[j]);
  const spread = numberOf(sd[i]?.[j] ?? null);
  return `${value}${spread === null ? '' : ` ± ${digits(spread)}`} (${String(n[i]?.[j] ?? 0)})`;
}

function digits(value: JsonNumber | null | undefined): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(3))) : '–';
}

function printMatrix(tasks: readonly string[], cell: (i: number, j: number) => string): void {
  const rows = tasks.map((task, i) => [plain(task), ...tasks.map((_, j) => cell(i, j))]);
  for (const line of columns([['', ...tasks.map(plain)], ...rows])) printResult(`  ${line}`);
}
