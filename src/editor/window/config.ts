import * as vscode from 'vscode';
import { settings, type SettingId, type Settings } from './ids.ts';

/** A setting's value for a resource; the default where the person's value has another type. */
export function setting<K extends SettingId>(id: K, scope?: vscode.Uri): Settings[K] {
  const fallback = settings[id];
  const value: unknown = vscode.workspace.getConfiguration(undefined, scope ?? null).get(id);
  return typeof value === typeof fallback ? (value as Settings[K]) : fallback;
}
