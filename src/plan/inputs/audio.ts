import type { InputOf } from '../../spec/index.ts';
import type { Dim } from '../plan.ts';
import type { InputRule } from './contract.ts';

/** Frames of a sound: 1 + ⌊(samples − frame) / hop⌋. */
function frames(spec: InputOf<'audio'>): Dim {
  if (spec.seconds === undefined) return null;
  const samples = Math.round(spec.seconds * spec.sampleRate);
  return Math.max(1, 1 + Math.floor((samples - spec.frame) / spec.hop));
}

export const audio: InputRule<'audio'> = { shape: (spec) => [frames(spec), spec.bands] };
