/** The paragraph on methods: what was compared, how often, by which test, and what was not as planned. */
import { counted, type Text, text } from '../../common/text.ts';
import type { Comparison } from '../comparison/contract.ts';
import { percent, shortNumber } from '../comparison/numbers.ts';
import { isPilot, listed, quoted, sentences } from './cells.ts';

export function methodsText(comparison: Comparison): Text {
  return sentences(
    [
      armsText(comparison),
      varyText(comparison),
      testText(comparison),
      marginText(comparison),
      deltaMText(comparison),
      failuresText(comparison),
      deviationsText(comparison),
      provenanceText(comparison),
    ].filter((one) => one.en !== ''),
  );
}

const none = text('', '');

function armsText(comparison: Comparison): Text {
  const { arms, baseline, measures } = comparison;
  const names = quoted(arms.map(({ id }) => id));
  const counts = [...new Set(arms.map(({ n }) => n))].toSorted((a, b) => a - b);
  const seeds = listed(counts.map(String));
  const explored = quoted(arms.filter(({ confirmed }) => !confirmed).map(({ id }) => id));
  const primary = measures.map(({ task, metric }) => `${task}: ${metric}`);
  const pilot = isPilot(comparison) ? text(' This is a pilot.', '这是预试验。') : none;
  const only =
    explored.en === ''
      ? none
      : text(
          ` Values of ${explored.en} are of the validation split and not confirmed.`,
          `${explored.zh}的值取自验证集，未经确认。`,
        );
  return text(
    `${counted(arms.length, 'arm')} (${names.en}) ${arms.length === 1 ? 'was' : 'were'} trained with ${seeds.en} seeds each and compared with "${baseline}" on the primary metric of every task (${primary.join(', ')}), on the test split of the model that was kept by the validation split.${only.en}${pilot.en}`,
    `共 ${arms.length} 个实验组（${names.zh}），每组 ${seeds.zh} 个种子，与“${baseline}”在每个任务的主要指标（${primary.join('、')}）上比较；模型按验证集保留，指标取自测试集。${only.zh}${pilot.zh}`,
  );
}

const sourceText: Readonly<Record<string, Text>> = {
  split: text('data split', '数据划分'),
  init: text('initialization', '初始化'),
  order: text('order of samples', '样本顺序'),
  dropout: text('dropout', 'dropout'),
};

function varyText({ provenance: { varies, held } }: Comparison): Text {
  if (varies.length + held.length === 0) return none;
  const words = (names: readonly string[]): Text => {
    const all = names.map((name) => sourceText[name] ?? text(name, name));
    return text(all.map(({ en }) => en).join(', '), all.map(({ zh }) => zh).join('、'));
  };
  const [moves, stays] = [words(varies), words(held)];
  const fixed =
    held.length === 0
      ? none
      : text(
          ` Held fixed: ${stays.en}${held.includes('split') ? '; verdicts hold on this split and test set' : ''}.`,
          `固定不变：${stays.zh}${held.includes('split') ? '；结论仅适用于这一划分与测试集' : ''}。`,
        );
  const moving =
    varies.length === 0 ? none : text(`Between seeds differ: ${moves.en}.`, `不同种子之间变化的有：${moves.zh}。`);
  return text(`${moving.en}${fixed.en}`, `${moving.zh}${fixed.zh}`);
}

function testText({ level, family, tests, overlap, looks, paired }: Comparison): Text {
  const at = percent(level);
  const wide =
    overlap === 0
      ? none
      : text(
          `, with the variance s²(1/n + ${shortNumber(overlap)}) for training sets that overlap (Nadeau and Bengio 2003)`,
          `，并按训练集重叠取方差 s²(1/n + ${shortNumber(overlap)})（Nadeau 与 Bengio，2003）`,
        );
  const correction =
    family === 'all'
      ? text(
          'without correction, since every test must hold (intersection–union, Berger 1982); whether an arm is better on every task is corrected by Holm over the arms',
          '不作校正，因为要求全部检验成立（交并检验，Berger，1982）；“在每个任务上都更好”这一结论在各组之间作 Holm 校正',
        )
      : text(`after Holm's correction over ${counted(tests, 'test')}`, `对 ${tests} 个检验作 Holm 校正`);
  const spending =
    looks === null || looks.declared < 2
      ? none
      : text(
          ` Over ${looks.declared} declared looks the error was spent by Lan and DeMets' function of O'Brien and Fleming's shape.`,
          `在 ${looks.declared} 次声明的查看之间，误差按 Lan–DeMets 的 O'Brien–Fleming 型函数花费。`,
        );
  const more =
    looks !== null && looks.count > looks.declared
      ? text(
          ` The test split was looked at ${counted(looks.count, 'time')} with different results.`,
          `测试集在结果不同的情况下被查看了 ${looks.count} 次。`,
        )
      : none;
  if (!paired) {
    return text(
      `The arms have seeds of their own and are unpaired; verdicts come from Welch's two-sided t test at ${percent(1 - level)}${wide.en}, ${correction.en}; intervals are at ${at}. No test of pairs stands beside.${spending.en}${more.en}`,
      `各组使用各自的种子，为非配对比较；结论来自双侧 Welch t 检验（显著性水平 ${percent(1 - level)}）${wide.zh}，${correction.zh}；区间水平为 ${at}。没有配对检验并列。${spending.zh}${more.zh}`,
    );
  }
  return text(
    `Differences are paired by seed; verdicts come from the two-sided paired t test at ${percent(1 - level)}${wide.en}, ${correction.en}; intervals are at ${at}. The sign-flip test stands beside.${spending.en}${more.en}`,
    `差异按种子配对；结论来自双侧配对 t 检验（显著性水平 ${percent(1 - level)}）${wide.zh}，${correction.zh}；区间水平为 ${at}。另列符号翻转检验。${spending.zh}${more.zh}`,
  );
}

function marginText({ measures, level }: Comparison): Text {
  const margins = measures.flatMap(({ task, metric, margin }) =>
    margin === null ? [] : [`${task} ${metric} ${shortNumber(margin)}`],
  );
  if (margins.length === 0) return text('No margins were declared.', '未声明界值。');
  const [all, at, two] = [listed(margins), percent(level), percent(2 * level - 1)];
  return text(
    `Declared margins: ${all.en}; "non-inferior" by the one-sided ${at} bound, "equivalent" by two one-sided tests (${two} interval), both unadjusted.`,
    `声明的界值：${all.zh}；“非劣”依据单侧 ${at} 界，“等效”依据两个单侧检验（${two} 区间），均不作校正。`,
  );
}

function deltaMText({ arms }: Comparison): Text {
  return arms.some(({ deltaM }) => deltaM !== null)
    ? text(
        'Δm is the mean over tasks of the signed relative improvement over the mean of the single-task runs, with a t interval over seeds.',
        'Δm 为各任务相对单任务运行均值的带符号改进之平均，区间为种子间的 t 区间。',
      )
    : none;
}

function failuresText({ failures, arms, paired, overlap }: Comparison): Text {
  const missing = arms.reduce((total, arm) => total + arm.missing, 0);
  const [failed, pruned] = [
    failures.filter(({ failure }) => failure !== 'pruned').length,
    failures.filter(({ failure }) => failure === 'pruned').length,
  ];
  if (failed + pruned + missing === 0) return text('No run failed.', '没有运行失败。');
  const raised =
    overlap === 0 ? none : text(' (its p raised, since training sets overlap)', '（训练集相互重叠，其 p 值相应调高）');
  return text(
    `${counted(failed, 'run')} failed, ${counted(pruned, 'was', 'were')} pruned, ${counted(missing, 'replicate has', 'replicates have')} not ended; where runs failed the exact ${paired ? 'signed-rank' : 'rank-sum'} test${raised.en} counts them as the worst, and such an arm is never called better.`,
    `${failed} 次运行失败，${pruned} 次被剪枝，${missing} 个重复尚未结束；有失败运行处以精确${paired ? '符号秩' : '秩和'}检验${raised.zh}按最差计，这样的组不会被判为更好。`,
  );
}

function deviationsText({ deviations, kind }: Comparison): Text {
  if (kind === 'runs') return text('The runs were not planned as an experiment.', '这些运行并非按实验计划进行。');
  if (deviations.length === 0) return text('Nothing deviates from the plan.', '与计划无偏离。');
  const all = sentences(deviations);
  return text(`Deviations from the plan: ${all.en}`, `与计划的偏离：${all.zh}`);
}

function provenanceText({ provenance: { engines, files, plan, versions } }: Comparison): Text {
  const hashes = files.map(({ path, sha256 }) => `${path} ${sha256.slice(0, 12)}`);
  const parts = [
    ...(engines.length === 0 ? [] : [text(`Engine: ${listed(engines).en}.`, `引擎：${listed(engines).zh}。`)]),
    ...(hashes.length === 0
      ? []
      : [text(`Data (SHA-256): ${listed(hashes).en}.`, `数据（SHA-256）：${listed(hashes).zh}。`)]),
    ...(plan === null
      ? []
      : [text(`Hash of the analysis plan: ${plan.slice(0, 12)}.`, `分析计划的哈希：${plan.slice(0, 12)}。`)]),
    ...(versions.length === 0 ? [] : [text(`Versions: ${listed(versions).en}.`, `版本：${listed(versions).zh}。`)]),
  ];
  return sentences(parts);
}
