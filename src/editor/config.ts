import * as vscode from 'vscode';
import { settings, type SettingId } from './ids.ts';

type Widened<T> = T extends boolean ? boolean : T extends number ? number : string;

/** A setting's value for a resource; the default where the person's value has another type. */
export function setting<K extends SettingId>(id: K, scope?: vscode.Uri): Widened<(typeof settings)[K]> {
  const fallback = settings[id] as Widened<(typeof settings)[K]>;
  const value: unknown = vscode.workspace.getConfiguration(undefined, scope ?? null).get(id);
  return typeof value === typeof fallback ? (value as typeof fallback) : fallback;
}
