/** What a run leaves on disk while it trains: checkpoints, and the model as it would be reported now. */
import { writeCheckpoint, writeModel } from '../../runs/checkpoints.ts';
import type { EventWriter } from '../../runs/writer.ts';
import { encodeCheckpoint, type CheckpointIdentity } from '../state/checkpoint.ts';
import type { Training } from '../training/training.ts';
import { modelFiles } from './model-files.ts';

/** Where a run is written to, and what says that a checkpoint is its own. */
export interface Destination {
  readonly directory: string;
  readonly writer: EventWriter;
  readonly identity: CheckpointIdentity;
}

/** A checkpoint that a resumed run continues from exactly here, and the model as it would be reported now. */
export async function save(training: Training, { directory, writer, identity }: Destination): Promise<void> {
  const { model, spec } = training.prepared;
  const state = training.state();
  const files = encodeCheckpoint(model, training.optimizer, state, identity);
  writer.sync();
  const { keep } = spec.training.checkpoint;
  const { step, path, bytes } = writeCheckpoint(directory, state.progress.step, files, { keep });
  writer.append({ kind: 'checkpoint', step, path, bytes });
  await saveModel(training, directory);
}

/** Writes `model/` with the weights that the spec's `report` asks for, leaving the running weights as they are. */
async function saveModel({ prepared, selection }: Training, directory: string): Promise<void> {
  await selection.withReported(async () => {
    writeModel(directory, await modelFiles(prepared));
  });
}
