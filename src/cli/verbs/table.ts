/** All verbs of the `mtl` command: one row each. The work is loaded only when a verb is called. */
import type { Text } from '../../common/text.ts';
import { memoryOption, placeOptions, type Arguments, type VerbTable } from '../arguments.ts';
import { CliError } from '../error.ts';

export interface Verb extends VerbTable {
  /** It loads the engine into this process. */
  readonly loadsEngine?: true;
  /** @returns the exit code */
  run(args: Arguments): Promise<number>;
}

const json = {
  type: 'boolean',
  help: { en: 'machine-readable result on stdout', zh: '在标准输出给出机器可读的结果' },
} as const;
const data = { type: 'string', value: 'FILE', help: { en: 'another data file', zh: '另一个数据文件' } } as const;

const check: Verb = {
  name: 'check',
  usage: 'check SPEC [--json] [--explain]',
  help: {
    en: 'Says everything that is wrong with a spec, with line and column.',
    zh: '列出实验描述文件中的全部问题及其行列。',
  },
  options: {
    json,
    explain: {
      type: 'boolean',
      help: { en: 'every default filled in, shapes, parameters', zh: '显示全部默认值、形状与参数量' },
    },
    ...placeOptions,
  },
  words: [1, 1],
  run: async (args) => (await import('./check.ts')).check(args),
};

const diagram: Verb = {
  name: 'diagram',
  usage: 'diagram SPEC',
  help: { en: 'Prints the task mapping as Mermaid text.', zh: '输出任务映射图的 Mermaid 文本。' },
  options: placeOptions,
  words: [1, 1],
  run: async (args) => (await import('./diagram.ts')).diagram(args),
};

const train: Verb = {
  name: 'train',
  usage:
    'train SPEC [--run-dir DIR] [--engine auto|native|wasm] [--seed N] [--set POINTER=JSON]… [--memory SIZE] [--detach] [--json]  |  train --resume DIR [--accept-changes]',
  help: {
    en: 'Trains a model. Ctrl-C stops after a checkpoint, a second one kills; a closed terminal does not stop it.',
    zh: '训练模型。按一次 Ctrl-C 在写完检查点后停止，再按一次立即终止；关闭终端不会中断训练。',
  },
  options: {
    'run-dir': { type: 'string', value: 'DIR', help: { en: 'directory of the run', zh: '运行目录' } },
    engine: { type: 'string', value: 'auto|native|wasm', help: { en: 'engine', zh: '引擎' } },
    seed: { type: 'string', value: 'N', help: { en: 'seed of training', zh: '训练随机种子' } },
    set: {
      type: 'string',
      value: 'POINTER=JSON',
      multiple: true,
      help: { en: 'change a value of the resolved spec', zh: '修改解析后实验描述文件中的一个值' },
    },
    resume: { type: 'string', value: 'DIR', help: { en: 'go on with a run from its checkpoint', zh: '从检查点继续' } },
    'accept-changes': {
      type: 'boolean',
      help: {
        en: 'with --resume: go on although data, split, modules or engine have changed since; result.json says so',
        zh: '与 --resume 同用：即使数据、划分、模块或引擎此后已改变也继续；result.json 会注明',
      },
    },
    detach: { type: 'boolean', help: { en: 'print the run directory and return', zh: '输出运行目录后立即返回' } },
    json: { type: 'boolean', help: { en: 'event records on stdout', zh: '在标准输出给出事件记录' } },
    ...memoryOption,
    ...placeOptions,
  },
  words: [0, 1],
  run: async (args) => (await import('./train.ts')).train(args),
};

const evaluate: Verb = {
  name: 'evaluate',
  loadsEngine: true,
  usage: 'evaluate RUN [--split test] [--data FILE] [--memory SIZE] [--json]',
  help: { en: 'Losses and metrics of a trained run.', zh: '计算已训练模型的损失与指标。' },
  options: {
    split: { type: 'string', value: 'train|validation|test', help: { en: 'which split', zh: '数据划分' } },
    data,
    json,
    ...memoryOption,
    ...placeOptions,
  },
  words: [1, 1],
  run: async (args) => (await import('./evaluate.ts')).evaluate(args),
};

const predict: Verb = {
  name: 'predict',
  loadsEngine: true,
  usage: 'predict RUN --data FILE [--out FILE] [--proba] [--memory SIZE]',
  help: {
    en: 'Predictions for the rows of a data file; labels need not be there.',
    zh: '对数据文件逐行预测，无需标签。',
  },
  options: {
    data,
    out: {
      type: 'string',
      value: 'FILE',
      help: {
        en: 'write there: .csv, .jsonl or .npz (default: CSV on stdout)',
        zh: '写入 .csv、.jsonl 或 .npz（默认在标准输出给出 CSV）',
      },
    },
    proba: { type: 'boolean', help: { en: 'one column a class', zh: '每个类别一列概率' } },
    ...memoryOption,
    ...placeOptions,
  },
  words: [1, 1],
  run: async (args) => (await import('./predict.ts')).predict(args),
};

const suggest: Verb = {
  name: 'suggest',
  loadsEngine: true,
  usage: 'suggest SPEC [--by complexity|data|performance|initial-loss] [--json]',
  help: {
    en: 'Suggests task weights, each with its numbers; without --by all methods. Nothing is changed.',
    zh: '建议任务权重并给出依据；不加 --by 时列出全部方法。不修改任何文件。',
  },
  options: {
    by: {
      type: 'string',
      value: 'METHOD',
      help: {
        en: 'complexity, data, performance (of the last run) or initial-loss',
        zh: 'complexity、data、performance（取自最近一次运行）或 initial-loss',
      },
    },
    power: { type: 'string', value: 'P', help: { en: 'data: w ∝ n^P (default 1)', zh: 'data：w ∝ n^P（默认 1）' } },
    batches: {
      type: 'string',
      value: 'N',
      help: {
        en: 'initial-loss: mean loss of the first N batches at initialization (20, say) instead of the best constant’s',
        zh: 'initial-loss：改用初始化时前 N 批（如 20）的平均损失，而非最佳常数的损失',
      },
    },
    run: { type: 'string', value: 'RUN', help: { en: 'performance: of this run', zh: 'performance：取自此运行' } },
    split: {
      type: 'string',
      value: 'train|validation',
      help: { en: 'performance: on which split (default train)', zh: 'performance：取自哪个划分（默认 train）' },
    },
    json,
    ...placeOptions,
  },
  words: [1, 1],
  run: async (args) => (await import('./suggest.ts')).suggest(args),
};

const affinity: Verb = {
  name: 'affinity',
  usage: 'affinity RUN [--budget N] [--write FILE] [--separate] [--json]',
  help: {
    en: 'What a run with "training.affinity" measured between its tasks, and a proposal of task groups.',
    zh: '显示设有 "training.affinity" 的运行测得的任务亲和度，并建议任务分组。',
  },
  options: {
    budget: {
      type: 'string',
      value: 'N',
      help: { en: 'how many networks the groups may take (default 2)', zh: '各组最多使用的网络数（默认 2）' },
    },
    write: {
      type: 'string',
      value: 'FILE',
      help: {
        en: 'write the groups as a new spec beside the old one',
        zh: '把分组写成新实验描述文件，置于原实验描述文件旁',
      },
    },
    separate: {
      type: 'boolean',
      help: {
        en: 'with --write: groups share nothing, instead of parting at the lowest shared blocks',
        zh: '与 --write 同用：各组完全不共享，而非仅在最下层的共享模块处分开',
      },
    },
    json,
    ...placeOptions,
  },
  words: [1, 1],
  run: async (args) => (await import('./affinity.ts')).affinity(args),
};

const strategy: Verb = {
  name: 'strategy',
  usage: 'strategy test FILE [--vectors FILE|DIR]… [--json]',
  help: {
    en: 'Tests a weighting strategy of your own (a module that a spec may name); the module is run.',
    zh: '测试自定义的加权策略（实验描述文件可引用的模块）；会运行该模块。',
  },
  options: {
    vectors: {
      type: 'string',
      value: 'FILE|DIR',
      multiple: true,
      help: { en: 'reference vectors that it must reproduce', zh: '须重现的参考向量' },
    },
    json,
  },
  words: [1, 2],
  run: async (args) => (await import('./strategy.ts')).strategy(args),
};

const doctor: Verb = {
  name: 'doctor',
  usage: 'doctor [--json]',
  help: { en: 'Which engines this machine has.', zh: '检查本机可用的引擎。' },
  options: { json },
  words: [0, 0],
  run: async (args) => (await import('./doctor.ts')).doctorVerb(args),
};

const runs: Verb = {
  name: 'runs',
  usage: 'runs list|prune --keep N',
  help: {
    en: 'Lists the runs under this folder, or deletes all but the newest of each spec.',
    zh: '列出此文件夹下的运行，或只保留每个实验描述文件最新的若干次。',
  },
  options: {
    keep: {
      type: 'string',
      value: 'N',
      help: { en: 'how many runs of a spec prune keeps', zh: '每个实验描述文件保留的次数' },
    },
    root: {
      type: 'string',
      value: 'DIR',
      help: { en: 'look there (default: this folder)', zh: '查找的文件夹（默认：当前文件夹）' },
    },
    json,
  },
  words: [1, 1],
  run: async (args) => (await import('./runs.ts')).runs(args),
};

const runtime: Verb = {
  name: 'runtime',
  usage:
    'runtime install [--gpu] [--python FILE] [--from FILE|DIR] [--compile] [--compiler FILE|pinned]|remove [NAME]|list',
  help: {
    en: 'Installs, removes or lists the native engine (TensorFlow’s C library, fetched with Python’s pip).',
    zh: '安装、移除或列出原生引擎（通过 Python 的 pip 下载 TensorFlow 的 C 库）。',
  },
  options: {
    compile: {
      type: 'boolean',
      help: {
        en: 'compile the addon here, as is done where the extension brings none',
        zh: '在本机编译插件（扩展未附带时自动如此）',
      },
    },
    compiler: {
      type: 'string',
      value: 'FILE',
      help: {
        en: 'C++ compiler for that; "pinned" fetches one with pip (default: on the PATH, else pinned)',
        zh: '所用的 C++ 编译器；“pinned”表示用 pip 下载一个（默认：PATH 中的，否则下载）',
      },
    },
    gpu: { type: 'boolean', help: { en: 'the CUDA build with NVIDIA’s libraries', zh: 'CUDA 版本及 NVIDIA 的库' } },
    python: {
      type: 'string',
      value: 'FILE',
      help: { en: 'Python whose pip fetches (default: on the PATH)', zh: '用于下载的 Python（默认：PATH 中的）' },
    },
    from: {
      type: 'string',
      value: 'FILE|DIR',
      help: {
        en: 'fetch nothing: take a wheel, a folder, or the TensorFlow of this Python',
        zh: '不下载：使用 wheel 文件、文件夹或该 Python 中的 TensorFlow',
      },
    },
    json,
  },
  words: [1, 2],
  run: async (args) => (await import('./runtime.ts')).runtime(args),
};

/** Verbs of the contract that this version does not do yet. */
const later: readonly (readonly [name: string, usage: string, help: Text])[] = [
  ['plan', 'plan SPEC [--json]', { en: 'The runs that an experiment expands to.', zh: '列出实验展开的全部运行。' }],
  [
    'experiment',
    'experiment SPEC',
    { en: 'Runs what is missing of an experiment’s plan.', zh: '执行实验计划中尚缺的运行。' },
  ],
  ['compare', 'compare RUN…', { en: 'Compares runs or experiments.', zh: '比较运行或实验。' }],
  ['verify', 'verify EXPERIMENT', { en: 'Verifies an experiment’s hypotheses.', zh: '验证实验假设。' }],
  ['export', 'export RUN --to FORMAT', { en: 'Exports a trained model.', zh: '导出训练好的模型。' }],
];

function notYet([name, usage, help]: (typeof later)[number]): Verb {
  return {
    name,
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
}

export const verbs: readonly Verb[] = [
  check,
  diagram,
  train,
  evaluate,
  predict,
  suggest,
  affinity,
  strategy,
  doctor,
  runtime,
  runs,
  ...later.map(notYet),
];
