import type { ProviderTexts } from '../../field-texts.ts';
import { lifetimeFields, maximumFields, queueFields } from './repeated-fields.ts';

export const wasm: ProviderTexts = {
  displayName: '内嵌 WebAssembly',
  description: '在本机的 WebAssembly 中运行 Python 和 JavaScript，每个程序使用单独的子进程。无需安装，没有网络，仅标准库。',
  fields: {
    memoryBytes: { label: '内存', help: '请求未指定时，程序可用的内存字节数，包括解释器，不包括文件。' },
    maxMemoryBytes: { label: '内存上限', help: '单个请求可要求的最大值，以字节计。' },
    diskBytes: { label: '磁盘', help: '请求未指定时，程序文件可用的字节数；文件位于内存中。' },
    maxDiskBytes: { label: '磁盘上限', help: '单个请求可要求的最大值，以字节计。' },
    openFiles: { label: '打开的文件数', help: '请求未指定时，程序可打开的文件数。' },
    maxOpenFiles: { label: '打开文件数上限', help: '单个请求可要求的最大值。' },
    ...maximumFields,
    ...lifetimeFields,
    warmChildren: { label: '预热子进程', help: '每种语言被请求过之后，至少保持就绪的未使用子进程数。' },
    maxIdleChildren: {
      label: '最多预热子进程',
      help: '对于经常请求的每一种类，最多保持就绪的未使用子进程数。实际数量根据调用情况学习得出。从 2 起，挤占他人的租户会把最后一个留给其他租户。',
    },
    maxChildren: { label: '最多子进程', help: '此提供方同时存在的子进程数：就绪、运行、启动和结束中的都计入。' },
    ...queueFields,
    pythonModule: { label: 'Python 模块', help: '用于 WASI preview 1 的另一个 CPython 的路径，替代随此包提供的版本。' },
    pythonModuleSha256: {
      label: 'Python 模块的 SHA-256',
      help: '另一个 Python 必须逐字节符合的校验值：64 位十六进制数字。仅在指定该模块时需要，且必须同时指定。',
    },
    nodePath: {
      label: 'Node',
      help: '运行子进程的 Node 的路径。留空则使用运行本程序的 Node；若那不是普通的 Node（例如 Electron），则必须填写。',
    },
  },
};
