/** Verbs of the contract that this version does not do yet. */
import type { Text } from '../../common/text.ts';
import type { Verb } from '../arguments.ts';
import { CliError } from '../error.ts';

function notYet(name: string, usage: string, help: Text): { readonly verb: Verb } {
  const verb: Verb = {
    usage,
    help: { en: `${help.en} Not available in this version yet.`, zh: `${help.zh}当前版本尚不支持。` },
    options: {},
    words: [0, Infinity],
    run: () =>
      Promise.reject(
        new CliError(
          `"mtl ${name}" is not available in this version yet. Nothing was started; "mtl --help" lists what is.`,
          `当前版本尚不支持“mtl ${name}”。未启动任何操作；可用“mtl --help”查看支持的命令。`,
        ),
      ),
  };
  return { verb };
}

export const exportRun = notYet('export', 'export RUN --to FORMAT', {
  en: 'Exports a trained model.',
  zh: '导出训练好的模型。',
});
