/** `compare --json` (conventions 10): fields may be added, none changes its meaning. */
import { besideReference } from '../../common/beside.ts';
import { orderedText } from '../../runs/json.ts';
import type { ArmMeasure, Comparison, ComparisonArm, RunsBeside } from '../comparison/contract.ts';

/** One JSON object in one line; maps of names in the order of the spec. */
export function comparisonJson(comparison: Comparison): string {
  const { arms, correlation, measures, differences, beside, ...rest } = comparison;
  return orderedText({
    v: 1,
    arms: arms.map(armJson),
    baseline: comparison.baseline,
    correlation:
      correlation === null
        ? {}
        : {
            tasks: correlation.tasks,
            pooled: correlation.pooled,
            arms: new Map(correlation.arms.map(({ id, n, r }) => [id, { n, r }])),
          },
    measures: new Map(measures.map(({ task, ...measure }) => [task, measure])),
    ...{ kind: rest.kind, name: rest.name, question: rest.question, level: rest.level, family: rest.family },
    ...{
      tests: rest.tests,
      paired: rest.paired,
      claims: rest.claims,
      overlap: rest.overlap,
      hypotheses: rest.hypotheses,
      pareto: rest.pareto,
    },
    ...{
      factors: rest.factors,
      variance: rest.variance,
      crossed: rest.crossed,
      differences,
      failures: rest.failures,
      looks: rest.looks,
    },
    ...{ deviations: rest.deviations, remarks: rest.remarks, provenance: rest.provenance },
    // Of runs alone; by addition.
    ...(beside === null ? {} : { runs: besideJson(beside) }),
  });
}

/** Each run by itself: Δ and best are those beside the reference. */
function besideJson({ reference, runs, rows, differences, caveats }: RunsBeside): object {
  const place = runs.findIndex(({ id }) => id === reference);
  return {
    ...{ reference, runs },
    measures: rows.map(({ values, ...measure }) => {
      const numbers = values.map(({ value }) => value);
      const beside = besideReference(numbers, place, measure.higherIsBetter);
      return {
        ...measure,
        ...{ values: numbers, states: values.map(({ state }) => state), epochs: values.map(({ epoch }) => epoch) },
        ...{ deltas: beside.map(({ delta }) => delta), best: beside.map(({ best }) => best) },
      };
    }),
    ...{ differences, caveats },
  };
}

function armJson({ measures, point, ...arm }: ComparisonArm): object {
  return {
    ...{ id: arm.id, n: arm.n, failed: arm.failed },
    measures: new Map(measures.map((measure) => [measure.task, measureJson(measure)])),
    deltaM: arm.deltaM,
    ...{ missing: arm.missing, of: arm.of, stage: arm.stage, confirmed: arm.confirmed, tuned: arm.tuned },
    ...{ singleTask: arm.singleTask, split: arm.split, seeds: arm.seeds, meanRank: arm.meanRank },
    point: new Map(point.map(({ factor, level }) => [factor, level])),
    ...{ costs: arm.costs, parameters: arm.parameters, runs: arm.runs },
  };
}

function measureJson({
  metric,
  cells,
  mean,
  interval,
  delta,
  n,
  failed,
  missing,
  sd,
  reason,
  ...rest
}: ArmMeasure): object {
  return {
    metric,
    values: cells.map(({ value }) => value),
    ...{ mean, interval, delta },
    states: cells.map(({ state }) => state),
    ...{ n, failed, undefined: rest.undefined, missing, sd, reason },
  };
}
