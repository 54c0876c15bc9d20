// Faults are put into a copy: the checkout is never touched, so that a run can be broken off at any time.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import esbuild from 'esbuild';

export interface Copy {
  readonly folder: string;
  /** Relative to the folder, with forward slashes. */
  readonly files: readonly string[];
}

/** What git knows or would add, in a new folder; packages are shared. */
export function makeCopy(root: string): Copy {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-mutate-')));
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' });
  const files = listed.split('\0').filter((name) => name !== '' && fs.existsSync(path.join(root, name)));
  for (const name of files) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.copyFileSync(path.join(root, name), path.join(folder, name));
  }
  fs.symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  return { folder, files: files.sort() };
}

interface Metafile {
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** The bundles of a copy (dist/): which files went into them, and building those anew that a fault is in. */
export class Bundles {
  readonly #folder: string;
  readonly #builds: { readonly name: string; readonly options: esbuild.BuildOptions; readonly inputs: Set<string> }[];
  /** Bundles that do not hold what the copy's sources say. */
  readonly #stale = new Set<string>();

  private constructor(folder: string, builds: { name: string; options: esbuild.BuildOptions }[]) {
    this.#folder = folder;
    this.#builds = builds.map(({ name, options }) => {
      const file = path.join(folder, 'dist/meta', `${name}.json`);
      const { inputs } = JSON.parse(fs.readFileSync(file, 'utf8')) as Metafile;
      return { name, options, inputs: new Set(Object.keys(inputs)) };
    });
  }

  /** Builds everything. The copy's own script and table of bundles are run: a checkout's would build the checkout. */
  static async build(folder: string): Promise<Bundles> {
    execFileSync(process.execPath, ['esbuild.mjs'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    const table = (await import(path.join(folder, 'scripts/lib/bundles.mjs'))) as {
      allBuilds: (mode: { production: boolean }) => { name: string; options: esbuild.BuildOptions }[];
    };
    return new Bundles(folder, table.allBuilds({ production: false }));
  }

  /** Names of the bundles that a file went into. */
  of(file: string): string[] {
    return this.#builds.filter(({ inputs }) => inputs.has(file)).map(({ name }) => name);
  }

  changed(file: string): void {
    for (const name of this.of(file)) this.#stale.add(name);
  }

  /** @returns whether everything could be built: a fault may be one that no bundle can be made of */
  async refresh(): Promise<boolean> {
    for (const { name, options } of this.#builds) {
      if (!this.#stale.has(name)) continue;
      const built = await esbuild
        .build({ ...options, absWorkingDir: this.#folder, logLevel: 'silent' })
        .catch(() => undefined);
      if (built === undefined) return false;
      this.#stale.delete(name);
    }
    return true;
  }
}
