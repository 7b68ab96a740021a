import type { ProviderTexts } from '../../field-texts.ts';
import { certificateFields, lifetimeFields, maximumFields, queueFields } from './repeated-fields.ts';

export const docker: ProviderTexts = {
  displayName: 'Docker 与 gVisor',
  description: '在您自己的 Docker 引擎的预热容器中运行代码，使用独立的内核（gVisor），每个容器只供一个沙箱使用。',
  fields: {
    dockerHost: {
      label: 'Docker 引擎',
      help: 'Docker Engine API 的地址。留空则使用 docker 命令所用的引擎：DOCKER_HOST、所选上下文、本机套接字。',
    },
    tlsCa: {
      label: '颁发机构证书',
      help: '签发引擎证书的机构的 PEM 文本，用于“dockerHost”所指的引擎。留空则在启用 DOCKER_TLS_VERIFY 时使用 DOCKER_CERT_PATH。',
    },
    tlsCert: { label: '客户端证书', help: '引擎用来识别我们的证书的 PEM 文本。同时需要密钥。' },
    ...certificateFields,
    isolation: {
      label: '隔离方式',
      help: 'gvisor 在用户空间内核上运行代码。runc 与主机共用内核：仅在可以接受时选择。在内部测得的结果必须一致，否则不会运行任何代码。',
    },
    runtime: { label: '运行时名称', help: '引擎所认识的运行时名称。留空时，gvisor 用 runsc，runc 用 runc。' },
    profile: {
      label: '软件包方案',
      help: 'minimal：仅标准库。data：Python 另含 numpy、pandas、matplotlib 和 requests，JavaScript 另含 axios。',
    },
    pythonImage: { label: 'Python 镜像', help: '用于替代方案所含镜像的镜像。' },
    javascriptImage: { label: 'JavaScript 镜像', help: '用于替代方案所含镜像的镜像。' },
    memoryBytes: { label: '内存', help: '请求未指定时，沙箱可用的内存字节数，包括交换空间。' },
    maxMemoryBytes: { label: '内存上限', help: '单个请求可要求的最大值，以字节计。' },
    cpus: { label: '处理器', help: '请求未指定时，沙箱可用的处理器时间，以处理器个数计。' },
    maxCpus: { label: '处理器上限', help: '单个请求可要求的最大值。' },
    processes: { label: '进程数', help: '请求未指定时，沙箱同时可有的进程和线程数，包括其自身的机制。' },
    maxProcesses: { label: '进程数上限', help: '单个请求可要求的最大值。' },
    diskBytes: { label: '磁盘', help: '请求未指定时，工作文件夹的字节数；工作文件夹位于内存中。' },
    maxDiskBytes: { label: '磁盘上限', help: '单个请求可要求的最大值，以字节计。' },
    openFiles: { label: '打开的文件数', help: '请求未指定时，单个进程可打开的文件数。' },
    maxOpenFiles: { label: '打开文件数上限', help: '单个请求可要求的最大值。' },
    ...maximumFields,
    ...lifetimeFields,
    preload: {
      label: '预先导入的模块',
      help: '在程序到来之前导入的 Python 模块，使程序无需等待。留空时，data 方案为 numpy、pandas 和 matplotlib.pyplot，minimal 方案没有。',
    },
    warmContainers: { label: '预热容器', help: '每种语言被请求过之后，至少保持就绪的未使用容器数。' },
    maxIdleContainers: {
      label: '最多预热容器',
      help: '对于经常请求的每一种类，最多保持就绪的未使用容器数。实际数量根据调用情况学习得出。从 2 起，挤占他人的租户会把最后一个留给其他租户。',
    },
    maxContainers: { label: '最多容器', help: '此提供方同时存在的容器数：就绪、运行、启动和结束中的都计入。' },
    ...queueFields,
  },
};
