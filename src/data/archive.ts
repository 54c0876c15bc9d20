/** A ZIP archive as a data file: what is wrong with it is said of the file and with the next step. */
import { text } from '../common/text.ts';
import { openArchive, TooManyMembers, ZipError, type Archive } from '../files/zip.ts';
import { DataError, unreadable } from './error.ts';
import type { SourceFile } from './paths.ts';

/**
 * Lets `use` read an archive, and closes it.
 * @throws DataError `zip`, `too-large`, `unreadable`; what `use` throws
 */
export async function inArchive<T>(
  file: SourceFile,
  limits: { readonly members: number },
  use: (archive: Archive) => Promise<T>,
): Promise<T> {
  const archive = await openArchive(file, limits).catch((error: unknown) => {
    throw error instanceof ZipError ? told(file, error) : unreadable(file.name, error);
  });
  try {
    return await use(archive);
  } catch (error) {
    throw error instanceof ZipError ? told(file, error) : error;
  } finally {
    await archive.close();
  }
}

function told(file: SourceFile, error: ZipError): DataError {
  const place = { file: file.name };
  if (error instanceof TooManyMembers) {
    const { count, limit } = error;
    const words = text(
      `${file.name} has ${count} members; the limit is ${limit}. Save only the arrays that are needed.`,
      `${file.name} 有 ${count} 个成员，上限为 ${limit}。请只保存所需的数组。`,
    );
    return new DataError('too-large', words, place);
  }
  const { en, zh } = error.reason;
  const words = text(
    `${file.name} is not a whole NPZ (ZIP) archive: ${en}. Save or copy it again.`,
    `${file.name} 不是完整的 NPZ（ZIP）归档：${zh}。请重新保存或复制。`,
  );
  return new DataError('zip', words, place);
}
