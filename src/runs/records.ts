/**
 * Event records as text and back. A reader believes nothing it has not validated: one table says what every kind of
 * record consists of. Unknown further fields are left alone, so that an older reader opens a newer run.
 */
import {
  count,
  flag,
  isFields,
  list,
  named,
  number,
  numberOrWord,
  object,
  oneOf,
  optional,
  orNull,
  text,
  type Fault,
  type Shape,
} from '../common/checks.ts';
import type { EventHeader, EventInput, EventRecord } from './events.ts';
import { orderedText } from './json.ts';

/** One line of `events.ndjson`, without its newline. */
export function encodeRecord(seq: number, t: number, body: EventInput): string {
  const header: EventHeader = { v: 1, seq, t };
  const head = orderedText(header);
  return `${head.slice(0, -1)},${orderedText(body).slice(1)}`;
}

const counts: Shape = { train: count, validation: count, test: count };
const losses = named(orNull(numberOrWord));
const splitResult: Shape = { losses, metrics: named(named(orNull(numberOrWord))) };
const best: Shape = { epoch: count, monitor: text, value: numberOrWord };
const matrix = list(list(orNull(numberOrWord)));

const parametersCheck = object({ total: count, shared: count, byTask: named(count) });
const samplesCheck = object({ ...counts, labelled: named(object(counts)) });
const engineCheck = object({
  name: text,
  device: text,
  detail: text,
  zh: optional(text),
  graph: flag,
  threads: count,
  deterministic: flag,
});

const kinds: Readonly<Record<EventRecord['kind'], Shape>> = {
  start: {
    attempt: count,
    engine: engineCheck,
    tasks: list(
      object({
        name: text,
        type: text,
        loss: text,
        metrics: list(text),
        primary: text,
        higherIsBetter: flag,
      }),
    ),
    parameters: parametersCheck,
    samples: samplesCheck,
    stepsPerEpoch: count,
    epochs: count,
    strategy: text,
    seed: number,
    storage: optional(object({ streamed: flag, memory: number, disk: number })),
    acceptedChanges: optional(list(object({ attempt: count, step: count, kind: text }))),
    fork: optional(
      object({
        ...{ run: text, step: count, checkpoint: text },
        changes: list(object({ pointer: text })),
        notCarried: list(text),
      }),
    ),
    sizes: optional(
      object({ key: text, inputs: named(list(count)), vocabularies: named(count), classes: named(count) }),
    ),
    resumedFrom: optional(object({ step: count, epoch: count, seq: number })),
  },
  progress: { phase: text, done: number, total: number },
  step: {
    step: count,
    steps: count,
    epoch: count,
    losses,
    weights: orNull(named(numberOrWord)),
    total: orNull(numberOrWord),
    objective: orNull(numberOrWord),
    penalty: orNull(numberOrWord),
    learningRate: numberOrWord,
    stepsPerSecond: number,
    residentBytes: optional(number),
  },
  gradients: {
    step: count,
    tasks: list(text),
    norms: list(numberOrWord),
    cosines: matrix,
    observed: optional(named(list(numberOrWord))),
    blocks: optional(named(object({ norms: list(orNull(numberOrWord)), agreement: list(orNull(numberOrWord)) }))),
  },
  epoch: {
    epoch: count,
    train: object(splitResult),
    validation: orNull(object({ ...splitResult, total: orNull(numberOrWord), skill: orNull(numberOrWord) })),
    seconds: number,
  },
  best,
  checkpoint: { step: count, path: text, bytes: count },
  state: { state: oneOf('paused', 'resumed', 'stopping'), by: text },
  warning: {
    ...{ code: text, message: text, zh: optional(text), task: optional(text) },
    severity: optional(oneOf('information')),
  },
  affinity: {
    step: count,
    tasks: list(text),
    mean: matrix,
    sd: matrix,
    n: list(list(number)),
    cosines: optional(matrix),
  },
  end: {
    status: oneOf('completed', 'early-stopped', 'stopped', 'failed'),
    error: optional(object({ code: text, message: text, zh: optional(text) })),
    seconds: number,
    best: optional(object(best)),
    test: optional(object(splitResult)),
  },
};

const checks = new Map(Object.entries(kinds).map(([kind, fields]) => [kind, object(fields)]));

/** `.tasks[2].name is not text` */
export function faultText(fault: Fault): string {
  const path = fault.path.map((step) => (typeof step === 'number' ? `[${String(step)}]` : `.${step}`)).join('');
  return 'expected' in fault ? `${path} is not ${fault.expected.en}` : `${path}: ${fault.found.en}`;
}

/**
 * Validates an already parsed record.
 *
 * @returns the record, or what is wrong with it
 */
export function validateRecord(value: unknown): EventRecord | string {
  if (!isFields(value)) return 'the record is not an object';
  if (value['v'] !== 1) return `the record's version ${JSON.stringify(value['v'])} is not 1`;
  const seq = count(value['seq']);
  if (seq !== null) return `the record's seq${faultText(seq)}`;
  const t = number(value['t']);
  if (t !== null) return `the record's t${faultText(t)}`;
  const kind = value['kind'];
  const check = typeof kind === 'string' ? checks.get(kind) : undefined;
  if (!check) return `the kind ${JSON.stringify(kind)} is unknown`;
  const fault = check(value);
  return fault === null ? (value as unknown as EventRecord) : `the record's ${faultText(fault).replace(/^\./, '')}`;
}

/**
 * One line of `events.ndjson`.
 *
 * @returns the record, or what is wrong with the line
 */
export function parseRecord(line: string): EventRecord | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'the line is not JSON';
  }
  return validateRecord(value);
}
