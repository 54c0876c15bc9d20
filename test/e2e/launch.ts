// One headless Chromium for tests and screenshots.
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { findChromium } from '../../scripts/lib/chromium.mjs';

export type LaunchedBrowser = Browser;

let said = false;

/** Launches the browser that scripts/lib/chromium.mjs finds; says once which one it is. */
export async function launchBrowser(): Promise<LaunchedBrowser> {
  const found = await findChromium();
  const browser = await chromium.launch({
    executablePath: found.executablePath,
    headless: true,
    args: found.args,
    env: { ...definedOnly(process.env), ...found.environment },
  });
  if (!said) console.log(`Chromium ${browser.version()} from ${found.from}`);
  said = true;
  return browser;
}

function definedOnly(variables: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
