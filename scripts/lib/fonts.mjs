// A Chinese font for pictures taken on machines that have none.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { npm, root } from './process.mjs';
import { holdingLock } from './vscode-server.mjs';

const font = '@expo-google-fonts/noto-sans-sc@0.4.3';

/**
 * Variables for a browser whose pages should show Chinese: none where the system can do it, else a font list that
 * adds Noto Sans SC from npm (SIL Open Font License).
 * @returns {Promise<Record<string, string>>}
 */
export async function chineseFont() {
  const listed = spawnSync('fc-list', [':lang=zh'], { encoding: 'utf8' });
  if (process.platform !== 'linux' || (listed.status === 0 && listed.stdout.trim() !== '')) return {};
  const folder = path.join(root, '.cache/fonts');
  const list = path.join(folder, 'fonts.xml');
  await holdingLock(`${folder}.lock`, async () => {
    if (fs.existsSync(list)) return;
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
    await npm('Installing a Chinese font', ['install', '--no-save', '--ignore-scripts', '--loglevel=error', font], {
      cwd: folder,
    });
    const wanted = path.join(folder, 'node_modules/@expo-google-fonts/noto-sans-sc/400Regular');
    const parts = [
      '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>',
      `<dir>${wanted}</dir>`,
      `<cachedir>${path.join(folder, 'cache')}</cachedir>`,
    ];
    const head = '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n';
    fs.writeFileSync(list, `${head}<fontconfig>${parts.join('')}</fontconfig>\n`);
  });
  return { FONTCONFIG_FILE: list };
}
