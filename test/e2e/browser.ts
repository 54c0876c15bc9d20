// One webview page in a plain headless browser, under the policy that VS Code gives it: a page with a fake
// `acquireVsCodeApi`, `--vscode-*` colors and a record of everything it sends and of every policy violation.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { root } from '../../scripts/lib/process.mjs';
import type { PageName } from '../../src/editor/window/page.ts';
import { pageHtml } from '../../src/editor/window/page.ts';
import { launchBrowser } from './launch.ts';
import { themes } from './themes.ts';
import type { ThemeName } from './themes.ts';
import { screenshotFolder } from './workbench.ts';

const webviewFolder = path.join(root, 'dist/webview');
const nonce = 'c29tZS1yYW5kb20tbm9uY2U';
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ttf': 'font/ttf',
  '.map': 'application/json',
};

export interface WebviewOptions {
  /** Bundle in dist/webview. */
  readonly name: PageName;
  /** What `getState()` gives at the start, as after a reload. */
  readonly state?: unknown;
  readonly theme?: ThemeName;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly reducedMotion?: boolean;
  readonly forcedColors?: boolean;
  /** Address of the document that a page belongs to (the diagram's spec). */
  readonly document?: string;
  readonly language?: 'en' | 'zh-cn';
}

/** A browser kept open for a file's tests: opening a page takes 0.1 s, a browser 0.5 s. */
export interface WebviewBrowser {
  readonly open: (options: WebviewOptions) => Promise<WebviewPage>;
  readonly close: () => Promise<void>;
}

/** The part of VS Code that a webview sees. Runs in the page before its own script. */
function fakeHost(state: unknown): string {
  return `(() => {
    const host = { posted: [], violations: [], state: ${JSON.stringify(state ?? null)} ?? undefined, acquired: 0 };
    globalThis.__host = host;
    addEventListener('securitypolicyviolation', (event) =>
      host.violations.push(event.violatedDirective + ' ' + (event.blockedURI || event.sourceFile || '') + ' ' + event.sample));
    globalThis.acquireVsCodeApi = () => {
      host.acquired += 1;
      if (host.acquired > 1) throw new Error('acquireVsCodeApi was called twice');
      return {
        postMessage: (message) => { host.posted.push(structuredClone(message)); },
        getState: () => host.state,
        setState: (next) => { host.state = structuredClone(next); return next; },
      };
    };
  })();`.replaceAll('</', '<\\/');
}

/** The page exactly as the editor writes it, with the fake host and the theme put in front. */
function html(options: WebviewOptions, origin: string): string {
  const { name, theme = 'dark', language = 'en', document } = options;
  const { kind, colors } = themes[theme];
  const page = pageHtml({
    page: name,
    source: origin,
    script: `${origin}/${name}.js`,
    style: `${origin}/${name}.css`,
    nonce,
    language,
    title: name,
    ...(document === undefined ? {} : { document }),
  });
  const setColors = `for (const [key, value] of Object.entries(${JSON.stringify(colors)})) document.documentElement.style.setProperty(key, value);`;
  return page
    .replace('</head>', () => `<script nonce="${nonce}">${fakeHost(options.state)}\n${setColors}</script>\n</head>`)
    .replace('<body', `<body class="${kind}" data-vscode-theme-kind="${kind}"`);
}

/** Starts a browser and a server for dist/webview. */
export async function openBrowser(): Promise<WebviewBrowser> {
  const pages = new Map<string, string>();
  const server = http.createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? '/').split('?')[0] ?? '/').slice(1);
    const page = pages.get(name);
    const file = path.join(webviewFolder, path.basename(name));
    if (page !== undefined) response.setHeader('content-type', 'text/html; charset=utf-8').end(page);
    else if (fs.existsSync(file) && name !== '') {
      response
        .setHeader('content-type', types[path.extname(file)] ?? 'application/octet-stream')
        .end(fs.readFileSync(file));
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${String(port)}`;
  const browser = await launchBrowser();
  let count = 0;
  return {
    open: async (options) => {
      if (!fs.existsSync(path.join(webviewFolder, `${options.name}.js`))) {
        throw new Error(`dist/webview/${options.name}.js is not built; run npm run build`);
      }
      count += 1;
      const name = `page-${String(count)}`;
      pages.set(name, html(options, origin));
      return openPage(browser, `${origin}/${name}`, options);
    },
    close: async () => {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function openPage(browser: Browser, address: string, options: WebviewOptions): Promise<WebviewPage> {
  const page = await browser.newPage({
    viewport: options.viewport ?? { width: 900, height: 500 },
    reducedMotion: options.reducedMotion === true ? 'reduce' : 'no-preference',
    forcedColors: options.forcedColors === true ? 'active' : 'none',
    locale: options.language === 'zh-cn' ? 'zh-CN' : 'en-US',
  });
  const result = new WebviewPage(page);
  await page.goto(address);
  return result;
}

interface Host {
  readonly posted: unknown[];
  readonly violations: string[];
  readonly state: unknown;
}
const hostOf = 'globalThis.__host';

/** A webview's page and the other end of its messages. */
export class WebviewPage {
  readonly page: Page;
  /** Exceptions and console errors of the page. */
  readonly errors: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.errors.push(error.stack ?? error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
  }

  /** Sends a message as the extension would: what JSON can say, and blocks of bytes. */
  async send(message: unknown): Promise<void> {
    const bytes = (_key: string, value: unknown): unknown =>
      value instanceof ArrayBuffer ? { $bytes: Buffer.from(value).toString('base64') } : value;
    await this.page.evaluate(
      (text) => {
        const data: unknown = JSON.parse(text, (_key, value: unknown) => {
          const inside = (value as { readonly $bytes?: string } | null)?.$bytes;
          return inside === undefined ? value : Uint8Array.from(atob(inside), (one) => one.charCodeAt(0)).buffer;
        });
        window.postMessage(data, '*');
      },
      JSON.stringify(message, bytes),
    );
  }

  /** Everything that the page has sent so far. */
  async posted(): Promise<unknown[]> {
    return (await this.#host()).posted;
  }

  /** Waits until the page has sent a message of this `type`, and gives the last such. */
  async waitForPosted(type: string): Promise<Record<string, unknown>> {
    const handle = await this.page.waitForFunction((wanted) => {
      const { __host: host } = globalThis as unknown as { __host: { posted: { type?: unknown }[] } };
      return host.posted.filter((message) => message.type === wanted).at(-1);
    }, type);
    return (await handle.jsonValue()) as unknown as Record<string, unknown>;
  }

  /** What the content security policy refused; empty in a page that is right. */
  async violations(): Promise<string[]> {
    return (await this.#host()).violations;
  }

  /** What `setState` kept. */
  async state(): Promise<unknown> {
    return (await this.#host()).state;
  }

  async #host(): Promise<Host> {
    return this.page.evaluate<Host>(hostOf);
  }

  /** Changes the colors as VS Code does when the person picks another theme. */
  async setTheme(theme: ThemeName): Promise<void> {
    await this.page.evaluate(({ kind, colors }) => {
      // Those that the new theme has none of go, too.
      document.documentElement.removeAttribute('style');
      for (const [key, value] of Object.entries(colors)) document.documentElement.style.setProperty(key, value);
      document.body.className = kind;
      document.body.dataset['vscodeThemeKind'] = kind;
    }, themes[theme]);
    // Controls hear of it by observers, and take their colors with the frame that follows.
    await this.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
  }

  /** Findings of axe-core, one line each with the element. */
  async accessibilityProblems(): Promise<string[]> {
    const axe = fs.readFileSync(path.join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
    await this.page.evaluate(axe); // by the debugger: the page's policy does not concern it
    return this.page.evaluate(async () => {
      interface Finding {
        id: string;
        help: string;
        nodes: { html: string; failureSummary?: string }[];
      }
      const { axe: tool } = globalThis as unknown as { axe: { run: () => Promise<{ violations: Finding[] }> } };
      const { violations } = await tool.run();
      return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html}`));
    });
  }

  /** Writes out/screenshots/<name>.png. */
  async screenshot(name: string): Promise<string> {
    fs.mkdirSync(screenshotFolder, { recursive: true });
    const file = path.join(screenshotFolder, `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
