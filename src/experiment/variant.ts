/** Variants of a spec: settings put into it, and whether what comes out can be trained. */
import { makePlan } from '../plan/index.ts';
import { applySettings, readSpec, type Setting, type SpecReading } from '../spec/index.ts';
import type { Refusal, Variant } from './contract.ts';
import { variantHash } from './identity.ts';

/** A text read once, whatever is put into it. */
export interface Base {
  readonly text: string;
  readonly reading: SpecReading;
  /** The task of a single-task baseline. */
  readonly task: string | null;
}

export function baseOf(text: string, task: string | null = null): Base {
  return { text, reading: readSpec(text), task };
}

/**
 * A base with settings in it.
 *
 * @param pointer where in the experiment's text the settings stand: what is wrong with them is told there
 */
export function variantOf(
  base: Base,
  settings: readonly Setting[],
  pointer: string,
): { readonly variant: Variant } | { readonly refusals: readonly Refusal[] } {
  const reading = settings.length === 0 ? base.reading : applySettings(base.reading, settings);
  const { spec, tree } = reading;
  const problems = [...reading.problems, ...(spec === undefined ? [] : makePlan(spec, tree).problems)];
  // What is wrong with the text itself is told there, once, and not again for every arm.
  const known = new Set(base.task === null ? ownProblems(base).map(identity) : []);
  const errors = problems.filter((one) => one.severity === 'error' && !known.has(identity(one)));
  if (spec === undefined || errors.length > 0) {
    return { refusals: errors.map(({ code, message }) => ({ pointer, code, message })) };
  }
  const { text, task } = base;
  return { variant: { hash: variantHash(spec), text, settings, spec, task } };
}

const identity = ({ code, message }: { readonly code: string; readonly message: { readonly en: string } }): string =>
  `${code}\n${message.en}`;

function ownProblems({ reading }: Base): SpecReading['problems'] {
  const planned = reading.spec === undefined ? [] : makePlan(reading.spec, reading.tree).problems;
  return [...reading.problems, ...planned];
}
