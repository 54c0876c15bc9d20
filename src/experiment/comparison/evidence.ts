/** What an experiment's directory holds, as the comparison takes it: the same for the terminal, the report and the editor. */
import { text, withoutEnd, type Text } from '../../common/text.ts';
import { isOrderedMap } from '../../runs/json.ts';
import { readResult } from '../../runs/result.ts';
import { productVersion } from '../../runtime/versions.ts';
import type { ExperimentView } from '../read.ts';
import type { ExperimentEvidence, RunFacts } from './experiment.ts';

/**
 * @param facts of runs, by id
 * @param outcomes those that are to be seen, where some are held back
 */
export function evidenceOf(
  { plan, design, expansion, deviations, remarks, outcomes: all }: ExperimentView,
  facts: ReadonlyMap<string, RunFacts>,
  outcomes: ExperimentView['outcomes'] = all,
): ExperimentEvidence {
  return {
    ...{ design, expansion: { ...expansion, remarks }, outcomes, facts, name: plan.name },
    surroundings: plan.surroundings,
    deviations: deviations.map(deviationText),
    versions: [`MTL Workbench ${productVersion}`],
  };
}

/** What a run's `result.json` tells beside its outcome; without one, that nothing is known. */
export function readFacts(directory: string): RunFacts {
  const parameters = readResult(directory)?.get('parameters');
  const total = isOrderedMap(parameters) ? parameters.get('total') : undefined;
  return { parameters: typeof total === 'number' ? total : null };
}

function deviationText({ changes, counted, of }: ExperimentView['deviations'][number]): Text {
  const { en, zh } = withoutEnd(changes);
  return text(
    `Changed after the runs had begun: ${en} (${counted} of ${of} finished runs count on).`,
    `运行开始之后有改动：${zh}（${of} 次已完成的运行中 ${counted} 次继续计入）。`,
  );
}
