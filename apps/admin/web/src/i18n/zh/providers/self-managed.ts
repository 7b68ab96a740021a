import type { ProviderTexts } from '../../field-texts.ts';
import { certificateFields, maximumFields } from './repeated-fields.ts';

const { maxOutputBytes, maxArtifactCount, maxArtifactTotalBytes } = maximumFields;

export const selfManaged: ProviderTexts = {
  displayName: '自有执行器',
  description: '通过 HTTP，由您另一台机器上的执行器服务运行 Python 和 JavaScript：Sandport 的执行器，或 RAGFlow 的执行器管理器。',
  fields: {
    endpoint: { label: '执行器地址', help: '执行器的访问地址。末尾的路径会保留，用于网关之后的执行器。' },
    endpoints: { label: '更多执行器', help: '其他执行器的地址，使用同一令牌。新沙箱轮流分配给所有执行器；无法连接的会被暂时跳过。' },
    token: { label: '令牌', help: '作为 Bearer 令牌发送。留空：不发送，用于不要求令牌的执行器。' },
    protocol: { label: '协议', help: 'sandport 是我们执行器的协议，ragflow 是 RAGFlow 执行器管理器的协议。auto 在首次调用时判断。' },
    tlsCa: { label: '颁发机构证书', help: '签发执行器证书的机构的 PEM 文本。留空：使用 Node 已知的机构。' },
    tlsCert: { label: '客户端证书', help: '执行器用来识别我们的证书的 PEM 文本。同时需要密钥。' },
    ...certificateFields,
    timeoutMs: { label: '最长运行时间', help: '单个请求可要求的最长时间，以毫秒计。未指定的请求最多获得此时长。执行器另有自己的上限。' },
    maxOutputBytes,
    maxArtifactCount,
    maxArtifactTotalBytes,
    maxLifetimeMs: { label: '最长存活时间', help: '可要求的最长存活时间和最长空闲时间，以毫秒计。执行器另有自己的上限。' },
    requestTimeoutMs: { label: '应答时限', help: '执行器给出一次应答可用的时长，以毫秒计；也用于启动程序和取回产物。' },
    maxRetries: { label: '重试次数', help: '可重复执行或从未发出的调用的重试次数。程序绝不会重复运行。' },
  },
};
