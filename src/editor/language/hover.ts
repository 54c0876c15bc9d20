import * as vscode from 'vscode';
import {
  describe,
  hoverText,
  nameAt,
  pathAt,
  references,
  refersAt,
  type Place,
  type SpecNode,
} from '../../spec/index.ts';
import { visibleLine } from '../../spec/telling/visible.ts';
import { columnLines, listSeparator } from './column-text.ts';
import type { DataColumns } from '../documents/data-columns.ts';
import { locale } from '../window/language.ts';
import { shorten } from '../weights/lens-text.ts';
import { toRange } from '../window/ranges.ts';
import type { RunStore } from '../runs/run-store.ts';
import type { Analysis, SpecDocuments } from '../documents/spec-documents.ts';
import { weightLines, type Influence } from '../weights/weights-hover.ts';

/**
 * Hover: what our tables say of a key, in the person's language. Names and shapes come from the spec and so from
 * strangers: they go in as text, never as Markdown, and nothing in a hover is a link to a command.
 */
export class Hovers implements vscode.HoverProvider {
  readonly #documents: SpecDocuments;
  readonly #store: RunStore;
  readonly #data: DataColumns;

  constructor(documents: SpecDocuments, store: RunStore, data: DataColumns) {
    this.#documents = documents;
    this.#store = store;
    this.#data = data;
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const analysis = this.#documents.get(document);
    const { tree } = analysis.reading;
    const place = pathAt(tree, document.offsetAt(position));
    if (!place || place.within === 'gap') return undefined;
    const path = place.path.map(String);
    const parts = [
      await this.#columnPart(document, tree, place),
      namePart(tree, document.offsetAt(position)),
      planPart(analysis, path),
      tablePart(tree, place.path),
      this.#weightsPart(document, analysis, path),
    ].filter((part) => part !== undefined);
    if (parts.length === 0) return undefined;
    const range = place.within === 'key' && place.member ? place.member.keyRange : place.node;
    return new vscode.Hover(parts, toRange(document, range));
  }

  /** What the data file holds under a name. */
  async #columnPart(
    document: vscode.TextDocument,
    tree: SpecNode | undefined,
    { within, path, node }: Place,
  ): Promise<vscode.MarkdownString | undefined> {
    if (within !== 'value' || node.kind !== 'scalar' || refersAt(tree, path) !== 'column') return undefined;
    const look = await this.#data.of(document);
    const column = look?.columns.find(({ name }) => name === node.value);
    if (look === undefined || column === undefined) return undefined;
    return textOf(columnLines(vscode.l10n.t, column, look, vscode.env.language));
  }

  /** What a weight does under this spec's strategy and optimizer, with the last run's numbers. */
  #weightsPart(
    document: vscode.TextDocument,
    { reading: { spec, tree } }: Analysis,
    [section, task, ...rest]: readonly string[],
  ): vscode.MarkdownString | undefined {
    if (section !== 'weights' || rest.length > 0 || !spec) return undefined;
    const history = this.#store.latestOf(document.uri.fsPath)?.history;
    const now = history?.now() ?? [];
    const influences = (history?.tasks ?? []).map((one, index): Influence => {
      const { share = null, gradientShare = null, effective = null } = now[index] ?? {};
      return { task: one.name, share, gradientShare, effective };
    });
    const language = locale() === 'zh-cn' ? 'zh' : 'en';
    const context = { tree, language, influences } as const;
    const { strategy, training } = spec;
    const lines = weightLines(
      vscode.l10n.t,
      { ...context, strategy: strategy.name, optimizer: training.optimizer.name },
      task,
    );
    return lines.length === 0 ? undefined : textOf(lines);
  }
}

const textOf = (lines: readonly string[]): vscode.MarkdownString =>
  new vscode.MarkdownString().appendText(lines.join('\n'));

/** What a name is, and who uses it. */
function namePart(tree: SpecNode | undefined, offset: number): vscode.MarkdownString | undefined {
  const found = nameAt(tree, offset);
  if (found === undefined) return undefined;
  const shown = visibleLine(found.name);
  const heads = {
    input: vscode.l10n.t('Input "{0}"', shown),
    block: vscode.l10n.t('Block "{0}"', shown),
    task: vscode.l10n.t('Task "{0}"', shown),
    source: vscode.l10n.t('Source "{0}"', shown),
  };
  const users = references(tree, found.name, found.kind).map(({ path }) => ownerOf(path.map(String)));
  const distinct = [...new Set(users)];
  const some = distinct.slice(0, 12).join(listSeparator(vscode.env.language)) + (distinct.length > 12 ? ' …' : '');
  const used = distinct.length === 0 ? vscode.l10n.t('not used yet') : vscode.l10n.t('used by {0}', some);
  return textOf([`${heads[found.kind]} · ${used}`]);
}

/** The block or task that a use stands in, or its section. */
function ownerOf([section = '', name]: readonly string[]): string {
  const named = (section === 'network' || section === 'tasks') && name !== undefined;
  return visibleLine(named ? name : section);
}

function tablePart(tree: SpecNode | undefined, path: readonly (string | number)[]): vscode.MarkdownString | undefined {
  const text = hoverText(describe(tree, path), locale() === 'zh-cn' ? 'zh' : 'en');
  // From our own tables, so Markdown; not trusted all the same: no commands, no HTML.
  return text === '' ? undefined : new vscode.MarkdownString(text);
}

/** What the plan knows of an input, block or task: shape, parameters, who shares it. */
function planPart({ plan }: Analysis, path: readonly string[]): vscode.MarkdownString | undefined {
  const [section = '', name = '', ...rest] = path[0] === 'data' && path[1] === 'inputs' ? path.slice(1) : path;
  if (!plan || name === '' || rest.length > 0) return undefined;
  const line = lineOf(plan, section, name);
  return line === undefined ? undefined : new vscode.MarkdownString().appendText(line);
}

function lineOf(plan: NonNullable<Analysis['plan']>, section: string, name: string): string | undefined {
  const shape = (sizes: readonly (number | null)[]): string => `[${sizes.map((size) => size ?? '?').join(', ')}]`;
  const count = (parameters: number | null): string =>
    parameters === null
      ? vscode.l10n.t('parameters unknown before the data is read')
      : vscode.l10n.t('{0} parameters', parameters.toLocaleString(vscode.env.language));
  const block = section === 'network' ? plan.blocks.get(name) : undefined;
  if (block) {
    const sharing = block.shared
      ? vscode.l10n.t('shared by {0}', block.tasks.map(shorten).join(', '))
      : vscode.l10n.t('of {0} alone', block.tasks.map(shorten).join(', '));
    return `${shape(block.inputShape)} → ${shape(block.outputShape)} · ${count(block.parameters)} · ${sharing}`;
  }
  const task = section === 'tasks' ? plan.tasks.get(name) : undefined;
  if (task) return `${shape(task.inputShape)} → ${shape(task.outputShape)} · ${count(task.parameters)}`;
  const input = section === 'inputs' ? plan.inputs.get(name) : undefined;
  return input && shape(input.shape);
}
