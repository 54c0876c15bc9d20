/** Collects problems, finds their places in the text, and makes the edits of their fixes. */
import { text, type Text } from '../common/text.ts';
import { Guesses, maxProblemsOfKind } from '../spec/index.ts';
import type { Fix, Problem, Range, Severity, SpecNode, TextEdit } from '../spec/index.ts';
import { locate, type Place } from './place.ts';

export interface Details {
  /** What the squiggle stands under: the value (default) or its key. */
  readonly at?: 'key' | 'value';
  readonly fixes?: readonly Fix[];
}

/** An edit, or nothing where the text has no place for it. */
export type MaybeEdit = TextEdit | undefined;

const nowhere: Range = { start: 0, end: 0 };

export class Report {
  readonly #tree: SpecNode | undefined;
  readonly #problems: Problem[] = [];
  readonly #counts = new Map<string, number>();
  /** Places of those that are only counted: the first of each kind. */
  readonly #first = new Map<string, Problem>();
  readonly guesses = new Guesses();

  constructor(tree: SpecNode | undefined) {
    this.#tree = tree;
  }

  error(code: string, pointer: string, message: Text, details: Details = {}): void {
    this.#add('error', code, pointer, message, details);
  }

  warning(code: string, pointer: string, message: Text, details: Details = {}): void {
    this.#add('warning', code, pointer, message, details);
  }

  /** A remark: nothing is wrong, but there is something to know. */
  information(code: string, pointer: string, message: Text, details: Details = {}): void {
    this.#add('information', code, pointer, message, details);
  }

  #add(severity: Severity, code: string, pointer: string, message: Text, details: Details): void {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count > maxProblemsOfKind + 1) return;
    const place = this.#find(pointer);
    const at = details.at === 'key' && place?.key !== undefined ? place.key : (place?.node ?? nowhere);
    const range = { start: at.start, end: at.end };
    // A fix that found no place to edit would do nothing.
    const fixes = (details.fixes ?? []).filter((fix) => fix.edits.length > 0);
    const problem = { code, severity, message, range, pointer: place?.pointer ?? pointer, fixes };
    if (count > maxProblemsOfKind) this.#first.set(code, problem);
    else this.#problems.push(problem);
  }

  /** Keys of an object as far as they are written; nothing where the text is not known. */
  writtenKeys(pointer: string): readonly string[] | undefined {
    if (this.#tree === undefined) return undefined;
    const node = this.#exact(pointer)?.node;
    return node?.kind === 'object' ? [...node.members.keys()] : [];
  }

  /** In the order of the text; at one place in the order of finding. */
  sorted(): readonly Problem[] {
    const rest = [...this.#first].map(([code, first]) => {
      const more = (this.#counts.get(code) ?? 0) - maxProblemsOfKind;
      if (more === 1) return first;
      const message = text(
        `From here on there are ${String(more)} more problems of this kind; they show when the first ones are mended.`,
        `从这里起还有 ${String(more)} 个同类问题；修复前面的问题后会显示。`,
      );
      return { ...first, message, fixes: [] };
    });
    return [...this.#problems, ...rest].sort((one, other) => one.range.start - other.range.start);
  }

  // ---- fixes -----------------------------------------------------------------------------------------------------

  /** A fix whose edits all found their place; otherwise one without edits, which is not offered. */
  fix(title: Text, ...edits: readonly MaybeEdit[]): Fix {
    const found = edits.filter((edit) => edit !== undefined);
    return { title, edits: found.length === edits.length ? found : [] };
  }

  /** Another string in place of the one written at `pointer` (which may stand there for a list of one). */
  replace(pointer: string, value: string): MaybeEdit {
    const node = this.#find(pointer)?.node;
    return node?.kind === 'scalar' ? { start: node.start, end: node.end, text: JSON.stringify(value) } : undefined;
  }

  /** Another value in place of whatever is written at `pointer`. */
  replaceValue(pointer: string, json: string): MaybeEdit {
    const node = this.#exact(pointer)?.node;
    return node === undefined ? undefined : { start: node.start, end: node.end, text: json };
  }

  renameKey(pointer: string, name: string): MaybeEdit {
    const key = this.#exact(pointer)?.key;
    return key === undefined ? undefined : { start: key.start, end: key.end, text: JSON.stringify(name) };
  }

  /** New properties at the end of an object that is written as one. */
  setProperties(object: string, properties: readonly (readonly [key: string, json: string])[]): MaybeEdit {
    const node = this.#exact(object)?.node;
    if (node?.kind !== 'object') return undefined;
    const members = [...node.members.values()];
    if (members.some((member) => member.implied === true)) return undefined;
    const written = properties.map(([key, json]) => `${JSON.stringify(key)}: ${json}`).join(', ');
    const last = [...members, ...node.duplicates].reduce((end, member) => Math.max(end, member.value.end), 0);
    return last > 0 ? insertion(last, `, ${written}`) : insertion(node.start + 1, ` ${written} `);
  }

  /** A new item at the end of a list; where the list is not written, it is added to its object. */
  appendItem(list: string, json: string): MaybeEdit {
    const node = this.#exact(list)?.node;
    if (node?.kind === 'array') {
      const last = node.items.at(-1);
      return last === undefined ? insertion(node.start + 1, json) : insertion(last.end, `, ${json}`);
    }
    const cut = list.lastIndexOf('/');
    return node === undefined
      ? this.setProperties(list.slice(0, cut), [[list.slice(cut + 1), `[${json}]`]])
      : undefined;
  }

  insertBefore(item: string, json: string): MaybeEdit {
    const node = this.#exact(item)?.node;
    return node === undefined ? undefined : insertion(node.start, `${json}, `);
  }

  /** Takes a property out of its object, with the one comma that belongs to it; comments stay. */
  removeProperty(pointer: string): readonly MaybeEdit[] {
    const place = this.#exact(pointer);
    if (place?.parent?.kind !== 'object') return [undefined];
    const members = [...place.parent.members.values()];
    const index = members.findIndex(({ value }) => value === place.node);
    const [member, before] = [members[index], members[index - 1]];
    if (member === undefined) return [undefined];
    const own = { start: member.keyRange.start, end: member.value.end, text: '' };
    if (member.comma === member.value.end) return [{ ...own, end: member.comma + 1 }];
    const comma = member.comma ?? before?.comma;
    return comma === undefined ? [own] : [own, { start: comma, end: comma + 1, text: '' }];
  }

  /** Takes an item out of its list, with the comma. */
  removeItem(item: string): MaybeEdit {
    const place = this.#exact(item);
    if (place?.parent?.kind !== 'array') return undefined;
    const siblings = place.parent.items;
    const index = siblings.indexOf(place.node);
    const [before, after] = [siblings[index - 1], siblings[index + 1]];
    const { start, end } = place.node;
    if (after !== undefined) return { start, end: after.start, text: '' };
    return { start: before?.end ?? start, end, text: '' };
  }

  #find(pointer: string): Place | undefined {
    return this.#tree === undefined ? undefined : locate(this.#tree, pointer);
  }

  #exact(pointer: string): Place | undefined {
    const place = this.#find(pointer);
    return place?.pointer === pointer ? place : undefined;
  }
}

function insertion(at: number, text: string): TextEdit {
  return { start: at, end: at, text };
}
