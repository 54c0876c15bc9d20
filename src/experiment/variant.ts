/** Variants of a spec: settings put into it, and whether what comes out can be trained. */
import { makePlan } from '../plan/index.ts';
import { orderedText } from '../runs/json.ts';
import { applySettings, readSpec, type Problem, type Setting, type SpecReading } from '../spec/index.ts';
import type { Base, MadeVariant } from './contract.ts';
import { variantHash } from './identity.ts';

export function baseOf(text: string, task: string | null = null): Base {
  const reading = readSpec(text);
  const told = new Set(task === null ? problemsOf(reading).map(identity) : []);
  return { text, reading, task, told, made: new Map() };
}

/**
 * A base with settings in it.
 *
 * @param pointer where in the experiment's text the settings stand: what is wrong with them is told there
 */
export function variantOf(base: Base, settings: readonly Setting[], pointer: string): MadeVariant {
  const key = orderedText([pointer, settings]);
  const known = base.made.get(key);
  if (known !== undefined) return known;
  const made = make(base, settings, pointer);
  base.made.set(key, made);
  return made;
}

function make({ text, task, reading: own, told }: Base, settings: readonly Setting[], pointer: string): MadeVariant {
  const reading = settings.length === 0 ? own : applySettings(own, settings);
  const errors = problemsOf(reading).filter((one) => one.severity === 'error' && !told.has(identity(one)));
  const { spec } = reading;
  if (spec === undefined || errors.length > 0) {
    return { refusals: errors.map(({ code, message }) => ({ pointer, code, message })) };
  }
  return { variant: { hash: variantHash(spec), text, settings, spec, task } };
}

const identity = ({ code, message }: Problem): string => `${code}\n${message.en}`;

function problemsOf({ spec, tree, problems }: SpecReading): readonly Problem[] {
  return spec === undefined ? problems : [...problems, ...makePlan(spec, tree).problems];
}
