/**
 * Both ends believe only messages that fit. The check is of the envelope (kind of message, types of its fields): records
 * inside have been validated where they were read from disk.
 */
import type { DiagramToHost, DiagramToPage, LossesToHost, LossesToPage } from './protocol.ts';

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;
type Shapes = Readonly<Record<string, Readonly<Record<string, Check>>>>;

const isText: Check = (value) => typeof value === 'string';
const isList: Check = Array.isArray;
const isFields: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const oneOf =
  (...allowed: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && allowed.includes(value);

const isLocale = oneOf('en', 'zh-cn');
const states = ['idle', 'preparing', 'running', 'paused', 'stopping', 'stopped', 'completed', 'failed', 'crashed'];
const isRun: Check = (value) => {
  if (!isFields(value)) return false;
  const run = value as Fields;
  return isText(run['id']) && isText(run['name']) && oneOf(...states)(run['state']) && isList(run['weights']);
};
const isRecords: Check = (value) =>
  Array.isArray(value) && value.every((record) => isFields(record) && isText((record as Fields)['kind']));
const isDiagram: Check = (value) => {
  if (!isFields(value)) return false;
  const diagram = value as Fields;
  return isText(diagram['mermaid']) && isList(diagram['nodes']) && isList(diagram['edges']);
};
// Pictures and tables that a page hands over to be saved: at most 64 MB as base64.
const isFile: Check = (value) => typeof value === 'string' && value.length <= 64 * 1024 * 1024;

const lossesToPage: Shapes = {
  hydrate: { locale: isLocale, run: orNull(isRun), records: isRecords },
  records: { run: isText, records: isRecords },
  state: { run: isRun },
};
const onRun = { run: isText };
const lossesToHost: Shapes = {
  ready: {},
  stop: onRun,
  pause: onRun,
  resume: onRun,
  resumeFromCheckpoint: onRun,
  openLog: onRun,
  proposeGroups: onRun,
  export: { format: oneOf('csv', 'png', 'svg'), name: isText, base64: isFile },
  error: { message: isText },
};
const diagramToPage: Shapes = {
  hydrate: { locale: isLocale, diagram: orNull(isDiagram), problem: orNull(isText), name: isText },
  highlight: { node: orNull(isText) },
  losses: { losses: isList },
};
const diagramToHost: Shapes = {
  ready: {},
  reveal: { pointer: isText },
  copy: { text: isText },
  save: { format: oneOf('svg', 'png'), name: isText, base64: isFile },
  error: { message: isText },
};

function fits(shapes: Shapes, message: unknown): boolean {
  if (!isFields(message)) return false;
  const fields = message as Fields;
  const type = fields['type'];
  if (typeof type !== 'string' || !Object.hasOwn(shapes, type)) return false;
  const shape = shapes[type] ?? {};
  return Object.entries(shape).every(([name, check]) => check(fields[name]));
}

/** Each returns the message, or undefined when it fits no known type. */
export const parseLossesToPage = (message: unknown): LossesToPage | undefined =>
  fits(lossesToPage, message) ? (message as LossesToPage) : undefined;
export const parseLossesToHost = (message: unknown): LossesToHost | undefined =>
  fits(lossesToHost, message) ? (message as LossesToHost) : undefined;
export const parseDiagramToPage = (message: unknown): DiagramToPage | undefined =>
  fits(diagramToPage, message) ? (message as DiagramToPage) : undefined;
export const parseDiagramToHost = (message: unknown): DiagramToHost | undefined =>
  fits(diagramToHost, message) ? (message as DiagramToHost) : undefined;
