/** A piece of work recorded twice, with a tracer of its own: no engine writes anything down. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { text, type Text } from '../../../../../src/common/text.ts';
import { CaptureError } from '../../../../../src/engine/capture-error.ts';
import { tf } from '../../../../../src/engine/tfjs.ts';
import { Recording, type Recorder, type Tracer } from '../../../../../src/trainer/step/recorded/recording.ts';

before(async () => {
  await tf.setBackend('cpu');
});

/** Tensors are known by their own ids; a trace is the number of the round. */
function tracer(why?: Text): { tracer: Tracer<number>; twins: (readonly [number, number])[] } {
  const twins: (readonly [number, number])[] = [];
  let rounds = 0;
  return {
    twins,
    tracer: {
      idOf: ({ id }) => id,
      record: (work) => {
        work();
        return rounds++;
      },
      difference: (one, other, found) => {
        assert.deepEqual([one, other], [0, 1]);
        twins.push(...found);
        return why;
      },
    },
  };
}

test('inputs and results by name, those of the first round; the second is its twin', () => {
  const { tracer: by, twins } = tracer();
  const ids: number[][] = [];
  const recording = new Recording(by, (recorder: Recorder) => {
    const input = tf.tensor1d([recorder.round]);
    recorder.input('x', input);
    const result = tf.add(input, recorder.one('gate 0'));
    recorder.result('y', result);
    ids.push([input.id, result.id]);
  });
  const [first = [], second = []] = ids;
  assert.equal(recording.trace, 0);
  assert.equal(recording.inputs.get(first[0] ?? NaN), 'x');
  assert.deepEqual([...recording.inputs.values()].sort(), ['gate 0', 'x']);
  assert.equal(recording.resultId('y'), first[1]);
  assert.deepEqual([...recording.results], [['y', [1]]]);
  assert.ok(twins.some(([one, other]) => one === first[0] && other === second[0]));
  assert.equal(twins.length, 2);
});

test('numbers that layers draw are inputs, made anew for every run', () => {
  const { tracer: by } = tracer();
  const recording = new Recording(by, (recorder) => {
    const make = (): Float32Array => Float32Array.of(1, 2);
    assert.deepEqual([...recorder.draw('mask', [2], make).dataSync()], [1, 2]);
    recorder.draw('mask', [2], () => assert.fail('a key is drawn once'));
  });
  assert.deepEqual(recording.drawings.map(({ key, shape }) => [key, shape]), [['mask', [2]]]); // prettier-ignore
  assert.deepEqual([...recording.inputs.values()], ['draw mask']);
});

test('work that is another the second time is refused, and so is a result that nobody named', () => {
  const refused = (message: string): { name: string; message: string } => ({ name: CaptureError.name, message });
  assert.throws(() => new Recording(tracer(text('Add is another operation', 'Add 是另一种运算')).tracer, () => undefined), refused('Add is another operation')); // prettier-ignore
  const other = (recorder: Recorder): void => recorder.result(`y${String(recorder.round)}`, tf.scalar(1));
  assert.throws(() => new Recording(tracer().tracer, other), refused('another step gives other results'));
  assert.throws(() => new Recording(tracer().tracer, () => undefined).resultId('y'), refused('the step gives no y'));
});
