/**
 * Every id that package.json, the menus and other people's checks rely on, once. A test compares these tables with
 * package.json and the two package.nls files, in both directions.
 */

/** Commands of package.json. */
export const commands = [
  'mtl.train',
  'mtl.trainWith',
  'mtl.showDiagram',
  'mtl.compareDiagram',
  'mtl.stop',
  'mtl.pause',
  'mtl.resume',
  'mtl.resumeFromCheckpoint',
  'mtl.forkRun',
  'mtl.renameRun',
  'mtl.noteRun',
  'mtl.pinRun',
  'mtl.filterRuns',
  'mtl.setWeight',
  'mtl.increaseWeight',
  'mtl.decreaseWeight',
  'mtl.normalizeWeights',
  'mtl.suggestWeights',
  'mtl.proposeGroups',
  'mtl.runExperiment',
  'mtl.compareRuns',
  'mtl.newSpec',
  'mtl.openLog',
  'mtl.revealRun',
  'mtl.deleteRun',
  'mtl.predict',
  'mtl.evaluate',
  'mtl.installRuntime',
  'mtl.doctor',
] as const;
/** Called from lenses and links only, with arguments; not in package.json. */
export const internalCommands = ['mtl.internal.showRun'] as const;
export type CommandId = (typeof commands)[number] | (typeof internalCommands)[number];

/** Settings and what they hold. */
export interface Settings {
  readonly 'mtl.training.engine': string;
  readonly 'mtl.training.keepAliveAfterClose': number;
  readonly 'mtl.training.memory': string;
  readonly 'mtl.codeLens.enabled': boolean;
  readonly 'mtl.inlayHints.enabled': boolean;
  readonly 'mtl.check.readData': boolean;
  readonly 'mtl.paths.allowOutsideWorkspace': boolean;
  readonly 'mtl.runs.directory': string;
  readonly 'mtl.python.path': string;
  readonly 'mtl.notifications.completion': boolean;
}
export type SettingId = keyof Settings;

/** Their defaults, as package.json gives them. */
export const settings: Settings = {
  'mtl.training.engine': 'auto',
  'mtl.training.keepAliveAfterClose': 720,
  'mtl.training.memory': '',
  'mtl.codeLens.enabled': true,
  'mtl.inlayHints.enabled': true,
  'mtl.check.readData': true,
  'mtl.paths.allowOutsideWorkspace': false,
  'mtl.runs.directory': '',
  'mtl.python.path': '',
  'mtl.notifications.completion': false,
};

/** Settings that name programs or paths outside: only a person may set them, never a workspace (conventions 13.1). */
export const restrictedSettings = [
  'mtl.paths.allowOutsideWorkspace',
  'mtl.runs.directory',
  'mtl.python.path',
] as const satisfies readonly SettingId[];

/** Context keys for `when` clauses. */
export const contextKeys = {
  /** Some run of this workspace is live. */
  live: 'mtl.live',
  /** The run on show is live, paused or can be resumed from its checkpoint. */
  shownState: 'mtl.shownState',
} as const;

export const views = { runs: 'mtl.runs', losses: 'mtl.losses' } as const;
export const containers = { sidebar: 'mtl', panel: 'mtlPanel' } as const;
/** Type of the diagram's editor tab, also the key under which VS Code revives it. */
export const diagramViewType = 'mtl.diagram';

/** Type of the doctor's editor tab. */
export const doctorViewType = 'mtl.doctor';

/** Under which the direction of diagrams is remembered. */
export const diagramDirectionKey = 'mtl.diagram.direction';

/** Type of a comparison's editor tab. */
export const comparisonViewType = 'mtl.comparison';

/** Language features apply by pattern: people remap languages. */
export const specPattern = '**/*.mtl.json';
export const specSuffix = '.mtl.json';
/** What VS Code takes a spec for, unless somebody has said otherwise (conventions 15). */
export const languageId = 'mtl-json';
export const diagnosticSource = 'mtl';
