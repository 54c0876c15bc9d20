/** What comes out of layers, blocks and tasks, in a few characters. Pure. */
import type { Plan, PlanLayer, Shape } from '../../plan/plan.ts';

/** What is needed of a plan. */
export type Shaped = Pick<Plan, 'blocks' | 'tasks'>;

export interface ShapedLine {
  readonly pointer: string;
  readonly text: string;
  /** Of a block or a task, not of a layer. */
  readonly whole: boolean;
}

/** `→ [32] · 2,080`; what is not known yet is a question mark, and parameters that are not are left out. */
export function shapeText(shape: Shape, parameters: number | null, language: string): string {
  const sizes = `→ [${shape.map((size) => size ?? '?').join(', ')}]`;
  return parameters === null || parameters === 0 ? sizes : `${sizes} · ${parameters.toLocaleString(language)}`;
}

/**
 * Hints of a plan, in its order. Layers that a mechanism copies are told once, as they are written; a single layer gives
 * what its block gives, and is not told again.
 */
export function shapeLines(plan: Shaped, language: string): readonly ShapedLine[] {
  const parts = [...plan.blocks.values(), ...plan.tasks.values()];
  return parts.flatMap((part) => {
    const layer = ({ pointer, outputShape, parameters }: PlanLayer): ShapedLine => ({
      pointer,
      text: shapeText(outputShape, parameters, language),
      whole: false,
    });
    const { pointer, outputShape, parameters } = part;
    return [
      { pointer, text: shapeText(outputShape, parameters, language), whole: true },
      ...(part.layers.length > 1 ? part.layers.map(layer) : []),
    ];
  });
}
