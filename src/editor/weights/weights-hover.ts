/** What a weight does in this spec: with its strategy and optimizer, and by the last run's numbers. Pure. */
import type { Language } from '../../common/text.ts';
import { describe, isProportional, type OptimizerName, type SpecNode } from '../../spec/index.ts';
import { percent, shorten, weightText, type Translate } from './lens-text.ts';

/** What the last run knows of a task. */
export interface Influence {
  readonly task: string;
  /** Share of the weighted total, 0…1. */
  readonly share: number | null;
  /** Share of weight × gradient norm, 0…1. */
  readonly gradientShare: number | null;
  /** Null where the strategy gives a direction that is no weighting. */
  readonly effective: number | null;
}

export interface WeightsContext {
  readonly tree: SpecNode | undefined;
  readonly language: Language;
  readonly strategy: string;
  readonly optimizer: OptimizerName;
  readonly influences: readonly Influence[];
}

/**
 * Lines of plain text.
 *
 * @param task the entry that is pointed at; undefined on the key `weights`: all tasks
 */
export function weightLines(t: Translate, context: WeightsContext, task?: string): readonly string[] {
  const { tree, language, strategy, optimizer, influences } = context;
  const facts = describe(tree, ['strategy']).flatMap((one) => one.facts);
  const meaning = facts.find(({ label }) => label.en === '`weights`')?.text[language];
  const lines = [
    ...(meaning === undefined ? [] : [t('With the strategy {0}, weights are: {1}', strategy, plain(meaning))]),
    isProportional(optimizer)
      ? t('With {0}, multiplying all weights by a number multiplies the learning rate by it.', optimizer)
      : t(
          'With {0}, multiplying all weights by a number changes nothing but ε, clipping and the ratio to l2, and a head ignores its own task’s weight: weights act through the shared part.',
          optimizer,
        ),
  ];
  const shown = influences.filter((one) => task === undefined || one.task === task).map((one) => influence(t, one));
  const known = shown.filter((line) => line !== '');
  if (known.length === 0) return lines;
  return [
    ...lines,
    t('Last run: {0}', known.join('; ')),
    t('A share of the total is one of losses, not of influence.'),
  ];
}

function influence(t: Translate, { task, share, gradientShare, effective }: Influence): string {
  const parts = [
    effective === null ? '' : t('effective {0}', weightText(effective)),
    share === null ? '' : t('{0} of total', percent(share).trim()),
    gradientShare === null ? '' : t('{0} of weight × gradient norm', percent(gradientShare).trim()),
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `${shorten(task)}: ${parts.join(', ')}`;
}

/** Our tables write Markdown; here it is text. */
function plain(text: string): string {
  return text.replaceAll('`', '');
}
