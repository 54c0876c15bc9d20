import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { text, type Text } from '../../common/text.ts';
import { toldText } from '../../common/told-error.ts';
import {
  differenceOf,
  lacksSizes,
  makePlan,
  sizesKey,
  withSizes,
  type Compared,
  type Diagram,
  type DiagramOptions,
} from '../../plan/index.ts';
import { readFrozen, resolvedText } from '../../runs/frozen.ts';
import { SizesOfRuns } from '../../runs/known-sizes.ts';
import { readSpec } from '../../spec/index.ts';
import type { SpecDocuments } from '../documents/spec-documents.ts';
import { locale, pick } from '../window/language.ts';
import { nameText } from '../window/say.ts';

/** One of the two: a spec as its text is now, or what is frozen with a run. */
export type Side =
  | { readonly kind: 'spec'; readonly uri: vscode.Uri }
  | { readonly kind: 'run'; readonly directory: string; readonly name: string };

export interface Sides {
  readonly first: Side;
  /** What the first is held against. */
  readonly second: Side;
}

interface Drawn {
  readonly diagram: Diagram | null;
  readonly problem: string | null;
  readonly name: string;
}

type Found = { readonly side: Omit<Compared, 'name'> } | { readonly problem: Text };

/** The comparison that a diagram's panel shows in place of the diagram, for as long as the person wants it. */
export class DiagramComparison {
  readonly #documents: SpecDocuments;
  /** The spec of the panel: the only one whose text a node can be found in. */
  readonly #own: vscode.Uri;
  #sides: Sides | null = null;
  /** Last picture that could be drawn. */
  #good: Diagram | null = null;
  #drawing = 0;

  constructor(documents: SpecDocuments, own: vscode.Uri) {
    this.#documents = documents;
    this.#own = own;
  }

  get active(): boolean {
    return this.#sides !== null;
  }

  /** @throws Error where one of the two cannot be drawn */
  async begin(sides: Sides): Promise<void> {
    for (const side of [sides.first, sides.second]) {
      const found = await this.#find(side);
      if ('problem' in found) {
        throw new Error(vscode.l10n.t('{0} cannot be compared: {1}', nameOf(side), pick(found.problem)));
      }
    }
    this.#sides = sides;
    this.#good = null;
  }

  end(): void {
    this.#sides = null;
    this.#good = null;
  }

  /** Whether one of the two is this text. */
  involves({ uri }: vscode.TextDocument): boolean {
    const sides = this.#sides === null ? [] : [this.#sides.first, this.#sides.second];
    return sides.some((side) => side.kind === 'spec' && side.uri.toString() === uri.toString());
  }

  /** @returns null where it has ended meanwhile, or another drawing has begun */
  async draw(options: Omit<DiagramOptions, 'sizes'>): Promise<Drawn | null> {
    const sides = this.#sides;
    if (sides === null) return null;
    const drawing = ++this.#drawing;
    const names = namesOf(sides);
    const found = [await this.#find(sides.first), await this.#find(sides.second)] as const;
    if (this.#sides !== sides || drawing !== this.#drawing) return null;
    const name = `${names[0]} ${names[1]}`;
    const [first, second] = found;
    if ('problem' in first) return { diagram: this.#good, problem: pick(first.problem), name };
    if ('problem' in second) return { diagram: this.#good, problem: pick(second.problem), name };
    const drawn = differenceOf(
      { ...first.side, name: names[0] },
      { ...second.side, name: names[1] },
      locale(),
      options,
    );
    const reachable = sides.first.kind === 'spec' && sides.first.uri.toString() === this.#own.toString();
    const nodes = reachable ? drawn.nodes : drawn.nodes.map((node) => ({ ...node, pointer: null }));
    this.#good = { ...drawn, nodes };
    return { diagram: this.#good, problem: null, name };
  }

  async #find(side: Side): Promise<Found> {
    return side.kind === 'run' ? ofRun(side.directory) : this.#ofSpec(side.uri);
  }

  async #ofSpec(uri: vscode.Uri): Promise<Found> {
    const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    if (open === undefined && uri.scheme === 'file' && !fs.existsSync(uri.fsPath)) return { problem: missing };
    const { plan, sizes } = this.#documents.drawable(open ?? (await vscode.workspace.openTextDocument(uri)));
    return plan === undefined ? { problem: undrawable } : { side: { plan, sizes } };
  }
}

/** With the sizes that the run found: its data may be others by now. */
function ofRun(directory: string): Found {
  try {
    const { spec, tree } = readSpec(resolvedText(readFrozen(directory)));
    const plan = spec && makePlan(spec, tree).plan;
    if (spec === undefined || plan === undefined) return { problem: undrawable };
    if (!lacksSizes(plan)) return { side: { plan } };
    const found = new SizesOfRuns().newest([directory], sizesKey(spec));
    if (found === undefined) return { side: { plan, sizes: { from: 'nowhere', why: 'unread' } } };
    const known = makePlan(spec, tree, withSizes(undefined, found.sizes)).plan;
    return { side: { plan: known ?? plan, sizes: { from: 'run', run: path.basename(directory) } } };
  } catch (error) {
    const problem = toldText(error);
    if (problem === undefined) throw error;
    return { problem };
  }
}

const missing = text('the file is not there any more.', '文件已不存在。');
const undrawable = text('its text has errors that leave nothing to draw.', '其文本有错误，没有可以绘制的内容。');

function nameOf(side: Side): string {
  return nameText(side.kind === 'run' ? side.name : (side.uri.path.split('/').at(-1) ?? ''));
}

/** What the two are called: by more than their names where those are the same. */
function namesOf({ first, second }: Sides): readonly [string, string] {
  const short = [nameOf(first), nameOf(second)] as const;
  if (short[0] !== short[1]) return short;
  const long = (side: Side): string =>
    side.kind === 'run'
      ? `${nameOf(side)} (${nameText(path.basename(side.directory))})`
      : nameText(vscode.workspace.asRelativePath(side.uri));
  return [long(first), long(second)];
}
