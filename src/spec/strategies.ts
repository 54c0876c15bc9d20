/** What is asked of strategies, answered from their words; and a strategy's parameters with the defaults of the schema. */
import { extraOf } from './schema/build.ts';
import { defaultStrategy, strategies, strategyChoice } from './schema/strategies.ts';
import { moduleStrategy } from './schema/strategies/module.ts';
import { whyUnobservable } from './schema/strategy-word.ts';
import type { KeptTraits, Traits } from './schema/strategy-traits.ts';
import { resolved } from './reading/resolve.ts';
import type { StrategyName, StrategySpec } from './resolved.ts';
import type { Text } from '../common/text.ts';

export { defaultStrategy };

/** Every strategy of the language, in the order of its pages; not the user's own. */
export const strategyNames = Object.keys(strategies) as readonly Exclude<StrategyName, 'module'>[];

const words: Readonly<Record<string, object>> = { ...strategies, module: moduleStrategy };

function wordOf(name: string): KeptTraits | undefined {
  return Object.hasOwn(words, name) ? extraOf(words[name] ?? {}).strategy : undefined;
}

/** What the word of this name says with the parameters at their defaults; undefined where there is no such strategy. */
export function traitsOfName(name: string): Traits | undefined {
  return wordOf(name);
}

/** What is true of a strategy with these parameters. */
export function traitsOf(strategy: StrategySpec): Traits {
  const word = wordOf(strategy.name);
  if (word === undefined) throw new TypeError(`The strategy "${strategy.name}" says nothing of itself.`);
  const when = word.when as ((parameters: StrategySpec) => Partial<Traits>) | undefined;
  return { ...word, ...when?.(strategy) };
}

/** The strategy that reads the step: the wrapped one where there is a wrapper. */
export function innermost(strategy: StrategySpec): StrategySpec {
  return 'of' in strategy ? innermost(strategy.of) : strategy;
}

/** Whether a strategy takes logarithms or quotients of losses, which then must not be negative. */
export const needsNonNegativeLosses = (strategy: StrategySpec): boolean =>
  traitsOf(strategy).nonNegativeLosses ?? false;

/** Whether unequal task weights mean nothing to a strategy: it has no place for them unless it prescales. */
export const ignoresWeights = (strategy: StrategySpec): boolean =>
  traitsOf(strategy).weights === 'none' && !('prescale' in strategy && strategy.prescale);

/** Whether a strategy makes its direction of gradient entries, so that there are no weights to smooth. */
export const hasNoWeights = (strategy: StrategySpec): boolean => traitsOf(strategy).reads === 'entries';

/** What an observed strategy reads of a step. */
type ObservedReads = 'losses' | 'gram';

/**
 * What a strategy reads that is asked beside the running one what it would have chosen, from what a step has anyway (the
 * losses, and where gradients are measured the Gram matrix); undefined for one that would need more, or is none.
 */
export function observedReads(name: string): ObservedReads | undefined {
  const traits = traitsOfName(name);
  if (traits === undefined || whyUnobservable(traits) !== undefined) return undefined;
  return traits.reads === 'losses' ? 'losses' : 'gram';
}

/** Strategies that can be observed. */
export const observable: readonly string[] = strategyNames.filter((name) => observedReads(name) !== undefined);

/** Why a strategy cannot be observed; undefined where it can, or where there is none of this name. */
export function whyNotObserved(name: string): Text | undefined {
  const traits = traitsOfName(name);
  return traits && whyUnobservable(traits);
}

/** Whether a strategy weighs losses and leaves the directions of gradients as they are. */
export function weighsLossesAlone(name: string): boolean {
  const reads = traitsOfName(name)?.reads;
  return reads === 'losses' || reads === 'norms';
}

/** Strategies worth a try where gradients conflict, with the reason. */
export const againstConflicts: readonly { readonly name: string; readonly about: Text; readonly prescales: boolean }[] =
  strategyNames.flatMap((name) => {
    const { againstConflicts: about, weights } = extraOf(strategies[name]).strategy ?? {};
    return about === undefined ? [] : [{ name, about, prescales: weights === 'none' }];
  });

/**
 * A strategy's parameters in the long form: what is not given has the default of the schema. Values that are undefined
 * count as not given.
 *
 * @throws RangeError where the schema has no such strategy or refuses a parameter
 */
export function resolveStrategy<Name extends StrategyName>(
  name: Name,
  given: Readonly<Record<string, unknown>> = {},
): Extract<StrategySpec, { readonly name: Name }> {
  const found = resolved(strategyChoice, { ...given, name }, `The strategy "${name}"`);
  return found as Extract<StrategySpec, { readonly name: Name }>;
}
