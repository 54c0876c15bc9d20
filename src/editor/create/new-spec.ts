import * as path from 'node:path';
import * as vscode from 'vscode';
import { usualExtensions } from '../../spec/index.ts';
import { isSpec } from '../window/arguments.ts';
import { specSuffix } from '../window/ids.ts';
import { plainLabel } from '../weights/lens-text.ts';
import {
  inputTypeFor,
  looksLikeId,
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

/**
 * The multi-step wizard: data file, what to predict, from what, as which type. Escape ends it without a trace.
 *
 * @param uri of a data file, when called from the explorer, or of a spec that is open and empty: it is written there
 */
export async function newSpec(extension: vscode.Uri, uri: vscode.Uri | undefined): Promise<void> {
  const empty = uri && emptySpec(uri);
  const data = uri && !isSpec(uri) ? uri : await pickDataFile();
  if (!data) return;
  if (data === 'sample') {
    await copySample(extension);
    return;
  }
  const look = await lookAt(data);
  const columns = await pickTargets(data, look);
  if (!columns) return;
  const targets = await pickTypes(columns);
  if (!targets) return;
  const inputs = await pickInputs(look, columns);
  if (!inputs) return;
  const target = empty?.uri ?? (await pickPlace(data));
  if (!target) return;
  const text = textFor(target, data, inputs, targets);
  await (empty ? fill(empty, text) : write(target, text));
}

/** The open document of a spec in which nothing is written yet. */
function emptySpec(uri: vscode.Uri): vscode.TextDocument | undefined {
  if (!isSpec(uri)) return undefined;
  const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  return document?.getText().trim() === '' ? document : undefined;
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
  const options = {
    title: step(1),
    placeHolder: vscode.l10n.t('Which file holds the data?'),
    matchOnDescription: true,
  };
  const chosen = await vscode.window.showQuickPick([...items, sample, browse], options);
  if (!chosen) return undefined;
  if (chosen.uri) return chosen.uri;
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
  const [{ readHeader, readTable }, { formatOf }, { profileColumns }, { resolveInside }] = await Promise.all([
    import('../../data/read.ts'),
    import('../../data/formats/table.ts'),
    import('../../data/profile.ts'),
    import('../../data/paths.ts'),
  ]);
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
  readonly column: ColumnIdea;
}

async function pickTargets(data: vscode.Uri, look: Look): Promise<readonly ColumnIdea[] | undefined> {
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
  const chosen = await vscode.window.showQuickPick(items, {
    title: step(2),
    placeHolder: vscode.l10n.t('What should be predicted? Choose two or more columns of {0}', plainLabel(name)),
    canPickMany: true,
    ignoreFocusOut: true,
  });
  return chosen && chosen.length > 0 ? chosen.map(({ column }) => column) : undefined;
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

async function pickTypes(columns: readonly ColumnIdea[]): Promise<readonly Target[] | undefined> {
  const targets: Target[] = [];
  for (const column of columns) {
    const types = typesFor(column);
    const [first] = types;
    if (first === undefined) continue;
    if (types.length === 1) {
      targets.push({ column, type: first });
      continue;
    }
    const items = types.map((type) => ({ label: typeName(type), type }));
    const placeHolder = vscode.l10n.t('"{0}" as which type of task?', plainLabel(column.name));
    const chosen = await vscode.window.showQuickPick(items, { title: step(3), placeHolder, ignoreFocusOut: true });
    if (!chosen) return undefined;
    targets.push({ column, type: chosen.type });
  }
  return targets;
}

async function pickInputs(look: Look, targets: readonly ColumnIdea[]): Promise<readonly ColumnIdea[] | undefined> {
  const items = look.columns.flatMap((column): ColumnItem[] => {
    const type = inputTypeFor(column);
    if (!type || targets.includes(column)) return [];
    const shape = column.shape.length > 0 ? ` [${column.shape.join(', ')}]` : '';
    const label = plainLabel(column.name);
    return [{ label, description: `${type}${shape}`, picked: !looksLikeId(column, look.rows), column }];
  });
  if (items.length === 0) throw new Error(vscode.l10n.t('No column is left to predict from. Choose fewer targets.'));
  const chosen = await vscode.window.showQuickPick(items, {
    title: step(4),
    placeHolder: vscode.l10n.t('From which columns?'),
    canPickMany: true,
    ignoreFocusOut: true,
  });
  return chosen && chosen.length > 0 ? chosen.map(({ column }) => column) : undefined;
}

async function pickPlace(data: vscode.Uri): Promise<vscode.Uri | undefined> {
  const folder = vscode.Uri.joinPath(data, '..');
  const base = path.basename(data.fsPath, path.extname(data.fsPath));
  const name = await vscode.window.showInputBox({
    title: step(5),
    prompt: vscode.l10n.t('Name of the new file'),
    value: `${base}${specSuffix}`,
    valueSelection: [0, base.length],
    ignoreFocusOut: true,
    validateInput: (value) => problemOf(folder, value),
  });
  return name === undefined ? undefined : vscode.Uri.joinPath(folder, named(name));
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

function textFor(
  target: vscode.Uri,
  data: vscode.Uri,
  inputs: readonly ColumnIdea[],
  targets: readonly Target[],
): string {
  const name = path.basename(target.fsPath).slice(0, -specSuffix.length);
  const source = path.relative(path.dirname(target.fsPath), data.fsPath).split(path.sep).join('/');
  return specText({ name, source, inputs, targets } satisfies Choice, comments());
}

async function write(target: vscode.Uri, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(target, Buffer.from(text, 'utf8'));
  await vscode.window.showTextDocument(target);
}

/** As an edit that can be undone; what has been typed since stays, and is said to be in the way. */
async function fill(document: vscode.TextDocument, text: string): Promise<void> {
  if (document.getText().trim() !== '') {
    throw new Error(vscode.l10n.t('The file is no longer empty, so nothing was written.'));
  }
  const edit = new vscode.WorkspaceEdit();
  const whole = new vscode.Range(new vscode.Position(0, 0), document.positionAt(document.getText().length));
  edit.replace(document.uri, whole, text);
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(document);
}

function comments(): Comments {
  return {
    head: vscode.l10n.t(
      'A multi-task experiment. Hover any key for its meaning; the lenses train it and show its diagram.',
    ),
    inputs: vscode.l10n.t('Numbers are standardized and categories one-hot encoded from the training split alone.'),
    network: vscode.l10n.t('One shared trunk; every task adds its own head.'),
    weights: vscode.l10n.t('How much each loss counts in the weighted sum.'),
  };
}
