import { isFolder } from '../../files/links.ts';
import { replaceFile } from '../../files/plain.ts';
import type { Comparison, HypothesisResult } from '../../experiment/comparison/contract.ts';
import { hypothesisText, resultText } from '../../experiment/report/cells.ts';
import { junitXml } from '../../experiment/report/junit.ts';
import { hypothesesSummary, looksSummary, togetherOf, togetherSummary } from '../../experiment/report/summaries.ts';
import { orderedText } from '../../runs/json.ts';
import { jsonOption, type Arguments, type Verb } from '../arguments.ts';
import { CliError } from '../error.ts';
import { comparedOf, namesExperiment } from '../experiments/compared.ts';
import { language, say, t } from '../language.ts';
import { plain, printProgress, printResult } from '../output.ts';
import { runDirectory } from '../run-directory.ts';

export const verb: Verb = {
  usage: 'verify EXPERIMENT [--junit FILE] [--json]',
  help: {
    en: 'The hypotheses of an experiment: exit 0 when all are supported, 1 when one is refuted, 3 when one is undecided.',
    zh: '检验实验的假设：全部成立退出码为 0，有不成立的为 1，有未定的为 3。',
  },
  options: {
    junit: { type: 'string', value: 'FILE', help: { en: 'also as JUnit XML', zh: '同时写成 JUnit XML' } },
    json: jsonOption,
  },
  words: [1, 1],
  failure: 2,
  run: (args) => Promise.resolve().then(() => verify(args)),
};

/** `mtl verify`: one that is refuted and one that is undecided give 1. */
function verify(args: Arguments): number {
  const word = args.word(0);
  if (!namesExperiment(word)) {
    if (!isFolder(word)) {
      throw new CliError(
        `"${word}" is no directory of an experiment. Name the one that "mtl experiment" printed, such as .mtl/experiments/NAME.`,
        `“${word}”不是实验目录。请给出“mtl experiment”输出的目录，例如 .mtl/experiments/名称。`,
      );
    }
    runDirectory(word);
    throw new CliError(
      `"${word}" is a run: only an experiment has hypotheses.`,
      `“${word}”是一次运行：只有实验才有假设。`,
    );
  }
  // The level is part of what was claimed: nobody chooses it afterwards.
  const { comparison } = comparedOf([word], {});
  const { hypotheses } = comparison;
  if (hypotheses.length === 0) {
    throw new CliError(
      'The experiment has no hypotheses. Declare them in "experiment.hypotheses" before the runs.',
      '此实验没有假设。请在运行之前于“experiment.hypotheses”中声明。',
    );
  }
  const { looks, paired, deviations } = comparison;
  if (args.flag('json'))
    printResult(orderedText({ v: 1, hypotheses, looks, paired, together: togetherOf(comparison), deviations }));
  else printForPeople(comparison);
  const junit = args.text('junit');
  if (junit !== undefined) replaceFile(junit, junitXml(comparison, language()));
  return exitCodeOf(hypotheses);
}

export function exitCodeOf(hypotheses: readonly Pick<HypothesisResult, 'result'>[]): 0 | 1 | 3 {
  const results = hypotheses.map(({ result }) => result);
  return results.includes('refuted') ? 1 : results.includes('undecided') ? 3 : 0;
}

function printForPeople(comparison: Comparison): void {
  for (const { id, claim, arms, measure, result, reason } of comparison.hypotheses) {
    const said = say(hypothesisText({ claim, arms: [plain(arms[0]), plain(arms[1])], measure: plain(measure) }));
    printResult(`${plain(id)}  ${say(resultText[result])}  ${said}\n    ${plain(say(reason))}`);
  }
  const summary = hypothesesSummary(comparison);
  if (summary !== null) printResult(say(summary));
  const together = togetherSummary(comparison);
  if (together !== null) printResult(say(together));
  if (!comparison.paired)
    printResult(
      t("Unpaired: the arms have seeds of their own (Welch's t).", '非配对：各组使用各自的种子（Welch t 检验）。'),
    );
  // What was claimed, or is judged, otherwise than was planned is no prediction any more.
  const looks = looksSummary(comparison);
  for (const one of [...comparison.deviations, ...(looks === null ? [] : [looks])])
    printProgress(`${t('warning: ', '警告：')}${plain(say(one))}`);
}
