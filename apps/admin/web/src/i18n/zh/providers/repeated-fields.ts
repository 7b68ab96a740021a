import type { FieldTexts } from '../../field-texts.ts';

/** The most that a request may ask for: the same fields in every provider. */
export const maximumFields = {
  maxOutputBytes: { label: '最大输出', help: '单个请求可要求的单个输出流的最大字节数。' },
  maxArtifactCount: { label: '产物数量上限', help: '单个请求可要求的最多产物数。' },
  maxArtifactTotalBytes: { label: '产物总大小上限', help: '单个请求可要求的产物总字节数上限。' },
  maxTimeoutMs: { label: '最长运行时间', help: '单个请求可要求的最长时间，以毫秒计。' },
} satisfies Record<string, FieldTexts>;

/** How long sandboxes that are kept open live. */
export const lifetimeFields = {
  idleTimeoutMs: { label: '空闲时间', help: '保持打开的沙箱在此时长内没有调用即结束，以毫秒计；创建者未指定时适用。' },
  lifetimeMs: { label: '存活时间', help: '保持打开的沙箱在此时长后结束，以毫秒计；创建者未指定时适用。' },
  maxLifetimeMs: { label: '最长存活时间', help: '可要求的最长存活时间和最长空闲时间，以毫秒计。' },
} satisfies Record<string, FieldTexts>;

/** How calls wait. */
export const queueFields = {
  maxQueueLength: { label: '最长队列', help: '同时等待沙箱的调用数上限。单个租户最多占其四分之三。' },
  queueTimeoutMs: { label: '最长等待', help: '调用未指定时可等待沙箱的时长，以毫秒计。预计等待更久的调用会被立即拒绝。' },
} satisfies Record<string, FieldTexts>;

/** Sandboxes of a service. */
export const remoteFields = {
  timeoutMs: { label: '最长运行时间', help: '单个请求可要求的最长时间，以毫秒计。未指定的请求最多获得此时长。' },
  maxOutputBytes: maximumFields.maxOutputBytes,
  maxArtifactCount: maximumFields.maxArtifactCount,
  maxArtifactTotalBytes: maximumFields.maxArtifactTotalBytes,
  idleTimeoutMs: lifetimeFields.idleTimeoutMs,
  lifetimeMs: lifetimeFields.lifetimeMs,
  warmSandboxes: { label: '预热沙箱', help: '每种语言被请求过之后，至少保持就绪的未使用沙箱数。它们与使用中的沙箱同样计费。' },
  maxIdleSandboxes: { label: '最多预热沙箱', help: '对于经常请求的语言，最多保持就绪的未使用沙箱数。实际数量根据调用情况学习得出。' },
  ...queueFields,
} satisfies Record<string, FieldTexts>;

/** How both sides of a connection prove who they are. */
export const certificateFields = {
  tlsKey: { label: '客户端密钥', help: '客户端证书对应密钥的 PEM 文本。' },
} satisfies Record<string, FieldTexts>;
