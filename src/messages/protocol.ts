/**
 * The messages between the editor and its webviews: one table per direction and view, a row a message with the checks of
 * its fields; the types are what the checks say. The page speaks first (`ready`); the host answers with the whole state
 * (`hydrate`) and sends deltas while the view is visible. Both ends believe only messages that fit.
 */
import {
  count,
  finite,
  flag,
  json,
  list,
  number,
  object,
  oneOf,
  optional,
  orNull,
  pair,
  satisfying,
  tagged,
  text,
  trusted,
  type Checked,
  type ObjectOf,
  type Shape,
} from '../common/checks.ts';
import { text as both } from '../common/text.ts';
import { runStates } from '../common/run-state.ts';
import type { Diagram } from '../plan/plan.ts';
import type { EventRecord } from '../runs/events.ts';
import { comparison, curve, progress, seriesName } from './comparison.ts';
import { ledger } from './ledger.ts';
import { mergedNetwork } from './networks.ts';
import { packedColumns, type PackedHistory } from './snapshot.ts';
import { weightSurface } from './surface.ts';

/** A table of messages: name of the message → its fields. */
type Messages = Readonly<Record<string, Shape>>;

type MessageOf<Table extends Messages> = {
  [Type in keyof Table]: { readonly type: Type } & ObjectOf<Table[Type]>;
}[keyof Table];

/** @returns the message as it is, or undefined when it fits no row of the table */
function parser<Table extends Messages>(table: Table): (message: unknown) => MessageOf<Table> | undefined {
  const checks = Object.fromEntries(Object.entries(table).map(([type, fields]) => [type, object(fields)]));
  const check = tagged('type', checks);
  return (message) => (check(message) === null ? (message as MessageOf<Table>) : undefined);
}

const locale = oneOf('en', 'zh-cn');

const run = object({
  /** Directory name of the run. */
  id: text,
  name: text,
  state: oneOf(...runStates),
  /** What went wrong and what to do, for `failed` and `crashed`: exit code or signal and the last lines of the log. */
  problem: optional(text),
  /** The spec's weights, as frozen with the run: [task, weight] in source order. */
  weights: list(pair(text, number)),
  /** The run that it was forked from: its curves are offered as the choice of this id, from `step` on. */
  fork: optional(
    object({
      run: text,
      name: text,
      step: count,
      /** One line each, in the window's language; none where nothing is different. */
      changes: list(text),
      /** What begins anew, as a sentence; null where all state was carried over. */
      notCarried: orNull(text),
    }),
  ),
});

// Records have been validated where they were read from disk, a diagram is made by this program.
const records = list(trusted<EventRecord>(object({ kind: text })));
const buffer = satisfying(
  both('a block of bytes', '字节块'),
  (value): value is ArrayBuffer => value instanceof ArrayBuffer,
);
const history = trusted<PackedHistory>(object({ told: object({}), ...packedColumns, body: buffer }));
const diagram = trusted<Diagram>(object({ mermaid: text, nodes: list(json), edges: list(json) }));

/** Pictures and tables that a page hands over to be saved: at most 64 MB as base64. */
const base64 = satisfying(
  both('a file of at most 64 MB', '不超过 64 MB 的文件'),
  (value): value is string => typeof value === 'string' && value.length <= 64 * 1024 * 1024,
);

export type Locale = Checked<typeof locale>;
export type RunSummary = Checked<typeof run>;

// ---- loss panel -------------------------------------------------------------------------------------------------

/** Seeds of an arm, or another run, that may lie under the losses of the shown one. */
const overlayChoice = object({
  id: text,
  kind: oneOf('arm', 'run'),
  name: text,
  /** How many there are. */
  runs: count,
  /** Pinned as reference: it lies under every run of its spec, unless a person turns that off. */
  reference: optional(flag),
});

const overlaySeries = oneOf('validation', 'train');

/** Losses of a task by finished epoch; all lists have one length. */
const overlayCurve = object({
  /** `id` of a choice. */
  choice: text,
  run: text,
  /** Null where that is not what tells it from others. */
  seed: orNull(number),
  task: text,
  epoch: list(number),
  step: list(number),
  seconds: list(number),
  /** Null where there is no finite number. */
  y: list(orNull(number)),
});

export type OverlayChoice = Checked<typeof overlayChoice>;
export type OverlaySeries = Checked<typeof overlaySeries>;
export type OverlayCurve = Checked<typeof overlayCurve>;

const lossesToPage = {
  /** `run` null: nothing to show. `history` is all that has been read of it. */
  hydrate: { locale, run: orNull(run), history: orNull(history) },
  /** More records of the same run. */
  records: { run: text, records },
  state: { run },
  /** How much of the run's history the host has read, 0…1; what has been read is in `hydrate` and `records`. */
  reading: { run: text, fraction: finite },
  /** What may be overlaid. */
  overlays: { run: text, choices: list(overlayChoice) },
  /** The answer to `overlay`. `missing`: names of runs without a curve yet; `left`: how many are too many to be drawn. */
  overlay: {
    ...{ run: text, series: overlaySeries, choices: list(text), curves: list(overlayCurve) },
    ...{ missing: list(text), left: count },
  },
};

const ofRun = { run: text };
const lossesToHost = {
  ready: {},
  stop: ofRun,
  pause: ofRun,
  resume: ofRun,
  resumeFromCheckpoint: ofRun,
  openLog: ofRun,
  proposeGroups: ofRun,
  /** Asks for curves of these choices. */
  overlay: { run: text, series: overlaySeries, choices: list(text) },
  export: { format: oneOf('csv', 'png', 'svg'), name: text, base64 },
  error: { message: text },
};

export type LossesToPage = MessageOf<typeof lossesToPage>;
export type LossesToHost = MessageOf<typeof lossesToHost>;
export const parseLossesToPage = parser(lossesToPage);
export const parseLossesToHost = parser(lossesToHost);

// ---- diagram ----------------------------------------------------------------------------------------------------

const diagramToPage = {
  hydrate: {
    locale,
    /** Last good picture, or null when the text never had one. */
    diagram: orNull(diagram),
    /** First error while the text is broken (the picture is then stale), or null. */
    problem: orNull(text),
    /** File name of the spec, for saved pictures. */
    name: text,
  },
  /** The cursor in the text is in this node's JSON. */
  highlight: { node: orNull(text) },
  /** Losses per task of the last run of this spec, live or the final ones, and of what run: [task, text]. */
  losses: { losses: list(pair(text, text)), about: optional(text), final: optional(flag) },
  /** The transfer ledger of the last run, while the page shows it; null where there is none, and `problem` says why. */
  ledger: { ledger: orNull(ledger), problem: orNull(text) },
};

const diagramToHost = {
  ready: {},
  reveal: { pointer: text },
  /** How the picture is to be drawn: which way, siblings alike as one, and which of those one by one all the same. */
  view: { direction: optional(oneOf('TB', 'LR')), collapse: flag, opened: list(text) },
  /** Whether the ledger is to be told. */
  ledger: { open: flag },
  /** Asks the person for what to compare the picture with; and back to that of one spec. */
  compare: {},
  endComparison: {},
  /** Gives a task a copy of its own of the blocks whose heads it shares. */
  split: { task: text },
  copy: { text },
  save: { format: oneOf('svg', 'png'), name: text, base64 },
  error: { message: text },
};

export type DiagramToPage = MessageOf<typeof diagramToPage>;
export type DiagramToHost = MessageOf<typeof diagramToHost>;
export const parseDiagramToPage = parser(diagramToPage);
export const parseDiagramToHost = parser(diagramToHost);

// ---- comparison of an experiment's arms, or of runs --------------------------------------------------------------

const experimentToPage = {
  hydrate: {
    locale,
    /** Shown until there is something to compare. */
    name: text,
    /** Null: nothing can be compared yet, and `problem` says why. */
    comparison: orNull(comparison),
    /** Null for runs that no experiment planned. */
    progress: orNull(progress),
    problem: orNull(text),
  },
  comparison: { comparison },
  progress: { progress },
  /** Why there is no (newer) comparison; null once there is. */
  problem: { problem: orNull(text) },
  /** The answer to `curves`. */
  curves: { task: text, series: seriesName, arms: list(text), curves: list(curve), missing: list(text) },
  /** The metrics over the weights; null where no run tells of them. */
  surface: { surface: orNull(weightSurface) },
  /** The answer to `besideCurves`: `choice` and `run` are the run's id. `missing`: ids of runs without a curve yet. */
  besideCurves: { series: overlaySeries, curves: list(overlayCurve), missing: list(text) },
  /** The answer to `networks`: the picture, or why there is none. */
  networks: { first: text, second: text, network: orNull(mergedNetwork), problem: orNull(text) },
};

const experimentToHost = {
  ready: {},
  pause: {},
  resume: {},
  stop: {},
  /** Shows what is held back of the test split. */
  look: {},
  /** Compares with this arm from now on. */
  baseline: { arm: text },
  curves: { task: text, series: seriesName, arms: list(text) },
  /** Asks for the losses of all runs that are compared. */
  besideCurves: { series: overlaySeries },
  showRun: { run: text },
  /** The networks of two arms in one picture. */
  networks: { first: text, second: text },
  /** Adds these weights as an arm of the spec: [task, weight], every task. */
  addArm: { weights: list(pair(text, finite)) },
  error: { message: text },
};

export type ExperimentToPage = MessageOf<typeof experimentToPage>;
export type ExperimentToHost = MessageOf<typeof experimentToHost>;
export const parseExperimentToPage = parser(experimentToPage);
export const parseExperimentToHost = parser(experimentToHost);

// ---- what this machine has ---------------------------------------------------------------------------------------

const doctorAction = oneOf('install', 'python', 'engine', 'trust', 'log');

const doctorFinding = object({
  state: oneOf('ok', 'note', 'problem'),
  /** What it is about, and what was found, in the person's language. */
  title: text,
  detail: text,
  /** What can be done about it. */
  action: orNull(doctorAction),
});

const doctorToPage = {
  /** `findings` null: they are looked for. */
  hydrate: { locale, findings: orNull(list(doctorFinding)) },
};

const doctorToHost = {
  ready: {},
  again: {},
  copy: {},
  act: { action: doctorAction },
  error: { message: text },
};

export type DoctorAction = Checked<typeof doctorAction>;
export type DoctorFinding = Checked<typeof doctorFinding>;
export type DoctorToPage = MessageOf<typeof doctorToPage>;
export type DoctorToHost = MessageOf<typeof doctorToHost>;
export const parseDoctorToPage = parser(doctorToPage);
export const parseDoctorToHost = parser(doctorToHost);
