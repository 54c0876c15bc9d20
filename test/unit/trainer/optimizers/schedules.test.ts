import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ScheduleSpec } from '../../../../src/spec/index.ts';
import { schedules as language } from '../../../../src/spec/schema/schedules.ts';
import { freshPlateau, observePlateau, scheduleFactor } from '../../../../src/trainer/optimizers/schedules.ts';
import { assertClose, vectors } from '../tasks/vectors.ts';

interface Reference {
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
  readonly cases: { schedule: ScheduleSpec; rates: number[] }[];
  readonly plateau: {
    schedule: Extract<ScheduleSpec, { name: 'plateau' }>;
    values: (number | null)[];
    factors: number[];
  };
}

const { totalSteps, stepsPerEpoch, cases, plateau } = vectors<Reference>('schedules');

function curve(schedule: ScheduleSpec): number[] {
  return Array.from({ length: totalSteps }, (_, step) => scheduleFactor(schedule, { step, totalSteps, stepsPerEpoch }));
}

describe('schedules', () => {
  for (const { schedule, rates } of cases) {
    it(`${schedule.name} is torch.optim.lr_scheduler's`, () => {
      assertClose(curve(schedule), rates, 1e-12, schedule.name);
    });
  }

  it('warmup-cosine rises in a line to 1, then falls by half a cosine to its minimum', () => {
    const schedule = { name: 'warmup-cosine', warmup: 0.25, minimum: 0.1 } as const;
    const rates = curve(schedule);
    for (let step = 0; step < 10; step++) assertClose([rates[step] ?? NaN], [step / 10], 1e-12);
    for (let step = 10; step < 40; step++) {
      assertClose([rates[step] ?? NaN], [0.1 + 0.45 * (1 + Math.cos((Math.PI * (step - 10)) / 30))], 1e-12);
    }
    assert.ok(Math.abs(scheduleFactor(schedule, { step: 99, totalSteps, stepsPerEpoch }) - 0.1) < 1e-12);
  });

  it('plateau drops as ReduceLROnPlateau does, and its state survives JSON', () => {
    let state = freshPlateau;
    const seen = plateau.values.map((value) => {
      state = JSON.parse(
        JSON.stringify(observePlateau(plateau.schedule, state, value ?? Infinity, false)),
      ) as typeof state;
      return scheduleFactor(plateau.schedule, { step: 0, totalSteps, stepsPerEpoch }, state);
    });
    assertClose(seen, plateau.factors, 1e-12);
    const risen = plateau.values.reduce(
      (before, value) => observePlateau(plateau.schedule, before, -(value ?? Infinity), true),
      freshPlateau,
    );
    assert.equal(risen.factor, state.factor);
  });

  it('plateau passes over an evaluation without a value; one that is no number is not better', () => {
    const schedule = { ...plateau.schedule, patience: 0, factor: 0.5, minDelta: 0, minimum: 0 };
    const through = (values: readonly (number | null)[]): number =>
      values.reduce((state, value) => observePlateau(schedule, state, value, false), freshPlateau).factor;
    assert.equal(through([null, null, 3, null, null, 2, null]), 1);
    assert.equal(through([3, null, 3, null]), 0.5);
    assert.equal(through([3, NaN, 2]), 0.5);
  });

  it('stays within 0 … 1 at the edges: one step, no warm-up, only warm-up', () => {
    for (const name of Object.keys(language) as ScheduleSpec['name'][]) {
      for (const warmup of [0, 1]) {
        const schedule = {
          name,
          every: 1,
          factor: 0.5,
          minimum: 0,
          power: 2,
          warmup,
          startDivisor: 25,
          endDivisor: 100,
        } as unknown as ScheduleSpec;
        for (const total of [1, 2, 7]) {
          for (let step = 0; step <= total; step++) {
            const factor = scheduleFactor(schedule, { step, totalSteps: total, stepsPerEpoch: 3 });
            assert.ok(factor >= 0 && factor <= 1, `${name} ${String(step)}/${String(total)}: ${String(factor)}`);
          }
        }
      }
    }
  });
});
