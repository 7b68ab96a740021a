import type { TextsLike } from '../texts.ts';
import type { statuses as english } from '../en/statuses.ts';

export const statuses: TextsLike<typeof english> = {
  completed: { name: '已完成', meaning: '程序自行结束，没有错误。' },
  failed: { name: '失败', meaning: '程序因自身错误而结束。' },
  'timed-out': { name: '超时', meaning: '程序未在时限内结束。' },
  'out-of-memory': { name: '内存不足', meaning: '程序占用的内存超出上限，因此被终止。' },
  'output-limit-exceeded': { name: '输出过多', meaning: '程序的输出超出上限，因此被终止。' },
  cancelled: { name: '已取消', meaning: '调用在程序启动后被撤回。' },
  killed: { name: '被终止', meaning: '程序被终止，原因无法证实。' },
};
