import type { ProviderTexts } from '../../field-texts.ts';
import { remoteFields } from './repeated-fields.ts';

export const e2b: ProviderTexts = {
  displayName: 'E2B 及兼容服务',
  description: '在 E2B、使用其协议的云（阿里云、腾讯云）或您自己的安装的沙箱中运行 Python 和 JavaScript。需要 API 密钥。',
  fields: {
    service: { label: '服务', help: '由谁运行沙箱。docs/providers/e2b.md 说明如何连接每个服务以及已知的不足。custom 使用下面的地址。' },
    apiKey: { label: 'API 密钥', help: '留空：E2B_API_KEY。' },
    accessToken: { label: '访问令牌', help: '用于要求 Bearer 令牌（与 API 密钥同时或替代使用）的服务。留空：E2B_ACCESS_TOKEN。' },
    region: { label: '地域', help: '用于有多个地域的服务：是其域名的一部分。' },
    domain: {
      label: '域名',
      help: '控制面位于 https://api.DOMAIN，沙箱的端口位于 https://PORT-SANDBOX.DOMAIN。留空：先用 E2B_DOMAIN，再用服务的域名。',
    },
    apiUrl: { label: '控制面地址', help: '替代 https://api.DOMAIN。留空：E2B_API_URL。' },
    sandboxUrl: {
      label: '沙箱地址',
      help: '所有沙箱所有端口共用的一个地址，通过请求头区分，替代 https://PORT-SANDBOX.DOMAIN。其中的 {sandbox} 和 {port} 会被替换。留空：E2B_SANDBOX_URL。',
    },
    template: {
      label: '模板',
      help: '模板的名称或 ID。需要 Python 3.9 或更新版本，JavaScript 需要 Node 18 或更新版本。留空：先用 E2B_TEMPLATE，再用服务的模板。',
    },
    dialect: { label: '接口版本', help: '如何创建和连接沙箱：v1 使用 /sandboxes，v2 使用 /v2/sandboxes。auto 在首次调用时判断。' },
    way: {
      label: '进入沙箱的途径',
      help: 'commands 以命令方式启动我们的监管程序，任何模板都支持。code-interpreter 通过端口 49999 的解释器，用于没有命令功能的服务。auto 在命令可用时使用命令。',
    },
    secure: {
      label: '受保护的沙箱',
      help: '沙箱内部的服务是否要求其令牌。第二版接口的服务总是受保护。若不受保护，有网络的程序可能接管其沙箱。',
    },
    user: { label: '监管程序的用户', help: '以 root 运行时会给程序单独的用户。其他用户与程序共用，此时“程序的网络”须为 filtered。' },
    programNetwork: {
      label: '程序的网络',
      help: 'none 通过沙箱内核的过滤器断开每个程序的网络，且不使用恶意程序可能绕过过滤器的沙箱。filtered 也使用程序与其他进程共用同一用户的沙箱。sandbox 让程序拥有下面各字段给予沙箱的网络。',
    },
    allowInternetAccess: { label: '沙箱访问互联网', help: '服务是否允许沙箱访问互联网。' },
    allowOut: { label: '允许的地址', help: '沙箱仍可访问的网络、地址和主机名，适用于提供此类名单的服务。' },
    denyOut: { label: '禁止的地址', help: '沙箱不得访问的网络和地址，适用于提供此类名单的服务。' },
    metadata: { label: '元数据', help: '除我们的标记外，您自己加在每个沙箱上的标记。有些服务以此接收设置。' },
    ...remoteFields,
    maxLifetimeMs: { label: '最长存活时间', help: '可要求的最长存活时间和最长空闲时间，以毫秒计。必须比服务端的时限短一分钟。' },
    maxSandboxes: { label: '最多沙箱', help: '此提供方同时存在的沙箱数：就绪、运行、启动和结束中的都计入。E2B 最小的套餐为 20 个。' },
    serviceLifetimeMs: { label: '服务端最长存活时间', help: '服务允许沙箱自创建起存活的时长，以毫秒计：E2B 最小的套餐为一小时。' },
    abandonedAfterMs: {
      label: '结束被遗弃的沙箱',
      help: '服务会结束在此时长内无人续期的沙箱，以毫秒计：这是本程序被杀死时一个沙箱最多的花费。',
    },
    whenIdle: {
      label: '可供他人连接的沙箱空闲时',
      help: '可供他人连接的沙箱空闲到时后如何处理。pause 在服务支持时连同内存保留到其寿命结束；再次连接即恢复。',
    },
    requestTimeoutMs: { label: '应答时限', help: '服务给出一次应答可用的时长，以毫秒计。' },
    headers: { label: '请求头', help: '随控制面的每次调用发送。它们以明文保存：不要填写机密。' },
    proxy: { label: '代理', help: '所有调用使用的 HTTP 代理，如有凭证请一并填写。不读取任何环境变量。' },
    debug: {
      label: '调试',
      help: '使用本机端口 49983 和 49999 上的一个沙箱，没有控制面：即 SDK 的调试模式。一次只能有一个调用，调用之间没有隔离：仅用于开发。',
    },
  },
};
