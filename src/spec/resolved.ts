/** The resolved long form of a spec: every default filled, every short form written out, names in source order. */
import type { Static } from 'typebox';
import type { NotAvailable } from './available.ts';
import type { StaticOf } from './schema/build.ts';
import type { data } from './schema/data.ts';
import type { inputs } from './schema/inputs.ts';
import type { LayerType } from './schema/layers.ts';
import type { block, sharings } from './schema/network.ts';
import type { optimizers } from './schema/optimizers.ts';
import type { schedules } from './schema/schedules.ts';
import type { spec } from './schema/spec.ts';
import type { strategyChoice } from './schema/strategies.ts';
import type { tasks } from './schema/tasks.ts';
import type { training } from './schema/training.ts';

export type { LayerSpec, LayerType } from './schema/layers.ts';
/** Layers that this version trains. */
export type AvailableLayer = Exclude<LayerType, NotAvailable<'layer'>>;

export type Spec = Static<typeof spec>;
export type DataSpec = Static<typeof data>;
/** Formats of data files. */
export type FormatName = NonNullable<DataSpec['format']>;
/** Formats that this version reads. */
export type AvailableFormat = Exclude<FormatName, NotAvailable<'format'>>;

export type InputSpec = StaticOf<typeof inputs>;
export type InputType = InputSpec['type'];
/** Inputs that this version prepares. */
export type AvailableInput = Exclude<InputType, NotAvailable<'input'>>;
export type InputOf<Type extends InputType> = Extract<InputSpec, { readonly type: Type }>;

export type BlockSpec = Static<typeof block>;
export type SharingSpec = StaticOf<typeof sharings>;

export type TaskSpec = StaticOf<typeof tasks>;
export type TaskType = TaskSpec['type'];
/** Tasks that this version learns. */
export type AvailableTask = Exclude<TaskType, NotAvailable<'task'>>;
export type TaskOf<Type extends TaskType> = Extract<TaskSpec, { readonly type: Type }>;
export type LossOf<Type extends TaskType> = TaskOf<Type>['loss'];
export type LossName<Type extends TaskType> = LossOf<Type>['type'];
export type MetricName<Type extends TaskType> = TaskOf<Type>['metrics'][number]['type'];
export type WhenSpec = NonNullable<TaskSpec['when']>;

export type StrategySpec = Static<typeof strategyChoice>;
export type StrategyName = StrategySpec['name'];

export type ExperimentSpec = NonNullable<Spec['experiment']>;
export type ArmSpec = ExperimentSpec['arms'][number];
export type FactorSpec = ExperimentSpec['factors'][number];
export type StageSpec = ExperimentSpec['stages'][number];
export type ReplicatesSpec = NonNullable<ExperimentSpec['replicates']>;

export type TrainingSpec = Static<typeof training>;
export type OptimizerSpec = StaticOf<typeof optimizers>;
export type OptimizerName = OptimizerSpec['name'];
/** Whose constants are the defaults. */
export type Conventions = TrainingSpec['conventions'];
export type ScheduleSpec = StaticOf<typeof schedules>;
export type ScheduleName = ScheduleSpec['name'];
