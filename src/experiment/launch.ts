/** Starts the driver of an experiment, detached, with its output in `log.txt`. */
import * as fs from 'node:fs';
import { text } from '../common/text.ts';
import { openForAppending } from '../files/plain.ts';
import { spawnDetached, type Spawned } from '../runs/detached.ts';
import { RunError } from '../runs/error.ts';
import { refuseLink, refuseLinkedRun } from '../runs/links.ts';
import { unwritableText } from './driver/writer.ts';
import { ExperimentError } from './error.ts';
import { experimentPaths } from './layout.ts';

export interface DriverFiles {
  /** Absolute path of `driver.cjs`. */
  readonly driver: string;
  /** Absolute path of `trainer.cjs`. */
  readonly trainer: string;
  /** Arguments for node itself, of the driver and of its trainers (a loader, in tests). */
  readonly nodeArguments?: readonly string[];
}

/** @throws ExperimentError `unwritable`, `spawn`; RunError `link` */
export async function launchDriver(directory: string, files: DriverFiles): Promise<Spawned> {
  refuseLinkedRun(directory);
  const { ledger, log, runs } = experimentPaths(directory);
  for (const member of [ledger, log, runs]) refuseLink(member);
  let handle: number;
  try {
    fs.mkdirSync(runs, { recursive: true });
    handle = openForAppending(log);
  } catch (error) {
    throw error instanceof RunError ? error : unwritableText(directory, error);
  }
  try {
    return await spawnDetached({
      program: files.driver,
      arguments: ['--experiment', directory, '--trainer', files.trainer],
      ...{ directory, log: handle },
      nodeArguments: files.nodeArguments ?? [],
      env: {},
      refused: (reason) =>
        new ExperimentError(
          'spawn',
          text(
            `The driver of the experiment could not be started (${reason}). Reinstall the extension if this stays.`,
            `无法启动实验驱动进程（${reason}）。若问题持续，请重新安装扩展。`,
          ),
        ),
    });
  } finally {
    fs.closeSync(handle);
  }
}
