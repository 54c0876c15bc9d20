/** Designs that nobody could run, told before they are written out: that would hold up the editor for minutes. */
import { text } from '../../common/text.ts';
import { at, type Context } from './context.ts';

/** Runs of one experiment. */
const mostPlanned = 20_000;
/** What a seed of training may be. */
const largestSeed = 4_294_967_295;

/** Tells it, and says whether the design is one of those. */
export function isTooLarge(context: Context): boolean {
  const runs = atMost(context);
  if (runs > mostPlanned) {
    context.report.error(
      'too-many-runs',
      at(),
      text(
        `The experiment comes to about ${String(runs)} runs; at most ${String(mostPlanned)} are planned. Take fewer seeds, levels or settings.`,
        `此实验约有 ${String(runs)} 次运行；最多计划 ${String(mostPlanned)} 次。请减少种子、水平或设置。`,
      ),
    );
  }
  const highest = lastSeed(context);
  if (highest > largestSeed) {
    context.report.error(
      'seed-range',
      '/training/seed',
      text(
        `The seeds of the replicates go on from training.seed and come to ${String(highest)}; a seed is at most ${String(largestSeed)}. Begin with a smaller one.`,
        `各次重复的种子从 training.seed 往后取，会到 ${String(highest)}；种子最大为 ${String(largestSeed)}。请从更小的种子开始。`,
      ),
    );
  }
  return runs > mostPlanned || highest > largestSeed;
}

/** Seeds × what is run with each: an upper bound, found by counting alone. */
function atMost({ design, spec }: Context): number {
  const perArm = design.arms.map(({ candidates, tune }) => {
    const variants = candidates.reduce((sum, one) => sum + one.variants.length, 0);
    return { variants, tuned: (tune?.runs ?? 0) * Math.max(1, candidates[0]?.variants.length ?? 1) };
  });
  const arms = perArm.reduce((sum, { variants }) => sum + variants, 0);
  const tuning = perArm.reduce((sum, { tuned }) => sum + tuned, 0);
  return design.stages.reduce((sum, stage) => {
    const seeds = countOf(stage.replicates);
    const settings =
      stage.method === null ? (stage.take?.max ?? 0) : (stage.runs ?? combinations(design.factors, spec.tasks.size));
    return sum + seeds * (settings + (stage.compares ? arms : 0));
  }, tuning);
}

const countOf = (replicates: Context['design']['stages'][number]['replicates']): number =>
  replicates === null ? 1 : Array.isArray(replicates.seeds) ? replicates.seeds.length : replicates.n;

const combinations = (factors: Context['design']['factors'], tasks: number): number =>
  factors.reduce((product, factor) => product * ('levels' in factor ? factor.levels.length : tasks), 1);

/** The highest that could be given out: fresh ones go on, unpaired ones are another set for every arm. */
function lastSeed({ design, spec }: Context): number {
  const next = design.stages.reduce((first, { replicates }) => {
    if (replicates === null || typeof replicates.seeds !== 'string') return first;
    const sets = replicates.paired ? 1 : Math.max(1, design.arms.length);
    return first + replicates.n * sets;
  }, spec.training.seed);
  return Math.max(spec.training.seed, next - 1);
}
