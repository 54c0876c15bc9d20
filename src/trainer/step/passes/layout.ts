/** The shared parameters of a model, which the gradient strategies are about (conventions 1.3). */
import type { Model } from '../../model/build.ts';
import type { Segment, SharedLayout } from '../contract.ts';

/** All trainable parameters that at least two task losses reach, in the model's order. */
export function sharedLayout({ variables }: Pick<Model, 'variables'>): SharedLayout {
  return layoutOf(variables.filter(({ shared, trainable }) => shared && trainable));
}

/** All trainable parameters: bilevel methods look ahead with heads and all. */
export function fullLayout({ variables }: Pick<Model, 'variables'>): SharedLayout {
  return layoutOf(variables.filter(({ trainable }) => trainable));
}

function layoutOf(variables: Model['variables']): SharedLayout {
  let size = 0;
  const list = variables.map(({ path, variable }) => {
    const entry = { path, offset: size, size: variable.size, shape: variable.shape };
    size += variable.size;
    return entry;
  });
  return { variables: list, size };
}

/** One segment over everything. */
export function wholeOf({ size }: SharedLayout): readonly Segment[] {
  return [{ name: '', offset: 0, size }];
}
