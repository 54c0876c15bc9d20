/** What each view comes to, in one sentence. Pure. */
import type { Comparison, Delta, FactorView, Verdict } from '../../src/experiment/comparison/contract.ts';
import { forestRows } from './forest.ts';
import { percent } from './numbers.ts';
import type { Strings } from './strings.ts';

/** As many arms as are named one by one; of more it is counted. */
const named = 3;

const verdictOrder: readonly Verdict[] = ['helps', 'hurts', 'equivalent', 'non-inferior', 'undecided', 'not-confirmed'];

/** The whole comparison. */
export function overallSentence(comparison: Comparison, strings: Strings): string {
  const { sentences } = strings;
  const others = comparison.arms.filter(({ id }) => id !== comparison.baseline);
  if (others.length === 0) return sentences.alone(comparison.baseline);
  const judged = others.map(({ id, measures }) => ({
    id,
    deltas: measures.flatMap(({ task, delta }) => (delta === null ? [] : [{ task, delta }])),
  }));
  if (judged.length <= named) {
    const each = judged.map(({ id, deltas }) => sentences.ofArm(id, wordsOf(deltas, strings)));
    return sentences.against(comparison.baseline, each.join(strings.separator));
  }
  const has = (deltas: (typeof judged)[number]['deltas'], verdict: Verdict): boolean =>
    deltas.some(({ delta }) => delta.verdict === verdict);
  const hurting = judged.filter(({ deltas }) => has(deltas, 'hurts')).length;
  const helping = judged.filter(({ deltas }) => has(deltas, 'helps') && !has(deltas, 'hurts')).length;
  const open = judged.length - hurting - helping;
  const parts = [sentences.helping(helping), sentences.hurting(hurting), sentences.open(open)];
  return sentences.against(comparison.baseline, sentences.many(judged.length, parts.join(strings.comma)));
}

/** `helps A, B; hurts C`: what is decided of an arm. */
function wordsOf(deltas: readonly { readonly task: string; readonly delta: Delta }[], strings: Strings): string {
  const decided = verdictOrder
    .filter((verdict) => verdict !== 'undecided' && verdict !== 'not-confirmed')
    .flatMap((verdict) => {
      const tasks = deltas.filter(({ delta }) => delta.verdict === verdict).map(({ task }) => task);
      if (tasks.length === 0) return [];
      const word = strings.verdicts[verdict];
      const list = tasks.join(strings.comma);
      if (strings.language === 'zh') return [`对 ${list} ${word}`];
      return [verdict === 'helps' || verdict === 'hurts' ? `${word} ${list}` : `is ${word} on ${list}`];
    });
  return decided.length === 0 ? strings.sentences.nothingDecided : decided.join(strings.comma);
}

/** The forest plot of a task. */
export function forestSentence(comparison: Comparison, task: string, strings: Strings): string {
  const rows = forestRows(comparison, task, 'plan');
  const metric = comparison.measures.find((measure) => measure.task === task)?.metric ?? '';
  if (rows.length === 0) return strings.sentences.noForest(task);
  const counted = verdictOrder.flatMap((verdict) => {
    const count = rows.filter(({ delta }) => delta.verdict === verdict).length;
    return count === 0 ? [] : [strings.sentences.counts[verdict](count)];
  });
  return strings.sentences.ofTask(task, metric, counted.join(strings.comma));
}

/** The effects on a task: which of them is the largest. */
export function effectsSentence(view: FactorView | undefined, strings: Strings): string {
  const known = (view?.effects ?? []).filter(({ etaSquared }) => etaSquared !== null);
  const [most] = known.toSorted((a, b) => (b.etaSquared ?? 0) - (a.etaSquared ?? 0));
  if (view === undefined || most === undefined) return strings.sentences.noEffects;
  return strings.sentences.effects(view.task, most.factors.join(' × '), percent(most.etaSquared));
}

/** What is said beside a verdict: why it is undecided, how many seeds would decide, tests that disagree. */
export function verdictNotes({ verdict, reason, moreSeeds, disagreement }: Delta, strings: Strings): string {
  const notes = [
    reason === null ? '' : reason[strings.language],
    verdict === 'undecided' && moreSeeds !== null && moreSeeds > 0 ? strings.moreSeeds(moreSeeds) : '',
    disagreement ? strings.disagreement : '',
  ];
  return notes.filter((note) => note !== '').join(strings.space);
}
