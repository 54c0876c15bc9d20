/**
 * Which strategies can be observed: asked beside the running one what they would have chosen, from what a step has anyway
 * (the losses, and where gradients are measured the Gram matrix). Others would need more than is paid for; why, is said.
 */
import { text, type Text } from '../common/text.ts';

/** What an observed strategy reads of a step. */
export type ObservedReads = 'losses' | 'gram';

const losses = [
  ...['static', 'sum', 'mean', 'unitary', 'uncertainty', 'uncertainty-optimal', 'uncertainty-softmax', 'dwa'],
  ...['geometric', 'log', 'random', 'imtl-l', 'stch', 'cosmos', 'pbi', 'complexity', 'data-size', 'initial-loss'],
];

const gram = [
  ...['gradnorm', 'mgda', 'imtl-g', 'imtl', 'pcgrad', 'gradvac', 'cagrad', 'nash-mtl', 'aligned-mtl', 'fairgrad'],
  ...['upgrad', 'dualproj', 'config', 'krum', 'pcd'],
];

const entries = text(
  'it works on the gradients entry by entry, and only their inner products are paid for',
  '它逐元素处理梯度，而此处仅有梯度的内积',
);
const batches = text('it needs the gradients of several batches', '它需要多个批的梯度');
const second = text('it needs a second forward pass after each step', '它需要在每步之后再做一次前向');
const halves = text(
  'it needs gradients of both halves of a batch, of all parameters',
  '它需要一个批的两半在全部参数上的梯度',
);
const metrics = text(
  'it reads metrics of the training batches, which are only measured for the strategy itself',
  '它读取训练批的指标，仅当其本身为所用策略时才测量',
);
const parameters = text(
  'it wraps another strategy, which a name alone does not tell',
  '它包装另一策略，仅凭名称无法确定',
);
const code = text('it is code of your own; make it the strategy', '它是自定义代码；请将其设为所用策略');

const reasons: ReadonlyMap<string, Text> = new Map([
  ...['graddrop', 'trimmed-mean', 'moco', 'db-mtl', 'excess-mtl', 'adatask'].map((name) => [name, entries] as const),
  ...['modo', 'sdmgrad'].map((name) => [name, batches] as const),
  ...['moml', 'auto-lambda', 'forum'].map((name) => [name, halves] as const),
  ['famo', second],
  ['performance', metrics],
  ['cr-mogm', parameters],
  ['module', code],
]);

/** Strategies that can be observed. */
export const observable: readonly string[] = [...losses, ...gram];

/** What an observable strategy reads; undefined for one that cannot be observed, or is none. */
export function observedReads(name: string): ObservedReads | undefined {
  if (losses.includes(name)) return 'losses';
  return gram.includes(name) ? 'gram' : undefined;
}

/** Why a strategy cannot be observed; undefined where it can, or where there is none of this name. */
export function whyNotObserved(name: string): Text | undefined {
  return reasons.get(name);
}
