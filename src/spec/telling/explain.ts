/** The long form as text, and back. */
import { readSpec, readSpecValue } from '../reading/read.ts';
import type { SpecReading } from '../reading/read.ts';
import { extraOf } from '../schema/build.ts';
import type { Language } from '../../common/text.ts';
import type { Spec } from '../resolved.ts';
import { nodeOf, orderedText, toOrdered } from '../reading/values.ts';
import { spotAt } from './walk.ts';
import type { Token } from '../editing/pointer.ts';

/** The resolved long form as JSON; names keep their order, "10" before "2" included. */
export function specToJson(spec: Spec): string {
  return orderedText(spec);
}

/** Reads what `specToJson` wrote: a text, or its values with Maps for objects. Never throws. */
export function specFromJson(json: unknown): SpecReading {
  return typeof json === 'string' ? readSpec(json) : readSpecValue(json);
}

/**
 * The long form with every default filled in, as JSON with comments. Where TensorFlow's and PyTorch's constants differ,
 * the line says both.
 */
export function explain(spec: Spec, language: Language = 'en'): string {
  const tree = nodeOf(toOrdered(spec));
  const used = language === 'zh' ? '约定' : 'conventions';
  const comment = (tokens: readonly Token[]): string | undefined => {
    const spot = spotAt(tree, tokens);
    const both = spot === undefined ? undefined : extraOf(spot.schema).byConventions;
    return both === undefined
      ? undefined
      : `${used}: tf ${JSON.stringify(both.tf)} · pytorch ${JSON.stringify(both.pytorch)}`;
  };
  return orderedText(spec, { comment });
}
