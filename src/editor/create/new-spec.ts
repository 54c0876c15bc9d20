import * as path from 'node:path';
import * as vscode from 'vscode';
import { inputTitle, usualExtensions } from '../../spec/index.ts';
import { isSpec } from '../window/arguments.ts';
import { specSuffix } from '../window/ids.ts';
import type { Text } from '../../common/text.ts';
import { pick } from '../window/language.ts';
import { plainLabel } from '../weights/lens-text.ts';
import { askMany, askOne, askText, type Answer } from './ask.ts';
import { emptySpec, fill, write } from './write-spec.ts';
import { leftOutOf, leftOutText, whyNoInput, whyNoTarget, whyNotProposed } from './left-out.ts';
import {
  inputTypeFor,
  specText,
  typesFor,
  type Choice,
  type ColumnIdea,
  type Comments,
  type ProposedType,
  type Target,
} from './proposal.ts';

const dataExtensions = usualExtensions();
/** Bigger files are looked at by their first part alone. */
const wholeFileBytes = 50 * 1024 * 1024;

interface Look {
  readonly rows: number;
  readonly columns: readonly ColumnIdea[];
}

/** What has been answered so far; a step back loses none of it. */
interface Draft {
  readonly data: vscode.Uri;
  readonly look: Look;
  readonly targets: readonly ColumnIdea[];
  /** By name of the column. */
  readonly types: ReadonlyMap<string, ProposedType>;
  /** Undefined before anybody was asked: then what is proposed is marked. */
  readonly inputs: readonly ColumnIdea[] | undefined;
  /** Name of the new file. */
  readonly name: string | undefined;
  /** A spec that is open and empty: it is written there, and nobody is asked for a name. */
  readonly empty: vscode.TextDocument | undefined;
}

type Step = (draft: Draft, back: boolean) => Promise<Answer<Draft>>;

/**
 * The multi-step wizard: data file, what to predict, as which type, from what, and where. Escape ends it without a trace;
 * the arrow at the top goes one step back, with all answers kept.
 *
 * @param begin a data file, when called from the explorer, or the sample, or a spec that is open and empty: it is written there
 */
export async function newSpec(extension: vscode.Uri, begin: vscode.Uri | 'sample' | undefined): Promise<void> {
  const spec = begin !== undefined && begin !== 'sample' && isSpec(begin) ? begin : undefined;
  const empty = spec && emptySpec(spec);
  for (;;) {
    const data = (spec ? undefined : begin) ?? (await pickDataFile());
    if (!data) return;
    if (data === 'sample') {
      await copySample(extension);
      return;
    }
    const look = await lookAt(data);
    const first: Draft = { data, look, targets: [], types: new Map(), inputs: undefined, name: undefined, empty };
    const draft = await walk(first, spec !== undefined || begin === undefined);
    if (draft === undefined) return;
    if (draft === 'back') continue;
    await finish(draft);
    return;
  }
}

/** All questions about a data file. `back`: another file is to be chosen. */
async function walk(first: Draft, backToFile: boolean): Promise<Draft | 'back' | undefined> {
  const steps: readonly { readonly ask: Step; readonly asks?: (draft: Draft) => boolean }[] = [
    { ask: pickTargets },
    { ask: pickTypes, asks: ({ targets }) => targets.some((column) => typesFor(column).length > 1) },
    { ask: pickInputs },
    { ask: pickPlace, asks: ({ empty }) => empty === undefined },
  ];
  let draft = first;
  let direction: 1 | -1 = 1;
  for (let at = 0; at < steps.length; at += direction) {
    const step = steps[at];
    if (step === undefined) return 'back';
    if (step.asks?.(draft) === false) continue;
    const answer = await step.ask(draft, at > 0 || backToFile);
    if (answer === undefined) return undefined;
    direction = answer === 'back' ? -1 : 1;
    if (answer !== 'back') draft = answer.value;
  }
  return draft;
}

async function pickDataFile(): Promise<vscode.Uri | 'sample' | undefined> {
  const found = await vscode.workspace.findFiles(
    `**/*.{${dataExtensions.join(',')}}`,
    '**/{node_modules,.mtl}/**',
    200,
  );
  const sample = { label: `$(mortar-board) ${vscode.l10n.t('Sample: penguins')}`, uri: 'sample' as const };
  const browse = { label: `$(folder-opened) ${vscode.l10n.t('Browse…')}`, uri: undefined };
  const items = found.map((file) => ({
    label: plainLabel(path.basename(file.fsPath)),
    description: plainLabel(vscode.workspace.asRelativePath(path.dirname(file.fsPath))),
    uri: file,
  }));
  const placeholder = vscode.l10n.t('Which file holds the data?');
  const question = { title: step(1), placeholder, back: false, matchOnDescription: true };
  const chosen = await askOne([...items, sample, browse], question);
  if (chosen === undefined || chosen === 'back') return undefined;
  if (chosen.value.uri) return chosen.value.uri;
  const dialog = { filters: { [vscode.l10n.t('Data')]: dataExtensions }, canSelectMany: false };
  return (await vscode.window.showOpenDialog(dialog))?.[0];
}

/** Copies the sample that came with the extension to where the person works, and opens it. */
async function copySample(extension: vscode.Uri): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? (await pickFolder());
  if (!folder) return;
  const target = vscode.Uri.joinPath(folder, 'penguins');
  const source = vscode.Uri.joinPath(extension, 'examples', 'penguins');
  try {
    await vscode.workspace.fs.copy(source, target, { overwrite: false });
  } catch (error) {
    // It was copied before: that copy is opened, with whatever has been changed in it.
    if (!(error instanceof vscode.FileSystemError) || error.code !== 'FileExists') throw error;
  }
  await vscode.window.showTextDocument(vscode.Uri.joinPath(target, `penguins${specSuffix}`));
}

async function pickFolder(): Promise<vscode.Uri | undefined> {
  const title = vscode.l10n.t('Folder for the sample');
  return (await vscode.window.showOpenDialog({ title, canSelectFolders: true, canSelectFiles: false }))?.[0];
}

function step(number: number): string {
  return `${vscode.l10n.t('New multi-task experiment')} (${number}/5)`;
}

/** Reads the file to learn what its columns hold; the person has just named it. */
async function lookAt(data: vscode.Uri): Promise<Look> {
  const { formatOf, profileColumns, readHeader, readTable, resolveInside } = await import('../../data/index.ts');
  const folder = path.dirname(data.fsPath);
  const file = await resolveInside(folder, folder, path.basename(data.fsPath));
  const location = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Reading columns…') };
  return vscode.window.withProgress(location, async () => {
    const header = await readHeader(file, { glance: !vscode.workspace.isTrusted });
    const columnwise = formatOf(header).columnwise === true;
    if (file.bytes > wholeFileBytes && !columnwise) throw tooBig(file.name);
    // Of a format that allows it only the arrays that may be targets: an image array can be large, and its header says enough.
    const small = header.columns.filter(({ shape }) => shape.length <= 1).map(({ name }) => name);
    const wanted = columnwise ? { columns: new Set(small) } : {};
    const profile = profileColumns(await readTable(file, wanted));
    const known = new Map(profile.columns.map((column) => [column.name, column]));
    const columns = header.columns.map((head): ColumnIdea => {
      const idea = known.get(head.name);
      return idea ?? { ...head, kind: 'array', distinct: 0 };
    });
    // JSONL may hold keys that its head does not.
    const later = profile.columns.filter(({ name }) => !columns.some((column) => column.name === name));
    return { rows: profile.rows, columns: [...columns, ...later] };
  });
}

function tooBig(name: string): Error {
  return new Error(
    vscode.l10n.t(
      '"{0}" is larger than 50 MB; the wizard reads whole files. Put the first rows into a smaller file, begin with it, and change "source" afterwards.',
      name,
    ),
  );
}

interface ColumnItem extends vscode.QuickPickItem {
  /** Absent on rows that only say something. */
  readonly column?: ColumnIdea;
}

/** What is not offered stands below the others, with the reason. */
function notOffered(columns: readonly ColumnIdea[], why: (column: ColumnIdea) => Text | undefined): ColumnItem[] {
  const rows = columns.flatMap((column): ColumnItem[] => {
    const reason = why(column);
    return reason === undefined
      ? []
      : [{ label: `$(circle-slash) ${plainLabel(column.name)}`, description: pick(reason) }];
  });
  if (rows.length === 0) return [];
  return [{ label: vscode.l10n.t('not offered'), kind: vscode.QuickPickItemKind.Separator }, ...rows];
}

const isColumn = (item: ColumnItem): item is ColumnItem & { readonly column: ColumnIdea } => item.column !== undefined;

async function pickTargets(draft: Draft, back: boolean): Promise<Answer<Draft>> {
  const { look, data } = draft;
  const items = look.columns.flatMap((column): ColumnItem[] => {
    const [type] = typesFor(column);
    return type ? [{ label: plainLabel(column.name), description: describe(column, type), column }] : [];
  });
  const name = path.basename(data.fsPath);
  if (items.length === 0) {
    throw new Error(
      vscode.l10n.t('"{0}" has no column that can be predicted: numbers or categories are needed.', name),
    );
  }
  const placeholder = vscode.l10n.t('What should be predicted? Choose two or more columns of {0}', plainLabel(name));
  const marked = items.filter(({ column }) => column !== undefined && draft.targets.includes(column));
  const answer = await askMany([...items, ...notOffered(look.columns, whyNoTarget)], {
    ...{ title: step(2), placeholder, back, marked, canBeMarked: isColumn },
  });
  if (answer === undefined || answer === 'back') return answer;
  return { value: { ...draft, targets: answer.value.filter(isColumn).map(({ column }) => column) } };
}

function typeName(type: ProposedType): string {
  switch (type) {
    case 'classification':
      return vscode.l10n.t('classification');
    case 'regression':
      return vscode.l10n.t('regression');
    case 'box':
      return vscode.l10n.t('object box');
  }
}

function describe(column: ColumnIdea, type: ProposedType): string {
  const shape = column.shape.length > 0 ? ` [${column.shape.join(', ')}]` : '';
  const count = column.distinct > 0 ? ` · ${vscode.l10n.t('{0} different values', column.distinct)}` : '';
  return `${typeName(type)}${shape}${count}`;
}

/** Asks for the type of each target that may be of several. */
async function pickTypes(draft: Draft, back: boolean): Promise<Answer<Draft>> {
  const open = draft.targets.filter((column) => typesFor(column).length > 1);
  const chosen = new Map(draft.types);
  for (let at = 0; at < open.length;) {
    const column = open[at];
    if (column === undefined) break;
    const items = typesFor(column).map((type) => ({ label: typeName(type), type }));
    const active = items.find(({ type }) => type === chosen.get(column.name));
    const placeholder = vscode.l10n.t('"{0}" as which type of task?', plainLabel(column.name));
    const answer = await askOne(items, { title: step(3), placeholder, back: back || at > 0, active });
    if (answer === undefined || (answer === 'back' && at === 0)) return answer;
    if (answer !== 'back') chosen.set(column.name, answer.value.type);
    at += answer === 'back' ? -1 : 1;
  }
  return { value: { ...draft, types: chosen } };
}

async function pickInputs(draft: Draft, back: boolean): Promise<Answer<Draft>> {
  const { look, targets } = draft;
  const others = look.columns.filter((column) => !targets.includes(column));
  const items = others.flatMap((column): ColumnItem[] => {
    const type = inputTypeFor(column);
    if (!type) return [];
    const shape = column.shape.length > 0 ? ` [${column.shape.join(', ')}]` : '';
    const why = whyNotProposed(column, look.rows);
    const remark = why === undefined ? '' : ` · ${pick(why)}`;
    return [{ label: plainLabel(column.name), description: `${pick(inputTitle(type))}${shape}${remark}`, column }];
  });
  if (items.length === 0) throw new Error(vscode.l10n.t('No column is left to predict from. Choose fewer targets.'));
  const marked = items.filter(
    ({ column }) =>
      column !== undefined && (draft.inputs?.includes(column) ?? whyNotProposed(column, look.rows) === undefined),
  );
  const placeholder = vscode.l10n.t('From which columns?');
  const answer = await askMany([...items, ...notOffered(others, whyNoInput)], {
    ...{ title: step(4), placeholder, back, marked, canBeMarked: isColumn },
  });
  if (answer === undefined || answer === 'back') return answer;
  return { value: { ...draft, inputs: answer.value.filter(isColumn).map(({ column }) => column) } };
}

async function pickPlace(draft: Draft, back: boolean): Promise<Answer<Draft>> {
  const folder = vscode.Uri.joinPath(draft.data, '..');
  const base = path.basename(draft.data.fsPath, path.extname(draft.data.fsPath));
  const value = draft.name ?? `${base}${specSuffix}`;
  const answer = await askText({
    title: step(5),
    placeholder: vscode.l10n.t('Name of the new file'),
    ...{ back, value, selection: [0, value.length - (value.endsWith(specSuffix) ? specSuffix.length : 0)] },
    problemOf: (name) => problemOf(folder, name),
  });
  return answer === undefined || answer === 'back' ? answer : { value: { ...draft, name: answer.value } };
}

function named(value: string): string {
  const trimmed = value.trim();
  return trimmed.endsWith(specSuffix) ? trimmed : `${trimmed.replace(/\.json$/, '')}${specSuffix}`;
}

async function problemOf(folder: vscode.Uri, value: string): Promise<string | undefined> {
  if (value.trim() === '' || /[\\/:*?"<>|\u0000-\u001f]/.test(value)) return vscode.l10n.t('Give a plain file name.');
  try {
    await vscode.workspace.fs.stat(vscode.Uri.joinPath(folder, named(value)));
    return vscode.l10n.t('{0} exists already.', named(value));
  } catch {
    return undefined;
  }
}

async function finish({ data, look, targets, types, inputs = [], name: written = '', empty }: Draft): Promise<void> {
  const target = empty?.uri ?? vscode.Uri.joinPath(data, '..', named(written));
  const name = path.basename(target.fsPath).slice(0, -specSuffix.length);
  const typed = targets.flatMap((column): Target[] => {
    const [first, ...others] = typesFor(column);
    const type = others.length > 0 ? (types.get(column.name) ?? first) : first;
    return type === undefined ? [] : [{ column, type }];
  });
  const source = path.relative(path.dirname(target.fsPath), data.fsPath).split(path.sep).join('/');
  const choice: Choice = { name, source, inputs, targets: typed };
  const leftOut = pick(leftOutText(leftOutOf(look, [...targets, ...inputs])));
  const text = specText(choice, comments(leftOut));
  await (empty ? fill(empty, text) : write(target, text));
}

function comments(leftOut: string): Comments {
  return {
    head: vscode.l10n.t(
      'A multi-task experiment. Hover any key for its meaning; the lenses train it and show its diagram.',
    ),
    inputs: vscode.l10n.t('Numbers are standardized and categories one-hot encoded from the training split alone.'),
    ...(leftOut === '' ? {} : { leftOut: vscode.l10n.t('Columns that are left out: {0}.', leftOut) }),
    network: vscode.l10n.t('One shared trunk; every task adds its own head.'),
    weights: vscode.l10n.t('How much each loss counts in the weighted sum.'),
  };
}
