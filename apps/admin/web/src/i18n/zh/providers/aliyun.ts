import type { ProviderTexts } from '../../field-texts.ts';
import { remoteFields } from './repeated-fields.ts';

export const aliyun: ProviderTexts = {
  displayName: '阿里云 AgentRun 代码解释器',
  description: '在阿里云按量计费的 AgentRun 服务的沙箱中运行 Python 和 JavaScript。需要账号和访问密钥。',
  fields: {
    credentialSource: {
      label: '凭证来源',
      help: 'access-key 使用下面的字段或对应的环境变量。default-chain 由阿里云自己的软件包查找（环境变量、配置文件、OIDC、机器的角色）并负责续期。',
    },
    accessKeyId: {
      label: 'AccessKey ID',
      help: '具有 docs/providers/aliyun.md 所列权限的 RAM 用户的密钥。留空：先用 AGENTRUN_ACCESS_KEY_ID，再用 ALIBABA_CLOUD_ACCESS_KEY_ID。',
    },
    accessKeySecret: { label: 'AccessKey Secret', help: '留空：先用 AGENTRUN_ACCESS_KEY_SECRET，再用 ALIBABA_CLOUD_ACCESS_KEY_SECRET。' },
    securityToken: {
      label: '安全令牌',
      help: '仅在使用 STS 临时密钥时需要。留空：先用 AGENTRUN_SECURITY_TOKEN，再用 ALIBABA_CLOUD_SECURITY_TOKEN。',
    },
    accountId: {
      label: '账号 ID',
      help: '主账号的编号（16 位数字），即使密钥属于 RAM 用户。留空：先用 AGENTRUN_ACCOUNT_ID，再用 FC_ACCOUNT_ID。',
    },
    region: {
      label: '地域',
      help: 'cn-hangzhou、cn-shanghai、cn-beijing、cn-shenzhen、ap-southeast-1 之一；其他地域需要填写两个接入点。留空：依次用 AGENTRUN_REGION、FC_REGION、cn-hangzhou。',
    },
    templateName: {
      label: '模板',
      help: 'CodeInterpreter 类型的模板。不存在时会创建。留空：先用 AGENTRUN_TEMPLATE_NAME，再用 sandport-code-interpreter。',
    },
    memoryBytes: { label: '内存', help: '在此创建的模板的每个沙箱的内存，以字节计；取整到 MiB。已存在的模板保持其自身设置。' },
    cpus: { label: '处理器', help: '在此创建的模板的每个沙箱的处理器数。已存在的模板保持其自身设置。' },
    networkMode: { label: '模板网络', help: '在此创建的模板的沙箱如何联网。PRIVATE 和 PUBLIC_AND_PRIVATE 需要 VPC 的三个字段。' },
    vpcId: { label: 'VPC', help: '在此创建的专有网络模板所用 VPC 的 ID。' },
    vswitchId: { label: '交换机', help: '该 VPC 中交换机的 ID。' },
    securityGroupId: { label: '安全组', help: '该 VPC 中安全组的 ID。' },
    programNetwork: {
      label: '程序的网络',
      help: 'none 通过沙箱内核的过滤器断开每个程序的网络，且不使用恶意程序可能绕过过滤器的沙箱。filtered 也使用程序与其他进程共用同一用户的沙箱。template 保持网络原样：用于网络不通向任何地方的模板。',
    },
    ...remoteFields,
    maxLifetimeMs: { label: '最长存活时间', help: '可要求的最长存活时间和最长空闲时间，以毫秒计。服务本身会在六小时后结束每个沙箱。' },
    maxSandboxes: {
      label: '最多沙箱',
      help: '此提供方同时存在的沙箱数：就绪、运行、启动和结束中的都计入。账号在每个地域默认有 100 个实例。',
    },
    abandonedAfterMs: {
      label: '结束被遗弃的沙箱',
      help: '服务会结束在此时长内无人访问的沙箱，以毫秒计：这是本程序被杀死时一个沙箱最多的花费。',
    },
    carrier: {
      label: '进入沙箱的途径',
      help: 'commands 通过服务的命令到达我们的监管程序。kernel 在命令不可用时改走 Python 上下文；此时取消最多会多花一秒。',
    },
    controlEndpoint: { label: '控制面接入点', help: '替代 agentrun.REGION.aliyuncs.com。可带协议前缀。留空：AGENTRUN_CONTROL_ENDPOINT。' },
    dataEndpoint: {
      label: '数据面接入点',
      help: '替代 ACCOUNT-ram.agentrun-data.REGION.aliyuncs.com。可带协议前缀。留空：AGENTRUN_DATA_ENDPOINT。',
    },
  },
};
