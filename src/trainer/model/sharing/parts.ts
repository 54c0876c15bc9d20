/** Plan → layers for a block that its consumers do not simply share: part by part, each after what it reads. */
import type { PlanPart, PlanSharing } from '../../../plan/plan.ts';
import type { tfl } from '../../../engine/tfjs.ts';
import { apply, buildOperation, type BuiltOperation, type NewOperation } from './operations.ts';

/** What the model does for each part. */
export interface PartHost {
  /** Makes the layers of a part and gives their weights first values. */
  stack(part: PlanPart, input: tfl.SymbolicTensor): { output: tfl.SymbolicTensor; layers: tfl.layers.Layer[] };
  /** What an operation needs of the model. */
  operation(part: PlanPart): Pick<NewOperation, 'shape' | 'trainable' | 'context' | 'name' | 'once'>;
  /** Takes over an operation's own weights. */
  weighted(part: PlanPart, weighted: NonNullable<BuiltOperation['weighted']>): void;
}

/**
 * Builds the parts that some consumer needs.
 *
 * @param needed keys of the consumers that some task needs
 * @returns the tensor of every part built, by id; `input` is the block's own
 */
export function buildParts(
  sharing: PlanSharing,
  input: tfl.SymbolicTensor,
  needed: (consumer: string) => boolean,
  host: PartHost,
): ReadonlyMap<string, tfl.SymbolicTensor> {
  const symbols = new Map<string, tfl.SymbolicTensor>([['input', input]]);
  const made = new Map<string, tfl.layers.Layer[]>();
  const wanted = partsFor(sharing, needed);
  for (const part of sharing.parts) {
    if (!wanted.has(part.id)) continue;
    const inputs = part.reads.map((id) => {
      const symbol = symbols.get(id);
      if (symbol === undefined) throw new Error(`"${part.path}" reads "${id}" before it is defined.`);
      return symbol;
    });
    const { output, weighted } = buildOperation({
      ...host.operation(part),
      part,
      operation: part.operation,
      inputs,
    });
    if (weighted) host.weighted(part, weighted);
    const owner = part.layersOf === undefined ? undefined : made.get(part.layersOf);
    if (owner) {
      symbols.set(
        part.id,
        owner.reduce((symbol, layer) => apply(layer, symbol), output),
      );
      continue;
    }
    const stack = host.stack(part, output);
    symbols.set(part.id, stack.output);
    made.set(part.id, stack.layers);
  }
  return symbols;
}

/** Ids of the parts that the needed consumers read, directly or not. */
function partsFor({ parts, outputs }: PlanSharing, needed: (consumer: string) => boolean): ReadonlySet<string> {
  const wanted = new Set<string>();
  for (const [consumer, id] of outputs) if (needed(consumer)) wanted.add(id);
  const want = (part: PlanPart): void => {
    for (const id of part.reads) wanted.add(id);
    if (part.layersOf !== undefined) wanted.add(part.layersOf);
  };
  // Owners stand before who uses their layers again, so one walk backwards finds all.
  for (const part of parts.toReversed()) if (wanted.has(part.id)) want(part);
  return wanted;
}
