/** What an option means, in each language of the page. */
interface OptionText {
  readonly en: string;
  readonly zh: string;
}

/** By provider, field and option. */
type OptionTexts = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, OptionText>>>>>>;

const programNetwork = {
  none: {
    en: 'Programs have no network. Sandboxes where a hostile program could get around that are not used.',
    zh: '程序没有网络。不使用恶意程序可能绕过此限制的沙箱。',
  },
  filtered: {
    en: 'Programs have no network, also in sandboxes where they share a user with other processes.',
    zh: '程序没有网络，也使用程序与其他进程共用同一用户的沙箱。',
  },
};

/** Meanings of the options that a field has. The server tells their names only. */
export const optionTexts: OptionTexts = {
  docker: {
    isolation: {
      gvisor: {
        en: 'A kernel in user space between the code and the host. The safe choice.',
        zh: '代码与主机之间隔着一个用户空间内核。安全的选择。',
      },
      runc: {
        en: 'The kernel of the host, with namespaces and limits. Only where that is acceptable.',
        zh: '使用主机内核，加上命名空间和限制。仅在可以接受时选择。',
      },
    },
    profile: {
      minimal: { en: 'The standard library only.', zh: '仅标准库。' },
      data: {
        en: 'Also numpy, pandas, matplotlib and requests for Python, and axios for JavaScript.',
        zh: 'Python 另含 numpy、pandas、matplotlib 和 requests，JavaScript 另含 axios。',
      },
    },
  },
  self_managed: {
    protocol: {
      auto: { en: 'Finds out with the first call.', zh: '在首次调用时判断。' },
      sandport: { en: 'The executor of Sandport.', zh: 'Sandport 的执行器。' },
      ragflow: { en: 'The executor manager of RAGFlow.', zh: 'RAGFlow 的执行器管理器。' },
    },
  },
  aliyun_codeinterpreter: {
    credentialSource: {
      'access-key': { en: 'The key in the fields below, or in the environment.', zh: '使用下面字段或环境变量中的密钥。' },
      'default-chain': {
        en: 'Alibaba Cloud’s own package looks for credentials and renews them.',
        zh: '由阿里云自己的软件包查找并续期凭证。',
      },
    },
    networkMode: {
      PUBLIC: { en: 'Connected to the internet.', zh: '连接互联网。' },
      PRIVATE: { en: 'Connected to a VPC only.', zh: '仅连接 VPC。' },
      PUBLIC_AND_PRIVATE: { en: 'Connected to both.', zh: '同时连接两者。' },
    },
    programNetwork: {
      ...programNetwork,
      template: {
        en: 'Programs have the network of the template. Only where it leads nowhere.',
        zh: '程序使用模板的网络。仅用于其网络不通向任何地方时。',
      },
    },
    carrier: {
      commands: { en: 'By the commands of the service.', zh: '通过服务的命令。' },
      kernel: {
        en: 'Through a Python context, where the commands do not work. Cancelling takes up to a second longer.',
        zh: '在命令不可用时通过 Python 上下文。取消最多会多花一秒。',
      },
    },
  },
  e2b: {
    service: {
      e2b: { en: 'E2B itself.', zh: 'E2B 本身。' },
      'aliyun-fc': {
        en: 'Agent Sandbox of Alibaba Cloud Function Compute. Needs a region.',
        zh: '阿里云函数计算 Agent Sandbox。需要填写地域。',
      },
      'aliyun-agent-sandbox': {
        en: 'Agent Sandbox, Flash Edition, of Alibaba Cloud. Needs a region.',
        zh: '阿里云 Agent Sandbox 闪电版。需要填写地域。',
      },
      'tencent-ags': { en: 'Agent Runtime of Tencent Cloud. Needs a region.', zh: '腾讯云 Agent Runtime。需要填写地域。' },
      custom: { en: 'A service of your own choice, by the addresses below.', zh: '您自选的服务，使用下面的地址。' },
    },
    dialect: {
      auto: { en: 'Finds out with the first call.', zh: '在首次调用时判断。' },
      v1: { en: 'Makes sandboxes by /sandboxes.', zh: '通过 /sandboxes 创建沙箱。' },
      v2: { en: 'Makes sandboxes by /v2/sandboxes.', zh: '通过 /v2/sandboxes 创建沙箱。' },
    },
    way: {
      auto: { en: 'Commands where they work, else the interpreters.', zh: '命令可用时使用命令，否则使用解释器。' },
      commands: {
        en: 'Starts our supervisor as a command. Any template can do that.',
        zh: '以命令方式启动我们的监管程序，任何模板都支持。',
      },
      'code-interpreter': {
        en: 'Through the interpreters at port 49999, for services without commands.',
        zh: '通过端口 49999 的解释器，用于没有命令功能的服务。',
      },
    },
    programNetwork: {
      ...programNetwork,
      sandbox: { en: 'Programs have the network that the fields below leave their sandbox.', zh: '程序拥有下面各字段给予其沙箱的网络。' },
    },
    whenIdle: {
      kill: { en: 'It ends.', zh: '结束沙箱。' },
      pause: {
        en: 'It is kept with its memory until the end of its life, where the service can.',
        zh: '在服务支持时，连同内存保留到其寿命结束。',
      },
    },
  },
};
