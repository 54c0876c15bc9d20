// Draws media/icon.png (128 × 128, what the Marketplace takes) from media/icon.svg: node scripts/icon.mjs
import fs from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from './lib/chromium.mjs';
import { root, script } from './lib/process.mjs';

await script(async () => {
  const { executablePath, environment, args } = await findChromium();
  const browser = await chromium.launch({ executablePath, args, env: { ...process.env, ...environment } });
  try {
    const page = await browser.newPage({ viewport: { width: 128, height: 128 } });
    const svg = fs.readFileSync(path.join(root, 'media/icon.svg'), 'utf8');
    await page.setContent(`<style>body{margin:0}svg{display:block}</style>${svg}`);
    await page.screenshot({ path: path.join(root, 'media/icon.png'), omitBackground: true });
  } finally {
    await browser.close();
  }
});
