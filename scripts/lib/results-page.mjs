// The page on every strategy: what it says is worked out from comparisons, in two languages.

/** @typedef {'en' | 'zh'} Language */
/** @typedef {{mean: number | null, interval: readonly [number, number] | null}} Estimate */
/** @typedef {Estimate & {adjustedP: number | null, verdict: string}} Delta */
/** @typedef {Estimate & {metric: string, n: number, values?: readonly (number | null)[] | undefined, delta: Delta | null}} Measure `values`: in the order of the seeds */
/** @typedef {{id: string, n: number, failed: number, confirmed: boolean, measures: Record<string, Measure>, deltaM: Estimate | null}} Arm */
/** @typedef {{arms: readonly Arm[], tests: number, measures: Record<string, {metric: string, higherIsBetter: boolean, margin: number | null}>}} Comparison */
/** @typedef {{name: string, single: Comparison, frontier: Comparison}} Study `single` and `frontier`: with this arm as baseline */

/** Verdicts in the order of the sentences, with their words. @type {Readonly<Record<string, Readonly<Record<Language, string>>>>} */
const verdicts = {
  helps: { en: 'helps', zh: '有益' },
  hurts: { en: 'hurts', zh: '有害' },
  equivalent: { en: 'equivalent', zh: '等效' },
  'non-inferior': { en: 'non-inferior', zh: '非劣效' },
  undecided: { en: 'undecided', zh: '未定' },
};

/**
 * What the pages need of a comparison, and the values that they were worked out from.
 * @param {Comparison} comparison as `mtl compare --json` gives it
 * @returns {Comparison}
 */
export function kept({ arms, tests, measures }) {
  const confirmed = arms.filter((arm) => arm.confirmed);
  return {
    ...{ tests, measures },
    arms: confirmed.map(({ id, n, failed, measures: own, deltaM }) => ({
      ...{ id, n, failed, confirmed: true, deltaM },
      measures: Object.fromEntries(
        Object.entries(own).map(([task, { metric, n: count, values, mean, interval, delta }]) => [
          task,
          { ...{ metric, n: count, values, mean, interval }, delta: delta === null ? null : shortened(delta) },
        ]),
      ),
    })),
  };
}

/** @param {Delta} delta @returns {Delta} */
const shortened = ({ mean, interval, adjustedP, verdict }) => ({ mean, interval, adjustedP, verdict });

/** @param {number} value @param {number} digits */
const signed = (value, digits) => {
  const text = Math.abs(value).toFixed(digits);
  // What is 0 with these digits has no sign.
  const sign = Number(text) === 0 ? '' : value > 0 ? '+' : '−';
  return `${sign}${text}`;
};

/** @param {number} value */
const short = (value) => Number(value.toPrecision(4)).toString().replace('-', '−');

/** In percent. @param {Estimate | null} estimate a share, as `mtl compare --json` has it */
function percent(estimate) {
  if (estimate === null || estimate.mean === null) return '–';
  const shown = (/** @type {number} */ share) => signed(100 * share, 1);
  if (estimate.interval === null) return shown(estimate.mean);
  const [low, high] = estimate.interval;
  return `${shown(estimate.mean)} [${shown(low)}, ${shown(high)}]`;
}

/** @param {readonly string[]} head @param {readonly (readonly string[])[]} rows the first column is text, the others numbers */
function table(head, rows) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? ':--' : '--:'))), ...rows.map(line)].join('\n');
}

/** Confirmed arms but the baseline, the best Δm first. @param {Comparison} comparison */
function ranked({ arms }) {
  const value = (/** @type {Arm} */ arm) => arm.deltaM?.mean ?? -Infinity;
  return arms.filter(({ id, confirmed }) => confirmed && id !== 'single').sort((a, b) => value(b) - value(a));
}

/** Arms whose measures have one of these verdicts, with the tasks. @param {Comparison} comparison @param {string} verdict */
function having({ arms }, verdict) {
  return arms.flatMap(({ id, confirmed, measures }) =>
    Object.entries(measures)
      .filter(([, { delta }]) => confirmed && delta?.verdict === verdict)
      .map(([task]) => ({ id, task })),
  );
}

/** How often each verdict was given. @param {Comparison} comparison @param {Language} language */
function counts(comparison, language) {
  const parts = Object.entries(verdicts).flatMap(([verdict, words]) => {
    const { length } = having(comparison, verdict);
    return length > 0 ? [`${length} × ${words[language]}`] : [];
  });
  return parts.join(language === 'en' ? ', ' : '，');
}

/** @param {readonly {id: string, task: string}[]} found @param {Language} language */
function named(found, language) {
  const shown = found.slice(0, 8).map(({ id, task }) => `\`${id}\`${language === 'en' ? ' on ' : ' 于 '}${task}`);
  const more = found.length - shown.length;
  if (more > 0) shown.push(language === 'en' ? `${more} more` : `另有 ${more} 项`);
  return shown.join(language === 'en' ? ', ' : '、');
}

/** What a sample shows, said plainly. @param {Study} study @param {Language} language */
function finding({ name, single, frontier: all }, language) {
  // Networks of their own are no strategy: they are told of by themselves.
  const frontier = { ...all, arms: all.arms.filter(({ id }) => id !== 'single') };
  const apart = having(all, 'helps').flatMap(({ id, task }) => (id === 'single' ? [task] : []));
  const order = ranked(single);
  const [best] = order;
  const sure = order.filter(({ deltaM }) => (deltaM?.interval?.[0] ?? -1) > 0);
  const worse = order.filter(({ deltaM }) => (deltaM?.interval?.[1] ?? 1) < 0);
  const [beats, loses] = [having(frontier, 'helps'), having(frontier, 'hurts')];
  const place = order.findIndex(({ id }) => id === 'frontier') + 1;
  const rank = order.findIndex(({ id }) => id === 'static') + 1;
  if (language === 'en') {
    return [
      `- **${name}** (${single.tests} comparisons with single-task networks): ${counts(single, 'en')}.`,
      `Best by its mean: \`${best?.id}\`, Δm ${percent(best?.deltaM ?? null)} %.`,
      `The interval of Δm, which is corrected for nothing, lies above 0 for ${sure.length} and below 0 for ${worse.length} of ${order.length} arms.`,
      `Strategies beside the tuned static weights: ${counts(frontier, 'en')};`,
      beats.length === 0 ? 'no strategy beats them on any task.' : `better on a task: ${named(beats, 'en')}.`,
      loses.length === 0 ? '' : `Worse: ${named(loses, 'en')}.`,
      apart.length === 0 ? '' : `Single-task networks are better than they on ${apart.join(', ')}.`,
      `By the mean of Δm the tuned weights come ${place} of ${order.length}, equal weights ${rank}.`,
    ]
      .filter((part) => part !== '')
      .join(' ');
  }
  return [
    `- **${name}**（与单任务网络比较 ${single.tests} 次）：${counts(single, 'zh')}。`,
    `均值最好的是 \`${best?.id}\`，Δm ${percent(best?.deltaM ?? null)} %。`,
    `${order.length} 个实验组中，Δm 的区间（未作校正）全在 0 以上的有 ${sure.length} 组，全在 0 以下的有 ${worse.length} 组。`,
    `各策略与调过的固定权重相比：${counts(frontier, 'zh')}；`,
    beats.length === 0 ? '没有任何策略在任何任务上胜过它。' : `在某任务上更好的：${named(beats, 'zh')}。`,
    loses.length === 0 ? '' : `更差的：${named(loses, 'zh')}。`,
    apart.length === 0 ? '' : `单任务网络在 ${apart.join('、')} 上胜过它。`,
    `按 Δm 均值排列，调过的固定权重居第 ${place}，等权重居第 ${rank}（共 ${order.length} 组）。`,
  ].join('');
}

/** One row an arm: Δm on every sample, and what an epoch costs. @param {readonly Study[]} studies @param {Readonly<Record<string, number>>} costs @param {Language} language */
function overview(studies, costs, language) {
  const ids = (studies[0]?.single.arms ?? [])
    .filter(({ id, confirmed }) => confirmed && id !== 'single')
    .map(({ id }) => id);
  const base = costs['static'] ?? NaN;
  const head = [
    language === 'en' ? 'arm' : '实验组',
    ...studies.map(({ name }) => `${name}: Δm %`),
    language === 'en' ? 'epoch, beside `static`' : '每轮用时（`static` = 1）',
  ];
  const rows = ids.map((id) => [
    `\`${id}\``,
    ...studies.map(({ single }) => percent(single.arms.find((arm) => arm.id === id)?.deltaM ?? null)),
    costs[id] === undefined ? '–' : (costs[id] / base).toFixed(2),
  ]);
  return table(head, rows);
}

/** Every task of a sample. @param {Study} study @param {Language} language */
function details({ name, single }, language) {
  const tasks = Object.keys(single.measures);
  const words = { en: ['arm', 'seeds', 'failed'], zh: ['实验组', '种子', '失败'] }[language];
  const arrow = (/** @type {string} */ task) => (single.measures[task]?.higherIsBetter === true ? '↑' : '↓');
  const head = [...words, ...tasks.map((task) => `${task}: ${single.measures[task]?.metric} ${arrow(task)}`), 'Δm %'];
  const arms = [...single.arms.filter(({ id }) => id === 'single'), ...ranked(single)];
  const rows = arms.map(({ id, n, failed, measures, deltaM }) => [
    `\`${id}\``,
    String(n),
    String(failed),
    ...tasks.map((task) => {
      const measure = measures[task];
      const mean = measure?.mean ?? null;
      const verdict = verdicts[measure?.delta?.verdict ?? '']?.[language];
      return `${mean === null ? '–' : short(mean)}${verdict === undefined ? '' : language === 'en' ? ` (${verdict})` : `（${verdict}）`}`;
    }),
    percent(deltaM),
  ]);
  return `### ${name}\n\n${table(head, rows)}`;
}

/**
 * @param {readonly Study[]} studies
 * @param {readonly string[]} left samples whose experiments are not on the page
 * @param {Readonly<Record<string, number>>} costs milliseconds an epoch by arm
 * @param {Language} language
 */
export function resultsPage(studies, left, costs, language) {
  const parts = language === 'en' ? english : chinese;
  return `${[
    parts.head,
    ...(left.length === 0 ? [] : [parts.left(left)]),
    parts.finding,
    studies.map((study) => finding(study, language)).join('\n'),
    parts.overview,
    overview(studies, costs, language),
    parts.details,
    studies.map((study) => details(study, language)).join('\n\n'),
    parts.limits,
  ].join('\n\n')}\n`;
}

const english = {
  head: `# Results: every strategy on three samples

<!-- Written by \`npm run results\`; every number and every count comes from the runs. -->

[Cars](../examples/results/cars.mtl.json), [digits with boxes](../examples/results/digits.mtl.json) and
[penguins](../examples/results/penguins.mtl.json), each with three tasks on one network; every [strategy](strategies.md) with
its default parameters. The baseline is a network of its own for every task, with the same blocks; the control is a frontier of
static weights of which the best was chosen. Every arm may try four settings, once, judged on the validation split (four
learning rates, or four points of the frontier); what is chosen is trained again with five seeds that nothing was chosen by, and
judged on the test split. All on the embedded engine. The command goes on where it was stopped:

\`\`\`
npm run results
\`\`\``,
  /** @param {readonly string[]} names */
  left: (names) => `**Not on this page yet:** ${names.join(', ')}. Its spec is there; the command runs it.`,
  finding: '## What it shows',
  overview: `## Δm beside single-task networks

Mean over tasks of the signed relative improvement, in percent, with its 95 % interval over seeds; positive = better. How these
numbers are made is in [Experiments](experiments.md). Time of an epoch on digits, evaluation included, the
quickest of three, one training at a time: differences of a tenth or two are the machine's.`,
  details: `## Every task

Means over seeds; in brackets the verdict beside single-task networks, after Holm's correction over all tasks and arms of the
sample.`,
  limits: `## What it does not show

Three small data sets, small networks, few epochs, one split each: verdicts hold there. Five seeds under so many comparisons
find large differences only, so *undecided* means that nothing could be shown, not that there is nothing. Four learning rates
are a light tuning; parameters of the strategies were left at their defaults.`,
};

const chinese = {
  head: `# 结果：每种策略在三个示例上的表现

<!-- 由 \`npm run results\` 生成；所有数字与计数均来自实际运行。 -->

[汽车](../examples/results/cars.mtl.json)、[带框手写数字](../examples/results/digits.mtl.json)与[企鹅](../examples/results/penguins.mtl.json)，
每个示例都有三个任务共用一个网络；每种[策略](strategies.zh-CN.md)均取默认参数。基线是每个任务各用一个相同结构的网络；对照是从固定权重前沿中选出的最好一组。
每个实验组可在验证集上各试一次四个设置（四个学习率，或前沿上的四个点）；选出者再用五个未参与选择的种子训练，并在测试集上评判。
全部使用内置引擎。中断后再次执行命令即可继续：

\`\`\`
npm run results
\`\`\``,
  /** @param {readonly string[]} names */
  left: (names) => `**本页尚未包含：**${names.join('、')}。描述文件已备好，执行上述命令即可运行。`,
  finding: '## 结果说明了什么',
  overview: `## 相对单任务网络的 Δm

各任务有符号相对改进的均值（百分比），附对种子的 95 % 区间；正值更好。计算方法见[实验](experiments.zh-CN.md)。每轮用时在带框手写数字上测得（含评估，逐个训练，取三轮中最快者）：一两成的差异来自机器本身。`,
  details: `## 各任务

对种子的均值；括号内为与单任务网络相比的结论，已对该示例的全部任务与实验组作 Holm 校正。`,
  limits: `## 结果没有说明什么

三个小数据集、小网络、少量轮次、各一种划分：结论仅限于此。在这么多次比较之下，五个种子只能发现很大的差异，因此“未定”意味着无法证明，而非没有差异。
四个学习率只是轻度调参；各策略的参数保持默认值。`,
};
