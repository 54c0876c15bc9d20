// What only a real window can tell: how long VS Code says that activation took, a keystroke in the extension host with all
// that it does besides, and what is held after panels were opened and closed.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import esbuild from 'esbuild';
import { strToU8, zipSync } from 'fflate';
import { forNode } from '../../../scripts/lib/bundles.mjs';
import { root } from '../../../scripts/lib/process.mjs';
import { vsixPath } from '../../../scripts/lib/vsix.mjs';
import { eventually } from '../../e2e/eventually.ts';
import { copyExample, openWorkbench } from '../../e2e/vscode.ts';
import type { Workbench } from '../../e2e/workbench.ts';
import { longSpec } from '../long-spec.ts';
import type { Found, Wish } from './probe-words.ts';

export interface WindowFigures extends Found {
  /** As VS Code shows them under *Running Extensions*, a window each: loading the code and `activate`. */
  readonly activations: readonly number[];
}

/** The package of an extension of one file, as `--install-extension` takes it. */
async function probePackage(file: string): Promise<void> {
  const options = forNode('test/bench/editor/probe.ts', path.join(path.dirname(file), 'probe.cjs'), {
    production: true,
  });
  const { outputFiles } = await esbuild.build({ ...options, write: false });
  const manifest = {
    ...{ name: 'mtl-probe', publisher: 'mtl-workbench', version: '0.0.1', main: './probe.cjs' },
    ...{ engines: { vscode: '^1.100.0' }, activationEvents: ['onStartupFinished'] },
  };
  const about =
    '<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011"><Metadata>' +
    '<Identity Language="en-US" Id="mtl-probe" Version="0.0.1" Publisher="mtl-workbench"/><DisplayName>Probe</DisplayName>' +
    '<Description>Measures</Description></Metadata><Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/>' +
    '</Installation><Assets><Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json"/></Assets></PackageManifest>';
  const types =
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension=".json" ContentType="application/json"/>' +
    '<Default Extension=".cjs" ContentType="application/javascript"/><Default Extension=".vsixmanifest" ContentType="text/xml"/></Types>';
  const parts = {
    'extension.vsixmanifest': strToU8(about),
    '[Content_Types].xml': strToU8(types),
    'extension/package.json': strToU8(JSON.stringify(manifest)),
    'extension/probe.cjs': outputFiles[0]?.contents ?? new Uint8Array(),
  };
  fs.writeFileSync(file, zipSync(parts));
}

/** Two short runs of the sample. */
function trained(folder: string): readonly string[] {
  const spec = path.join(folder, 'penguins.mtl.json');
  const cli = path.join(root, 'dist/cli.cjs');
  for (const seed of ['1', '2']) {
    const words = ['train', spec, '--engine', 'wasm', '--set', '/training/epochs=2', '--seed', seed];
    execFileSync(process.execPath, [cli, ...words], { cwd: folder, stdio: 'ignore' });
  }
  const runs = path.join(folder, '.mtl/runs');
  return fs.readdirSync(runs).map((name) => path.join(runs, name));
}

/** What *Developer: Show Running Extensions* says of us. */
async function activation(workbench: Workbench): Promise<number> {
  await workbench.runCommand('Developer: Show Running Extensions');
  const row = workbench.page.locator('.runtime-extensions-editor .extension', { hasText: 'MTL Workbench' });
  return eventually('the time of activation', async () => {
    const [text = ''] = await row.allTextContents();
    const found = /Activation: (\d+) ?ms/.exec(text)?.[1];
    return found !== undefined && Number(found);
  });
}

export async function windowFigures(wish: Pick<Wish, 'keystrokes' | 'panels' | 'shown'>): Promise<WindowFigures> {
  const folder = copyExample('penguins');
  const probe = path.join(folder, '..', `${path.basename(folder)}.vsix`);
  try {
    await probePackage(probe);
    const runs = trained(folder);
    const long = path.join(folder, 'long.mtl.json');
    fs.writeFileSync(long, longSpec(356));
    const session = await openWorkbench({ folder, vsix: [vsixPath(), probe] });
    try {
      const activations = [];
      for (let window = 0; window < 7; window += 1) {
        if (window > 0) await session.workbench.reload();
        // What starts with a window has started.
        await sleep(3000);
        activations.push(await activation(session.workbench));
      }
      await session.workbench.runCommand('View: Close All Editors');
      const asked: Wish = { ...wish, long, spec: path.join(folder, 'penguins.mtl.json'), runs, before: 20 };
      fs.writeFileSync(path.join(folder, 'probe.json.partial'), JSON.stringify(asked));
      fs.renameSync(path.join(folder, 'probe.json.partial'), path.join(folder, 'probe.json'));
      const answer = path.join(folder, 'probed.json');
      const there = (): boolean => fs.existsSync(answer);
      await eventually('what the probe has found', there, 30 * 60_000);
      const found = JSON.parse(fs.readFileSync(answer, 'utf8')) as Found;
      if (found.error !== undefined) throw new Error(found.error);
      return { ...found, activations };
    } finally {
      await session.close();
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
    fs.rmSync(probe, { force: true });
  }
}
