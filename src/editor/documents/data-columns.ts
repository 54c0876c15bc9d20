import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { refusalOf } from '../../data/paths.ts';
import type { ColumnProfile } from '../../data/profile.ts';
import { sourceOf, usualExtensions, type Source } from '../../spec/index.ts';
import { setting } from '../window/config.ts';
import { Disposables } from '../window/disposables.ts';
import { log, messageOf } from '../window/log.ts';
import { rootOf } from '../runs/run-folders.ts';
import type { SpecDocuments } from './spec-documents.ts';

/** A column's name and shape, and where the file was small enough to be read, what it holds. */
export interface KnownColumn {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly profile?: ColumnProfile;
}

export interface TableLook {
  /** As the spec names it. */
  readonly file: string;
  /** Undefined where only the header was read. */
  readonly rows?: number;
  /** Rows that the profiles are of. */
  readonly sampled?: number;
  readonly columns: readonly KnownColumn[];
}

interface Kept {
  readonly key: string;
  readonly look: Promise<TableLook | undefined>;
}

/** Bigger text files are not read while somebody types: their header alone. */
const readBytes = 4 * 1024 * 1024;
/** A folder is not listed again within this time. */
const listedFor = 10_000;
const mostFiles = 200;

/**
 * What the data that a text names look like: for completion and hover while the text is no spec yet. Read once a version of
 * the file, never in Restricted Mode, and only inside the project's folder (conventions 13.2).
 */
export class DataColumns extends Disposables {
  readonly #documents: SpecDocuments;
  readonly #kept = new Map<string, Kept>();
  readonly #files = new Map<string, { readonly at: number; readonly names: Promise<readonly string[]> }>();

  constructor(documents: SpecDocuments) {
    super();
    this.#documents = documents;
    this.register(documents.onDidClose((document) => this.#kept.delete(document.uri.toString())));
  }

  /** The columns of the first file that the text names; undefined where there is none, or none that may be read. */
  async of(document: vscode.TextDocument): Promise<TableLook | undefined> {
    if (!vscode.workspace.isTrusted || document.uri.scheme === 'untitled') return undefined;
    const source = sourceOf(this.#documents.get(document).reading.tree);
    const [first] = source?.files ?? [];
    if (source === undefined || first === undefined) return undefined;
    // By its text, before any stat: a network path is not even looked at.
    if (refusalOf(first) !== undefined) return undefined;
    const key = JSON.stringify([first, source, this.#stamp(document, first)]);
    const known = this.#kept.get(document.uri.toString());
    if (known?.key === key) return known.look;
    const look = this.#read(document, source, first).catch((error: unknown) => {
      // A file that is not there, or no table: the squiggle under its name says so.
      log().info(messageOf(error));
      return undefined;
    });
    this.#kept.set(document.uri.toString(), { key, look });
    return look;
  }

  #stamp(document: vscode.TextDocument, file: string): string {
    try {
      const { mtimeMs, size } = fs.statSync(path.resolve(path.dirname(document.uri.fsPath), file));
      return `${mtimeMs} ${size}`;
    } catch {
      return '';
    }
  }

  async #read(document: vscode.TextDocument, source: Source, name: string): Promise<TableLook> {
    const { formatOf, profileColumns, readHeader, readTable, resolveInside } = await import('../../data/index.ts');
    const specFile = document.uri.fsPath;
    const allowOutside = setting('mtl.paths.allowOutsideWorkspace', document.uri);
    const file = await resolveInside(rootOf(specFile), path.dirname(specFile), name, { allowOutside });
    const { csv, format, missingTokens } = source;
    const header = await readHeader(file, { csv, format });
    const columnwise = formatOf(header).columnwise === true;
    const bare = header.columns.map(({ name: column, shape, dtype }) => ({ name: column, shape, dtype }));
    if (file.bytes > readBytes && !columnwise) return { file: name, columns: bare };
    // Of arrays only those of one number or a few a row: images are known by their shape.
    const small = header.columns.filter(({ shape }) => shape.length <= 1).map((column) => column.name);
    const table = await readTable(file, { csv, format, ...(columnwise ? { columns: new Set(small) } : {}) });
    const found = profileColumns(table, { missingTokens }, undefined, true);
    const profiles = new Map(found.columns.map((profile) => [profile.name, profile]));
    const columns = bare.map((column): KnownColumn => {
      const profile = profiles.get(column.name);
      return profile === undefined ? column : { ...column, profile };
    });
    // JSONL may hold keys that its head does not.
    const later = found.columns.filter(({ name: key }) => !bare.some((column) => column.name === key));
    const more = later.map((profile): KnownColumn => ({ ...profile, profile }));
    return { file: name, rows: found.rows, sampled: found.sampled, columns: [...columns, ...more] };
  }

  /** Data files at and below the folder of a spec, as the spec would name them. */
  filesNear(document: vscode.TextDocument): Promise<readonly string[]> {
    if (document.uri.scheme === 'untitled') return Promise.resolve([]);
    const folder = path.dirname(document.uri.fsPath);
    const known = this.#files.get(folder);
    if (known !== undefined && performance.now() - known.at < listedFor) return known.names;
    const names = this.#list(folder);
    this.#files.set(folder, { at: performance.now(), names });
    return names;
  }

  async #list(folder: string): Promise<readonly string[]> {
    const pattern = new vscode.RelativePattern(vscode.Uri.file(folder), `**/*.{${usualExtensions().join(',')}}`);
    const found = await vscode.workspace.findFiles(pattern, '**/{node_modules,.mtl}/**', mostFiles);
    return found.map(({ fsPath }) => path.relative(folder, fsPath).split(path.sep).join('/')).sort();
  }
}
