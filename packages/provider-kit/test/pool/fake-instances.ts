import { InstancePool } from '../../src/pool/instance-pool.ts';
import { ProviderTerms } from '../../src/provider-terms.ts';
import type { InstancePoolOptions, IdleListener } from '../../src/pool/pool-options.ts';

/** An instance that is only a number. */
export class FakeInstance {
  readonly profile: string;
  readonly number: number;
  isGone = false;
  #listener: IdleListener | undefined;

  constructor(profile: string, number: number) {
    this.profile = profile;
    this.number = number;
  }

  readonly connection = {
    listen: (listener: IdleListener): void => {
      this.#listener = listener;
    },
  };

  /** Ends by itself. */
  die(): void {
    this.#listener?.onEnd();
  }
}

/** An engine that makes instances in a given time, or fails to. It counts, and never has the wrong number. */
export class FakeInstances {
  createMs = 100;
  removeMs = 10;
  /** What the next start fails with; called once for each. */
  failure: () => Error | undefined = () => undefined;
  readonly made: FakeInstance[] = [];
  readonly begun: string[] = [];
  starting = 0;
  mostStarting = 0;
  present = 0;
  mostPresent = 0;

  async start(profile: string): Promise<FakeInstance> {
    this.begun.push(profile);
    this.present += 1;
    this.starting += 1;
    this.mostPresent = Math.max(this.mostPresent, this.present);
    this.mostStarting = Math.max(this.mostStarting, this.starting);
    const failure = this.failure();
    await passed(this.createMs);
    this.starting -= 1;
    if (failure !== undefined) {
      this.present -= 1;
      throw failure;
    }
    const instance = new FakeInstance(profile, this.made.length);
    this.made.push(instance);
    return instance;
  }

  async remove(instance: FakeInstance): Promise<void> {
    await passed(this.removeMs);
    if (instance.isGone) throw new Error(`instance ${instance.number} was removed twice`);
    instance.isGone = true;
    this.present -= 1;
  }

  get living(): FakeInstance[] {
    return this.made.filter((instance) => !instance.isGone);
  }
}

const TERMS = new ProviderTerms({
  providerId: 'fake',
  instance: 'instance',
  instances: 'instances',
  capacityField: 'maxInstances',
  advice: { lost: 'Look at it.', protocol: 'Mend it.', slow: 'Wait.', broken: 'Look at the cause.' },
});

/** The pool under test; its clock is the one that the test moves. */
export type FakePool = InstancePool<string, FakeInstance>;

/** A pool of fake instances. */
export function fakePool(engine: FakeInstances, options: Partial<InstancePoolOptions<string, FakeInstance>> = {}): FakePool {
  return new InstancePool<string, FakeInstance>({
    terms: TERMS,
    minIdle: 0,
    maxIdle: 0,
    maxInstances: 4,
    maxQueueLength: 64,
    queueTimeoutMs: 10_000,
    keyOf: (profile) => profile,
    start: (profile) => engine.start(profile),
    remove: (instance) => engine.remove(instance),
    now: () => Date.now(),
    ...options,
  });
}

function passed(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds));
}
