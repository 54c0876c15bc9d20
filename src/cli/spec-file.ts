/** A spec from a file to a plan, with everything that is wrong with it: what check, diagram and train begin with. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { text, type Text } from '../common/text.ts';
import { sizeText } from '../common/size.ts';
import { csvText, notesOfCsv } from '../data/csv-notes.ts';
import { describeData, sourceFiles, resolveInside, type Header } from '../data/index.ts';
import { makePlan, type DataFacts, type Machine, type Plan } from '../plan/index.ts';
import { locate } from '../plan/place.ts';
import {
  applySettings,
  inTextOrder,
  parseSetting,
  readSpec,
  type Problem,
  type Spec,
  type SpecReading,
} from '../spec/index.ts';
import { thisMachine } from '../runtime/machine.ts';
import { describeRows } from '../samples/describe.ts';
import { CliError } from './error.ts';
import type { Place } from './places.ts';

/** Data up to this size are read whole by `check`, so that sizes which only they can tell are known. */
const wholeLimit = 50 * 1024 * 1024;
/** A spec has at most 5 MiB (its reader says so); anything much larger is not even opened. */
const specLimit = 64 * 1024 * 1024;

export interface SpecFile {
  /** Absolute. */
  readonly file: string;
  /** As the person wrote it. */
  readonly name: string;
  readonly text: string;
}

export interface CheckedSpec {
  readonly reading: SpecReading;
  readonly plan?: Plan;
  /** What is known of the data: of their headers, or of all rows where those were read. */
  readonly facts?: DataFacts;
  /** How the first source file was understood, where that is found by looking (CSV). */
  readonly format?: Text;
  /** In the order of the text. */
  readonly problems: readonly Problem[];
}

/**
 * Reads the text of a spec.
 *
 * @throws CliError when it is missing, no plain file, too large or not UTF-8
 */
export function readSpecFile(name: string): SpecFile {
  const file = path.resolve(name);
  const status = fs.statSync(file, { throwIfNoEntry: false });
  if (!status) {
    throw new CliError(`There is no file "${name}". Check the path.`, `没有文件“${name}”。请检查路径。`);
  }
  if (!status.isFile() || status.size > specLimit) {
    const [en, zh] = status.isFile()
      ? ['is too large for a spec', '过大，不是实验描述文件']
      : ['is no file', '不是文件'];
    throw new CliError(`"${name}" ${en}. Name a .mtl.json file.`, `“${name}”${zh}。请指定 .mtl.json 文件。`);
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(fs.readFileSync(file));
    return { file, name, text };
  } catch (error) {
    throw error instanceof TypeError
      ? new CliError(`"${name}" is not UTF-8 text. Save it as UTF-8.`, `“${name}”不是 UTF-8 文本。请以 UTF-8 保存。`)
      : new CliError(`"${name}" cannot be read. Check its permissions.`, `无法读取“${name}”。请检查权限。`);
  }
}

/** How much of the data is looked at: headers only, or all of it where that takes no long time. */
export type Depth = 'header' | 'whole';

/**
 * Reads, plans and checks. Nothing is thrown for what stands in spec or data: it comes back as problems.
 *
 * @param engine asked for beside the spec
 */
export async function checkSpec(
  spec: SpecFile,
  place: Place,
  depth: Depth,
  settings: readonly string[] = [],
  engine?: string,
): Promise<CheckedSpec> {
  const written = readSpec(spec.text);
  const rangeOf = rangesOf(written);
  const checked = await checkReading(
    withSettings(written, settings),
    { ...place, specFile: spec.file },
    depth,
    rangeOf,
    { ...thisMachine(), engine },
  );
  if (settings.length === 0) return checked;
  // What was set stands nowhere in the text: its problems are told where it would stand, and no fix would help.
  const problems = checked.problems.map((problem) => ({ ...problem, range: rangeOf(problem.pointer), fixes: [] }));
  return { ...checked, problems };
}

/** Where a pointer stands in a text, or what is nearest to it. */
export const rangesIn = (written: string): RangeOf => rangesOf(readSpec(written));

type RangeOf = (pointer: string) => Problem['range'];

function rangesOf({ tree }: SpecReading): RangeOf {
  return (pointer) => {
    const node = tree ? locate(tree, pointer).node : { start: 0, end: 0 };
    return { start: node.start, end: node.end };
  };
}

/** What {@link checkSpec} finds in a reading, whatever text it comes from. */
export async function checkReading(
  reading: SpecReading,
  where: Where,
  depth: Depth,
  rangeOf: RangeOf,
  machine: Machine,
): Promise<CheckedSpec> {
  if (!reading.spec) return { reading, problems: reading.problems };
  const header = await describeData(reading.spec, where, rangeOf);
  const planned = makePlan(reading.spec, reading.tree, header.facts, machine);
  const found = [...reading.problems, ...header.problems, ...planned.problems];
  const format = formatOf(header.header);
  const known = { reading, ...format, ...optionalPlan(planned.plan), ...optionalFacts(header.facts) };
  if (depth === 'header' || found.some(isError)) return { ...known, problems: inTextOrder(found) };
  if (!(await isSmall(reading.spec, where))) {
    const guesses = guessesOf(header.header, rangeOf('/data/source'));
    return { ...known, problems: inTextOrder([...found, ...guesses, notRead(rangeOf('/data/source'))]) };
  }
  const rows = await describeRows(reading.spec, where, rangeOf);
  if (!rows.facts) return { ...known, problems: inTextOrder([...found, ...rows.problems]) };
  const complete = makePlan(reading.spec, reading.tree, rows.facts, machine);
  const before = new Set(planned.problems.map(identityOf));
  const problems = complete.problems.map((problem) =>
    before.has(identityOf(problem)) ? problem : { ...problem, origin: 'rows' as const },
  );
  return {
    reading,
    ...format,
    ...optionalPlan(complete.plan),
    facts: rows.facts,
    problems: inTextOrder([...reading.problems, ...header.problems, ...problems, ...rows.problems]),
  };
}

/** The same problem in two plans of one text. */
function identityOf({ code, pointer, message }: Problem): string {
  return JSON.stringify([code, pointer, message.en]);
}

function formatOf(header: Header | undefined): Pick<CheckedSpec, 'format'> {
  return header?.csv === undefined ? {} : { format: csvText(header.csv, header.file) };
}

/** What rows that are read would tell with the rest. */
function guessesOf(header: Header | undefined, range: Problem['range']): readonly Problem[] {
  if (header?.csv === undefined) return [];
  return notesOfCsv(header.csv, header.file).map((note) => ({ ...note, range, pointer: '/data/source', fixes: [] }));
}

function notRead(range: Problem['range']): Problem {
  return {
    code: 'data-not-read',
    message: text(
      `The data are larger than ${sizeText(wholeLimit)}, so check looked at their headers only: unknown labels, empty splits and the like show when the training begins.`,
      `数据超过 ${sizeText(wholeLimit)}，check 只查看了文件头：未知标签、空划分等问题要到训练开始时才会显示。`,
    ),
    severity: 'information',
    ...{ range, pointer: '/data/source', fixes: [], origin: 'rows' },
  };
}

type Where = Place & { readonly specFile: string };

async function isSmall(spec: Spec, where: Where): Promise<boolean> {
  let bytes = 0;
  for (const { path: written } of sourceFiles(spec)) {
    const file = await resolveInside(where.root, path.dirname(where.specFile), written, where);
    bytes += file.bytes;
  }
  return bytes <= wholeLimit;
}

function withSettings(reading: SpecReading, settings: readonly string[]): SpecReading {
  if (settings.length === 0) return reading;
  const read = settings.map(parseSetting);
  const bad = read.flatMap(({ problems }) => problems);
  if (bad.length > 0) return { ...reading, problems: [...reading.problems, ...bad] };
  return applySettings(
    reading,
    read.flatMap(({ setting }) => (setting ? [setting] : [])),
  );
}

export function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

function optionalFacts(facts: DataFacts | undefined): { readonly facts?: DataFacts } {
  return facts ? { facts } : {};
}

function optionalPlan(plan: Plan | undefined): { readonly plan?: Plan } {
  return plan ? { plan } : {};
}
