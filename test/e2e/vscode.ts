// A real VS Code in a real browser: install the packaged extension, open a folder, act as a person does.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { root } from '../../scripts/lib/process.mjs';
import type { Server, ServerOptions } from '../../scripts/lib/vscode-server.mjs';
import { installExtension, installServer, newestRelease, startServer } from '../../scripts/lib/vscode-server.mjs';
import { vsixPath } from '../../scripts/lib/vsix.mjs';
import { launchBrowser } from './launch.ts';
import type { LaunchedBrowser } from './launch.ts';
import { endTrainings } from './processes.ts';
import { Workbench } from './workbench.ts';

/** How to open a workbench. */
export interface WorkbenchOptions {
  /** Folder to open: a copy of its own, see `copyExample`. */
  readonly folder: string;
  /** The packaged extension, or several; the one in the repository's root when left out. Null: none. */
  readonly vsix?: string | readonly string[] | null;
  /** A key of `releases` in scripts/lib/vscode-server.mjs; the variable MTL_VSCODE or the newest when left out. */
  readonly version?: string;
  /** Restricted mode as for a person; false (no questions, everything trusted) when left out. */
  readonly workspaceTrust?: boolean;
  /** User settings besides the quiet ones below. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Language that VS Code tells extensions; its own texts stay English, since no language pack comes with it. */
  readonly language?: 'en' | 'zh-cn';
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** Settings that keep VS Code from doing anything by itself. */
const quietSettings: Readonly<Record<string, unknown>> = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.colorTheme': 'Default Dark Modern',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'git.enabled': false,
  'files.autoSave': 'off', // on in the browser by default
  'window.autoDetectColorScheme': false,
  'editor.minimap.enabled': false,
};

/** A VS Code server with browser windows on it; `close` ends everything, runs included. */
export interface Session {
  /** The first window. */
  readonly workbench: Workbench;
  readonly server: Server;
  /** Where VS Code keeps user data, extensions and logs. */
  readonly data: string;
  /** Opens one more window on the same folder, as a second person or a second screen would. */
  readonly openWindow: () => Promise<Workbench>;
  readonly close: () => Promise<void>;
}

/** Starts VS Code on a folder. Takes about 5 s once VS Code is in the cache. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Session> {
  const version = options.version ?? process.env['MTL_VSCODE'] ?? newestRelease;
  const installation = await installServer(version);
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-e2e-'));
  const home = path.join(data, 'home');
  fs.mkdirSync(home, { recursive: true });
  const serverOptions: ServerOptions = {
    installation,
    data,
    workspaceTrust: options.workspaceTrust ?? false,
    settings: { ...quietSettings, ...options.settings },
    environment: { PATH: process.env['PATH'] ?? '', HOME: home, LANG: 'C.UTF-8' },
  };
  const packages = options.vsix === undefined ? vsixPath() : (options.vsix ?? []);
  for (const vsix of [packages].flat()) await installExtension(serverOptions, vsix);
  const server = await startServer(serverOptions);
  let browser: LaunchedBrowser;
  try {
    browser = await launchBrowser();
  } catch (error) {
    await server.stop();
    throw error;
  }
  const context = await newContext(browser, options, server);
  const open = async (): Promise<Workbench> => openWindow(context, server, options.folder);
  const close = async (): Promise<void> => {
    await browser.close();
    await server.stop();
    await endTrainings(options.folder);
    fs.rmSync(data, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  try {
    return { workbench: await open(), server, data, openWindow: open, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function newContext(
  browser: LaunchedBrowser,
  options: WorkbenchOptions,
  server: Server,
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 1400, height: 900 },
    locale: 'en-US',
  });
  const language = options.language ?? 'en';
  if (language !== 'en') {
    // What a language pack would set before the workbench starts.
    const value = JSON.stringify(language);
    await context.addInitScript({
      content: `Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', { get: () => ${value}, set: () => undefined });`,
    });
  }
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.origin });
  return context;
}

async function openWindow(context: BrowserContext, server: Server, folder: string): Promise<Workbench> {
  const page: Page = await context.newPage();
  const workbench = new Workbench(page, folder, `${server.origin}/?folder=${encodeURIComponent(folder)}`);
  await workbench.open();
  return workbench;
}

/** Copies examples/<name> to a folder of its own, without runs of earlier days. The caller deletes it. */
export function copyExample(name: string): string {
  const target = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), `mtl-${name}-`)));
  const source = path.join(root, 'examples', name);
  fs.cpSync(source, target, { recursive: true, filter: (file) => path.basename(file) !== '.mtl' });
  return target;
}
