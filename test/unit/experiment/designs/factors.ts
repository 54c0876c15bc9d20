/** Factors for tests of designs. */
import type { Json } from '../../../../src/common/checks.ts';
import type { DesignRequest, Factor } from '../../../../src/experiment/designs/contract.ts';

type When = Readonly<Record<string, readonly Json[]>>;

const conditional = (when: When | undefined) => (when === undefined ? {} : { when: new Map(Object.entries(when)) });

export const levels = (name: string, values: readonly Json[], when?: When): Factor => ({
  name,
  path: `/${name}`,
  levels: values,
  ...conditional(when),
});

export const range = (
  name: string,
  low: number,
  high: number,
  more: { scale?: 'linear' | 'log'; integer?: boolean; when?: When } = {},
): Factor => ({
  name,
  path: `/${name}`,
  range: [low, high],
  scale: more.scale ?? 'linear',
  integer: more.integer ?? false,
  ...conditional(more.when),
});

export const request = (factors: readonly Factor[], more: Partial<DesignRequest> = {}): DesignRequest => ({
  factors,
  runs: null,
  seed: 7,
  tasks: ['a', 'b'],
  ...more,
});

export const plain = (settings: readonly ReadonlyMap<string, Json>[]) =>
  settings.map((setting) => Object.fromEntries(setting));
