import { HONEST_KEEPING, type KeepingHabits } from '../unisolated/living-habits.ts';
import type { FaultyProvider, FaultyProviders } from './faulty-provider.ts';

/** Cases that wait for the end of a life spend their time asleep. */
const SLEEPING_CASES = 12;

const lived = (habits: Partial<KeepingHabits>, fails: readonly string[]): FaultyProvider => ({
  habits: { keeping: { ...HONEST_KEEPING, ...habits } },
  among: ['lifetimes/'],
  concurrency: SLEEPING_CASES,
  fails,
});

const found = (habits: Partial<KeepingHabits>, fails: readonly string[]): FaultyProvider => ({
  habits: { keeping: { ...HONEST_KEEPING, ...habits } },
  among: ['reconnection/'],
  concurrency: SLEEPING_CASES,
  fails,
});

/** Lies about how long a sandbox lives and whose it is. */
export const LIFE_LIES: FaultyProviders = {
  'never-ends-idle-sandboxes': lived({ idle: 'never' }, ['lifetimes/activity', 'lifetimes/idle']),
  'counts-idle-time-from-creation': lived({ idle: 'at-creation' }, ['lifetimes/activity', 'lifetimes/running-is-not-idle']),
  'counts-running-as-idle': lived({ idle: 'when-a-call-begins' }, ['lifetimes/running-is-not-idle']),
  'ignores-lifetimes': lived({ lifetime: 'ignored' }, [
    'lifetimes/end',
    'lifetimes/end-while-running',
    'lifetimes/extend',
    'lifetimes/extend-shorter',
  ]),
  'renews-lifetimes-by-calls': lived({ lifetime: 'renewed-by-calls' }, ['lifetimes/end', 'lifetimes/extend']),
  'ignores-extensions': lived({ extending: 'ignored' }, ['lifetimes/expiry', 'lifetimes/extend', 'lifetimes/extend-shorter']),
  'adds-extensions': lived({ extending: 'added' }, ['lifetimes/expiry', 'lifetimes/extend-shorter']),
  'tells-the-first-expiry': lived({ expiry: 'of-creation' }, ['lifetimes/expiry']),
  'calls-the-end-a-timeout': lived({ endOfLife: 'timed-out' }, ['lifetimes/end-while-running']),
  'calls-the-end-completed': lived({ endOfLife: 'completed' }, ['lifetimes/end-while-running']),
  'takes-any-lifetime': { habits: { looksAtRanges: false }, among: ['lifetimes/refused'], fails: ['lifetimes/refused'] },
  'finds-every-sandbox': found({ finds: 'living' }, ['reconnection/not-reconnectable']),
  'invents-sandboxes': found({ unknownSandbox: 'made' }, [
    'reconnection/destroyed',
    'reconnection/destroyed-by-other',
    'reconnection/idle-end',
    'reconnection/not-reconnectable',
    'reconnection/unknown',
  ]),
  'serves-former-holders': found({ formerHolder: 'served' }, ['reconnection/former-holder', 'reconnection/survives-close']),
  'lets-former-holders-destroy': found({ formerHolder: 'may-destroy' }, ['reconnection/former-destroy']),
  'ends-contexts-on-take-over': found({ takesContextsOver: false }, ['reconnection/contexts']),
  'leaves-the-former-program': found({ takeOverEndsProgram: false }, ['reconnection/running-program']),
  'ends-all-on-close': found({ closing: 'ends-all' }, ['reconnection/former-destroy', 'reconnection/survives-close']),
  'leaves-all-on-close': found({ closing: 'leaves-all', finds: 'living' }, ['reconnection/not-reconnectable']),
  'destroys-nothing': found({ destroying: 'lets-go' }, ['reconnection/destroyed', 'reconnection/destroyed-by-other']),
};
