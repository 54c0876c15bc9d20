// An extension beside ours, in the same extension host: does what a person does, and measures what they would wait for.
// What it is to do stands in `probe.json` of the workspace; what it found it writes to `probed.json`.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v8 from 'node:v8';
import * as vm from 'node:vm';
import * as vscode from 'vscode';
import type { Found, Held, PanelGrowth, Wish } from './probe-words.ts';

const specLanguage = 'mtl-json';

/** What lives in the heap after everything that can be freed has been: the bytes go up and down, the number less so. */
async function held(): Promise<Held> {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as () => void;
  for (let round = 0; round < 3; round += 1) {
    collect();
    await sleep(50);
  }
  const { queryObjects } = v8 as { queryObjects?: (of: unknown, options: { format: 'count' }) => number };
  return { bytes: process.memoryUsage().heapUsed, objects: queryObjects?.(Object, { format: 'count' }) ?? null };
}

/** From a key pressed in a spec to the problems that follow, as VS Code is told of them. */
async function keystrokes(file: string, count: number): Promise<number[]> {
  const document = await vscode.workspace.openTextDocument(file);
  const editor = await vscode.window.showTextDocument(document);
  const told = (): Promise<void> =>
    new Promise((resolve) => {
      const listener = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        if (!uris.some((uri) => uri.toString() === document.uri.toString())) return;
        listener.dispose();
        resolve();
      });
    });
  // What is done once for a document is done before.
  await sleep(3000);
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const offset = Math.floor(((index * 7919) % 997) * (document.getText().length / 997));
    const place = document.positionAt(offset);
    editor.revealRange(new vscode.Range(place, place));
    const answer = told();
    const began = performance.now();
    await editor.edit((edit) => edit.insert(place, 'x'), { undoStopBefore: false, undoStopAfter: false });
    await answer;
    times.push(performance.now() - began);
    // Everything that follows in a pause of typing has been done before the next key.
    await sleep(400);
    await editor.edit((edit) => edit.delete(new vscode.Range(place, document.positionAt(offset + 1))));
    await sleep(400);
  }
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  return times;
}

const webviews = (): readonly vscode.Tab[] =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview);

async function tabs(open: boolean): Promise<void> {
  for (let attempt = 0; attempt < 1000 && webviews().length > 0 !== open; attempt += 1) await sleep(10);
}

/** Opens and closes a panel again and again; what it holds at the end more than after the first times. */
async function panels(open: () => Thenable<unknown>, close: () => Thenable<unknown>, wish: Wish): Promise<PanelGrowth> {
  const times = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      await open();
      await sleep(wish.shown);
      await close();
    }
    await sleep(2000);
  };
  await times(wish.before);
  const before = await held();
  await times(wish.panels);
  const after = await held();
  return { panels: wish.panels, before, after };
}

async function measure(wish: Wish): Promise<Found> {
  const times = wish.keystrokes > 0 ? await keystrokes(wish.long, wish.keystrokes) : [];
  const growth: Record<string, PanelGrowth> = {};
  const closeTab = async (): Promise<void> => {
    await tabs(true);
    await vscode.window.tabGroups.close(webviews());
    await tabs(false);
  };
  const spec = vscode.Uri.file(wish.spec);
  await vscode.window.showTextDocument(spec);
  const kinds: Readonly<Record<string, () => Thenable<unknown>>> = {
    diagram: () => vscode.commands.executeCommand('mtl.showDiagram', spec),
    comparison: () => vscode.commands.executeCommand('mtl.compareRuns', wish.runs[0], wish.runs),
  };
  for (const [name, open] of Object.entries(kinds)) growth[name] = await panels(open, closeTab, wish);
  growth['losses'] = await panels(
    () => vscode.commands.executeCommand('mtl.internal.showRun', wish.runs[0]),
    () => vscode.commands.executeCommand('workbench.action.closePanel'),
    wish,
  );
  const language = (await vscode.workspace.openTextDocument(spec)).languageId;
  return { keystrokes: times, growth, language: language === specLanguage ? language : `${language}, not ours` };
}

export async function activate(): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  if (folder === undefined) return;
  const asked = path.join(folder, 'probe.json');
  for (let attempt = 0; attempt < 6000 && !fs.existsSync(asked); attempt += 1) await sleep(100);
  const answer = path.join(folder, 'probed.json');
  const partial = `${answer}.partial`;
  try {
    const wish = JSON.parse(fs.readFileSync(asked, 'utf8')) as Wish;
    fs.writeFileSync(partial, JSON.stringify(await measure(wish)));
  } catch (error) {
    fs.writeFileSync(partial, JSON.stringify({ error: String(error instanceof Error ? error.stack : error) }));
  }
  fs.renameSync(partial, answer);
}
