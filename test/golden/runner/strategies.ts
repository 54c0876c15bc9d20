/** Strategies by name, with the schema's defaults for every parameter that is not given. */
import { resolveStrategy, strategyNames, traitsOf, traitsOfName } from '../../../src/spec/index.ts';
import type { StrategySpec } from '../../../src/spec/index.ts';
import { createStrategy as create } from '../../../src/weighting/table.ts';
import type { EntryStrategy, Strategy, StrategyContext } from '../../../src/weighting/contract.ts';

type Fields = Readonly<Record<string, unknown>>;
type Context = StrategyContext & { readonly parameters?: Fields };

/** The long form; what a strategy cannot do without is as when it is observed. */
export function resolved(name: string, parameters: Fields = {}, tasks: readonly string[] = ['a', 'b']): StrategySpec {
  const known = strategyNames.find((one) => one === name);
  if (known === undefined) throw new RangeError(`There is no strategy "${name}".`);
  return resolveStrategy(known, { ...traitsOfName(known)?.observedWith?.(tasks), ...parameters });
}

const made = (name: string, { parameters, ...context }: Context) =>
  create(resolved(name, parameters, context.tasks), context);

/** A strategy that turns statistics into weights. */
export function createStrategy(name: string, context: Context): Strategy {
  const strategy = made(name, context);
  if (strategy.needs === 'entries') throw new RangeError(`"${name}" works on entries.`);
  return strategy;
}

/** A strategy that works on entries of gradients. */
export function createEntryStrategy(name: string, context: Context): EntryStrategy {
  const strategy = made(name, context);
  if (strategy.needs !== 'entries') throw new RangeError(`"${name}" does not work on entries.`);
  return strategy;
}

/** Which of the two makes a strategy. */
export function worksOnEntries(name: string, parameters: Fields = {}): boolean {
  const of = name === 'cr-mogm' ? { of: { name: 'mgda' } } : {};
  return traitsOf(resolved(name, { ...of, ...parameters })).reads === 'entries';
}
