/** Memory for prepared values: what a stranger's data or a slip in a size asks for is judged before it is taken. */
import { text, type Text } from '../common/text.ts';
import { DataError } from '../data/error.ts';

/** Bytes of one prepared input in one split. */
const budget = 4096 * 1024 * 1024;

/**
 * Number of values that `rows` samples of `width` values take.
 *
 * @param advice what to do about it, as sentences
 * @throws DataError `too-large` above 4 GiB
 */
export function affordable(rows: number, width: number, input: string, file: string, advice: Text): number {
  const bytes = rows * width * Float32Array.BYTES_PER_ELEMENT;
  if (bytes <= budget) return rows * width;
  const [asked, most] = [bytes, budget].map((value) => String(Math.round(value / 1024 / 1024)));
  throw new DataError(
    'too-large',
    text(
      `Input “${input}”: ${String(rows)} samples with ${String(width)} values each would take ${String(asked)} MB; the limit is ${String(most)} MB. ${advice.en}`,
      `输入“${input}”：${String(rows)} 个样本、每个 ${String(width)} 个值，将占用 ${String(asked)} MB，上限为 ${String(most)} MB。${advice.zh}`,
    ),
    { file },
  );
}
