/**
 * Multi-task attention network (Liu et al., CVPR 2019). In every stage the shared trunk gives u (before the stage's last
 * layer with weights) and p (the stage's output); each consumer has an attention mask on p:
 *   a = σ(h(relu(g([u; f(â of the stage before)])))),  â = a ⊙ p,
 * g and h dense on the last axis (1×1 convolutions). f has the layers that lead to u, weights of its own, one for all
 * consumers. A stage with a single layer with weights has u = p. Batch normalization of the masks is left out.
 */
import { applyLayer, countOf } from '../layers/table.ts';
import { formatShape } from '../layers/sizes.ts';
import { isMistake } from '../layers/contract.ts';
import type { Shape } from '../plan.ts';
import type { SharedBlock, SharingMistake, SharingOf, SharingOutcome, StageLayer } from './contract.ts';
import { blockInput, byConsumer, dense, Wiring } from './wiring.ts';

export function mtan(block: SharedBlock<SharingOf<'mtan'>>): SharingOutcome {
  const wiring = new Wiring(block);
  let trunk = blockInput;
  let attended: readonly string[] | undefined;
  for (const [index, layers] of block.stages.entries()) {
    const stage = String(index);
    const cut = splitOf(layers, wiring.shapeOf(trunk));
    const early = layers.slice(0, cut);
    const u = wiring.stack({ id: `trunk/${stage}/u`, role: 'trunk', label: stage, reads: [trunk] }, early);
    const p =
      cut === layers.length
        ? u
        : wiring.stack({ id: `trunk/${stage}/p`, role: 'trunk', label: stage, reads: [u] }, layers.slice(cut));
    const [before, after] = [wiring.shapeOf(u), wiring.shapeOf(p)];
    if (!sameMap(before, after)) return mismatch(block.name, index, before, after);
    attended = maskAll({ wiring, block, stage, u, p, early }, attended);
    trunk = p;
  }
  return wiring.finish(
    'mtan',
    byConsumer(block.consumers, (_, index) => attended?.[index] ?? ''),
  );
}

interface Stage {
  readonly wiring: Wiring;
  readonly block: SharedBlock;
  readonly stage: string;
  readonly u: string;
  readonly p: string;
  readonly early: readonly StageLayer[];
}

function maskAll(at: Stage, before: readonly string[] | undefined): readonly string[] {
  const { wiring, block, stage, u, p, early } = at;
  let convolution: string | undefined;
  return block.consumers.map(({ id, name }, index) => {
    const previous = before?.[index];
    const sources = [u];
    if (previous !== undefined) {
      const part = { role: 'attention', label: stage, reads: [previous] } as const;
      const f =
        convolution === undefined
          ? wiring.stack({ ...part, id: `convolutions/${stage}` }, early)
          : wiring.again({ ...part, id: `convolutions/${stage}/${id}` }, convolution);
      convolution ??= f;
      sources.push(f);
    }
    const width = wiring.shapeOf(p).at(-1) ?? 1;
    const layers = [dense(width, 'relu'), dense(width, 'sigmoid')].map((spec) => ({ spec, pointer: '' }));
    const mask = wiring.stack({ id: `masks/${stage}/${id}`, role: 'attention', label: name, reads: sources }, layers);
    return wiring.combine(
      { id: `attended/${stage}/${id}`, role: 'attention', label: name, reads: [mask, p], drawnWith: mask },
      { kind: 'product' },
      [],
    );
  });
}

/** Number of layers that lead to u: all before the last one with weights, or all where there is one or none. */
function splitOf(layers: readonly StageLayer[], input: Shape): number {
  const weighted: number[] = [];
  let flow = { shape: input };
  for (const [index, { spec }] of layers.entries()) {
    const outcome = applyLayer(spec, flow);
    if (isMistake(outcome)) return layers.length;
    if (countOf(outcome.weights, 'all') !== 0) weighted.push(index);
    flow = outcome.output;
  }
  const last = weighted.at(-1);
  return last === undefined || weighted.length < 2 ? layers.length : last;
}

/** A mask on p is made from u: all axes but the last must agree. */
function sameMap(u: Shape, p: Shape): boolean {
  return u.length === p.length && u.slice(0, -1).every((size, axis) => size === null || size === (p[axis] ?? size));
}

function mismatch(name: string, stage: number, u: Shape, p: Shape): SharingMistake {
  return {
    code: 'sharing-shape',
    message: {
      en: `In stage ${String(stage)} of "${name}" the attention mask is made from ${formatShape(u)} (before the last layer with weights) and acts on ${formatShape(p)}: all axes but the last must be equal. Use "padding": "same" and strides of 1 in that layer, and pool or flatten at the start of the next stage.`,
      zh: `“${name}” 第 ${String(stage)} 阶段的注意力掩码由 ${formatShape(u)}（最后一个有权重的层之前）产生，作用于 ${formatShape(p)}：除最后一轴外各轴必须相等。请在该层使用 "padding": "same" 与步幅 1，并把池化或 flatten 放到下一阶段开头。`,
    },
  };
}
