/** What the tests of captured steps share: specs of the matrix, and how near the numbers must be. */
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { readSpec } from '../../../../../../src/spec/index.ts';
import { openEngine } from '../../../../../../src/engine/open.ts';
import type { Engine } from '../../../../../../src/engine/contract.ts';
import { filesOf, specOf, type Labels } from '../../../../matrix/cases.ts';
import { assetsDirectory } from '../../../../engine/support.ts';
import { installedFolder, nativeSuite } from '../../../../engine/native/support.ts';
import { compare, type Compared } from './pair.ts';

/** Smooth networks over a hundred and more steps; the project's bound for captured steps. */
export const smooth = 1e-5;
/** Networks with kinks for a few steps: one rounding may carry a unit over its kink. */
export const kinked = 1e-4;

/** What steps must not be captured, with a part of the reason that is told. */
const refused: Readonly<Record<string, RegExp>> = {
  // Their steps are graphs; the gradients of the record, over two batches as one, are not.
  moml: /several batches at once/,
  'auto-lambda': /several batches at once/,
  forum: /several batches at once/,
};

export type Spec = Record<string, unknown> & { training: Record<string, unknown> };

export function specWith(changes: Partial<Record<'strategy' | 'mechanism' | 'task', string>>, training: object): Spec {
  const made = specOf({
    ...{ strategy: 'static', mechanism: 'hard', task: 'regression', labels: 'full', engine: 'native' },
    ...changes,
  }) as Spec;
  return { ...made, training: { ...made.training, steps: 1000, batchSize: 16, ...training } };
}

export function problemsOf(spec: object): string[] {
  return readSpec(JSON.stringify(spec))
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);
}

/** Records are looser: cosines and norms of gradients are quotients of sums that may nearly cancel. */
const recordsLooser = 20;

export function assertNear(name: string, { distance, records }: Compared, tolerance: number): void {
  assert.ok(distance <= tolerance, `${name}: ${distance.toExponential(2)}`);
  assert.ok(records <= recordsLooser * tolerance, `${name}: records differ by ${records.toExponential(2)}`);
}

export function assertSame(name: string, compared: Compared, tolerance: number): void {
  const why = refused[name];
  if (why) {
    assert.match([compared.detail, ...compared.refusals].join('; '), why, name);
    assertNear(name, compared, tolerance);
    return;
  }
  assert.ok(compared.graph, `${name} is not captured: ${compared.detail}`);
  assert.deepEqual(compared.refusals, [], name);
  assertNear(name, compared, tolerance);
}

/** Some steps of a spec, captured and eager. */
export type Run = (spec: object, labels: Labels, steps: number) => Promise<Compared>;

/** A suite on the native engine, which is opened once for all of it; `engine` is there while its tests run. */
export function capturedSuite(name: string, body: (run: Run, engine: () => Engine) => void): void {
  nativeSuite(name, () => {
    let engine: Engine;
    before(async () => {
      engine = await openEngine('native', { assetsDirectory, runtimeFolder: installedFolder });
    });
    after(() => engine.dispose());
    body(
      (spec, labels, steps) => compare(engine, spec, filesOf({ labels }), steps),
      () => engine,
    );
  });
}
