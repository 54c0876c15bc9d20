/** A frozen plan as something to be run: its design, and the runs by what others have come to. */
import { text, type Text } from '../common/text.ts';
import type { Design, Expansion, Outcome } from './contract.ts';
import { readDesign } from './design.ts';
import { ExperimentError } from './error.ts';
import { expand } from './expand.ts';
import type { PlanRecord } from './plan-file.ts';

export interface Planning {
  readonly design: Design;
  readonly expand: (outcomes: ReadonlyMap<string, Outcome>) => Expansion;
}

/** @throws ExperimentError `nothing` for a text without an experiment that can be run */
export function planningOf({
  text: written,
  surroundings,
  facts,
}: Pick<PlanRecord, 'text' | 'surroundings' | 'facts'>): Planning {
  const { design, refusals } = readDesign(written, facts);
  if (design === undefined || refusals.length > 0) throw nothing(refusals.map(({ message }) => message));
  return { design, expand: (outcomes) => expand(design, surroundings, outcomes) };
}

function nothing(reasons: readonly Text[]): ExperimentError {
  if (reasons.length === 0) {
    return new ExperimentError(
      'nothing',
      text(
        'There is no experiment in this spec: it needs a section "experiment", for example "experiment": {"replicates": 5}.',
        '此描述文件中没有实验：需要 "experiment" 一节，例如 "experiment": {"replicates": 5}。',
      ),
    );
  }
  return new ExperimentError(
    'nothing',
    text(
      `The experiment cannot be run. ${reasons.map(({ en }) => en).join(' ')}`,
      `无法执行此实验。${reasons.map(({ zh }) => zh).join('')}`,
    ),
  );
}
