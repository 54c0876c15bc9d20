/** The resolved long form of a spec: every default filled, every short form written out, names in source order. */
import type { Static } from 'typebox';
import type { NotAvailable } from './available.ts';
import type { StaticOf } from './schema/build.ts';
import type { augmentation } from './schema/augmentations.ts';
import type { data } from './schema/data.ts';
import type { experiment } from './schema/experiment.ts';
import type { inputs } from './schema/inputs.ts';
import type { LayerType } from './schema/layers.ts';
import type { losses } from './schema/losses.ts';
import type { metrics } from './schema/metrics.ts';
import type { block, network, sharings } from './schema/network.ts';
import type { optimizers } from './schema/optimizers.ts';
import type { schedules } from './schema/schedules.ts';
import type { columnSelector } from './schema/shared.ts';
import type { spec } from './schema/spec.ts';
import type { strategyChoice } from './schema/strategies.ts';
import type { tasks } from './schema/tasks.ts';
import type { training } from './schema/training.ts';

export type { LayerSpec, LayerType, ResidualLayer } from './schema/layers.ts';
/** Layers that this version trains. */
export type AvailableLayer = Exclude<LayerType, NotAvailable<'layer'>>;

export type Spec = Static<typeof spec>;
export type DataSpec = Static<typeof data>;
/** Formats of data files. */
export type FormatName = NonNullable<DataSpec['format']>;
/** Formats that this version reads. */
export type AvailableFormat = Exclude<FormatName, NotAvailable<'format'>>;
export type SourceSpec = NonNullable<DataSpec['source']>;
export type CsvSpec = DataSpec['csv'];
export type SplitSpec = DataSpec['split'];
export type ColumnSelector = Static<typeof columnSelector>;

export type InputSpec = StaticOf<typeof inputs>;
export type InputType = InputSpec['type'];
/** Inputs that this version prepares. */
export type AvailableInput = Exclude<InputType, NotAvailable<'input'>>;
export type InputOf<Type extends InputType> = Extract<InputSpec, { readonly type: Type }>;
export type MissingSpec = InputSpec['missing'];
export type NormalizeMethod = InputOf<'number'>['normalize'];
export type OutlierSpec = NonNullable<InputOf<'number'>['outliers']>;
export type DenoiseSpec = NonNullable<InputOf<'number'>['denoise']>;
export type AugmentationSpec = Static<typeof augmentation>;

export type NetworkSpec = Static<typeof network>;
export type BlockSpec = Static<typeof block>;
export type SharingSpec = StaticOf<typeof sharings>;

export type TaskSpec = StaticOf<typeof tasks>;
export type TaskType = TaskSpec['type'];
/** Tasks that this version learns. */
export type AvailableTask = Exclude<TaskType, NotAvailable<'task'>>;
export type TaskOf<Type extends TaskType> = Extract<TaskSpec, { readonly type: Type }>;
export type LossSpec = { [Task in keyof typeof losses]: StaticOf<(typeof losses)[Task]> }[keyof typeof losses];
export type LossType = LossSpec['type'];
export type MetricSpec = { [Task in keyof typeof metrics]: StaticOf<(typeof metrics)[Task]> }[keyof typeof metrics];
export type MetricType = MetricSpec['type'];
export type WhenSpec = NonNullable<TaskSpec['when']>;

export type StrategySpec = Static<typeof strategyChoice>;
export type StrategyName = StrategySpec['name'];

export type TrainingSpec = Static<typeof training>;
export type OptimizerSpec = StaticOf<typeof optimizers>;
export type OptimizerName = OptimizerSpec['name'];
export type ScheduleSpec = StaticOf<typeof schedules>;
export type ScheduleName = ScheduleSpec['name'];
export type EarlyStoppingSpec = NonNullable<TrainingSpec['earlyStopping']>;
export type Conventions = TrainingSpec['conventions'];
export type EngineRequest = TrainingSpec['engine'];

export type ExperimentSpec = Static<typeof experiment>;
