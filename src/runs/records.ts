/**
 * Event records as text and back. A reader believes nothing it has not validated: one table says what every kind of
 * record consists of. Unknown further fields are left alone, so that an older reader opens a newer run.
 */
import type { EventHeader, EventInput, EventRecord } from './events.ts';
import { isObject, orderedText } from './json.ts';

export { jsonNumber } from './json.ts';

/** One line of `events.ndjson`, without its newline. */
export function encodeRecord(seq: number, t: number, body: EventInput): string {
  const header: EventHeader = { v: 1, seq, t };
  const head = orderedText(header);
  return `${head.slice(0, -1)},${orderedText(body).slice(1)}`;
}

/** Says where a value is not what the table asks for, or null when it is. */
type Check = (value: unknown) => string | null;
type Fields = Readonly<Record<string, Check>>;

const fail = (what: string): string => ` is not ${what}`;

const text: Check = (value) => (typeof value === 'string' ? null : fail('text'));
const flag: Check = (value) => (typeof value === 'boolean' ? null : fail('true or false'));
const count: Check = (value) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? null : fail('a count');
const finite: Check = (value) => (typeof value === 'number' ? null : fail('a number'));
const number: Check = (value) =>
  typeof value === 'number' || value === 'NaN' || value === 'Infinity' || value === '-Infinity'
    ? null
    : fail('a number or "NaN", "Infinity", "-Infinity"');
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null ? null : check(value);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined ? null : check(value);
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && words.includes(value) ? null : fail(`one of ${words.join(', ')}`);

const list =
  (check: Check): Check =>
  (value) => {
    if (!Array.isArray(value)) return fail('a list');
    for (let index = 0; index < value.length; index++) {
      const wrong = check(value[index]);
      if (wrong !== null) return `[${index}]${wrong}`;
    }
    return null;
  };

const named =
  (check: Check): Check =>
  (value) => {
    if (!isObject(value)) return fail('an object');
    for (const key of Object.keys(value)) {
      const wrong = check(value[key]);
      if (wrong !== null) return `.${key}${wrong}`;
    }
    return null;
  };

const object =
  (fields: Fields): Check =>
  (value) => {
    if (!isObject(value)) return fail('an object');
    for (const key of Object.keys(fields)) {
      const wrong = fields[key]?.(Object.hasOwn(value, key) ? value[key] : undefined) ?? null;
      if (wrong !== null) return `.${key}${wrong}`;
    }
    return null;
  };

const counts: Fields = { train: count, validation: count, test: count };
const losses = named(orNull(number));
const splitResult: Fields = { losses, metrics: named(named(orNull(number))) };
const best: Fields = { epoch: count, monitor: text, value: number };
const matrix = list(list(orNull(number)));

export const parametersCheck: Check = object({ total: count, shared: count, byTask: named(count) });
export const samplesCheck: Check = object({ ...counts, labelled: named(object(counts)) });
export const engineCheck: Check = object({
  name: text,
  device: text,
  detail: text,
  graph: flag,
  threads: count,
  deterministic: flag,
});

const kinds: Readonly<Record<EventRecord['kind'], Fields>> = {
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
    seed: finite,
    storage: optional(object({ streamed: flag, memory: finite, disk: finite })),
    acceptedChanges: optional(list(object({ attempt: count, step: count, kind: text }))),
    resumedFrom: optional(object({ step: count, epoch: count, seq: finite })),
  },
  progress: { phase: text, done: finite, total: finite },
  step: {
    step: count,
    steps: count,
    epoch: count,
    losses,
    weights: orNull(named(number)),
    total: orNull(number),
    objective: orNull(number),
    penalty: orNull(number),
    learningRate: number,
    stepsPerSecond: finite,
  },
  gradients: {
    step: count,
    tasks: list(text),
    norms: list(number),
    cosines: matrix,
    observed: optional(named(list(number))),
  },
  epoch: {
    epoch: count,
    train: object(splitResult),
    validation: orNull(object({ ...splitResult, total: orNull(number), skill: orNull(number) })),
    seconds: finite,
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
    n: list(list(finite)),
    cosines: optional(matrix),
  },
  end: {
    status: oneOf('completed', 'early-stopped', 'stopped', 'failed'),
    error: optional(object({ code: text, message: text })),
    seconds: finite,
    best: optional(object(best)),
    test: optional(object(splitResult)),
  },
};

const checks = new Map(Object.entries(kinds).map(([kind, fields]) => [kind, object(fields)]));

/**
 * Validates an already parsed record.
 *
 * @returns the record, or what is wrong with it
 */
export function validateRecord(value: unknown): EventRecord | string {
  if (!isObject(value)) return 'the record is not an object';
  if (value['v'] !== 1) return `the record's version ${JSON.stringify(value['v'])} is not 1`;
  const seq = count(value['seq']);
  if (seq !== null) return `the record's seq${seq}`;
  if (typeof value['t'] !== 'number') return `the record's t${fail('a number')}`;
  const kind = value['kind'];
  const check = typeof kind === 'string' ? checks.get(kind) : undefined;
  if (!check) return `the kind ${JSON.stringify(kind)} is unknown`;
  const wrong = check(value);
  return wrong === null ? (value as unknown as EventRecord) : `the record's ${wrong.replace(/^\./, '')}`;
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
