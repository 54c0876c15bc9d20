/**
 * `observe`: what other strategies would have chosen, from the statistics that a step has anyway. They run with their
 * papers' defaults on the course of the training as it is, not on the one that they would have taken, and change nothing.
 * Each keeps a state of its own, which is JSON like any strategy's.
 */
import { text, type Text } from '../common/text.ts';
import { member } from './state.ts';
import { createStrategy } from './table.ts';
import { resolveStrategy, strategyNames, traitsOfName } from '../spec/index.ts';
import type { Json, StepStatistics, Strategy, StrategyContext } from './contract.ts';

/** One step of an optimizer for learned numbers, as `src/trainer/step/methods/learned.ts` makes them. */
export type Learn = (
  tasks: readonly string[],
  values: readonly number[],
  gradient: readonly number[],
  memory: Json,
  learningRate: number,
) => { readonly values: readonly number[]; readonly memory: Json };

export interface Observed {
  /** Of the tasks present; strategies whose statistics this step lacks are left out. */
  readonly weights: ReadonlyMap<string, readonly number[]>;
  readonly states: Json;
  readonly problems: readonly Text[];
}

export interface Observer {
  readonly names: readonly string[];
  readonly initialStates: Json;
  /**
   * Shows one step to all of them.
   *
   * @param statistics with norms and Gram matrix where the step has them
   * @param learn how learned numbers (log-variances, say) take their step
   */
  observe(statistics: StepStatistics, states: Json, learn: Learn, learningRate: number): Observed;
  /** After an epoch: its mean losses, for the tasks that had labels. */
  afterEpoch(tasks: readonly string[], means: readonly number[], states: Json): Json;
}

type States = Readonly<Record<string, { readonly own: Json; readonly learned: Json }>>;

/**
 * @param names observable strategies (the plan's problems refuse others); null for none
 */
export function createObserver(names: readonly string[], context: StrategyContext): Observer | null {
  if (names.length === 0) return null;
  const made = [...new Set(names)].map((name) => [name, observed(name, context)] as const);
  const fresh: States = Object.fromEntries(
    made.map(([name, { initialState }]) => [name, { own: initialState, learned: null }]),
  );
  return {
    names: made.map(([name]) => name),
    initialStates: fresh,
    observe(statistics, states, learn, learningRate) {
      const weights = new Map<string, readonly number[]>();
      const problems: Text[] = [];
      const next: Record<string, States[string]> = { ...readStates(states, fresh) };
      for (const [name, strategy] of made) {
        if (!has(statistics, strategy)) continue;
        const before = next[name] ?? { own: strategy.initialState, learned: null };
        const found = strategy.weigh(statistics, before.own);
        weights.set(name, found.weights);
        problems.push(...(found.problems ?? []).map(({ en, zh }) => text(`observed: ${en}`, `观察：${zh}`)));
        next[name] = learned(
          strategy,
          statistics,
          { ...before, own: found.state },
          found.gradient,
          learn,
          learningRate,
        );
      }
      return { weights, states: next, problems };
    },
    afterEpoch(tasks, means, states) {
      const before = readStates(states, fresh);
      return Object.fromEntries(
        made.map(([name, { afterEpoch, initialState }]) => {
          const state = before[name] ?? { own: initialState, learned: null };
          return [name, afterEpoch ? { ...state, own: afterEpoch(tasks, means, state.own) } : state];
        }),
      );
    },
  };
}

/** A strategy with its paper's defaults. */
function observed(name: string, context: StrategyContext): Strategy {
  const known = strategyNames.find((one) => one === name);
  if (known === undefined) throw new RangeError(`There is no strategy "${name}".`);
  const made = createStrategy(resolveStrategy(known, traitsOfName(known)?.observedWith?.(context.tasks)), context);
  if (made.needs === 'entries') throw new RangeError(`"${name}" cannot be observed.`);
  return made;
}

/** States as a checkpoint gives them; what is missing is as at the beginning: checkpoints come from strangers. */
function readStates(states: Json, fresh: States): States {
  return Object.fromEntries(
    Object.entries(fresh).map(([name, start]) => {
      const found = member(states, name);
      const isOurs = typeof found === 'object' && found !== null && !Array.isArray(found) && 'own' in found;
      return [name, isOurs ? { own: member(found, 'own'), learned: member(found, 'learned') } : start];
    }),
  );
}

function has({ norms, gram }: StepStatistics, { needs }: Strategy): boolean {
  if (needs === 'losses') return true;
  return needs === 'norms' ? norms !== undefined : needs === 'gram' && gram !== undefined;
}

function learned(
  { learned: numbers }: Strategy,
  { tasks }: StepStatistics,
  state: States[string],
  gradient: readonly number[] | undefined,
  learn: Learn,
  learningRate: number,
): States[string] {
  if (!numbers || !gradient) return state;
  const stepped = learn(tasks, numbers.values(state.own, tasks), gradient, state.learned, learningRate);
  return { own: numbers.replace(state.own, tasks, stepped.values), learned: stepped.memory };
}
