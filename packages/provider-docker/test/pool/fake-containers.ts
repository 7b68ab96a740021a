import { ContainerPool } from '../../src/pool/container-pool.ts';
import type { ContainerPoolOptions, IdleListener } from '../../src/pool/pool-options.ts';

/** A container that is only a number. */
export class FakeContainer {
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

/** An engine that makes containers in a given time, or fails to. It counts, and never has the wrong number. */
export class FakeContainers {
  createMs = 100;
  removeMs = 10;
  /** What the next start fails with; called once for each. */
  failure: () => Error | undefined = () => undefined;
  readonly made: FakeContainer[] = [];
  readonly begun: string[] = [];
  starting = 0;
  mostStarting = 0;
  present = 0;
  mostPresent = 0;

  async start(profile: string): Promise<FakeContainer> {
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
    const container = new FakeContainer(profile, this.made.length);
    this.made.push(container);
    return container;
  }

  async remove(container: FakeContainer): Promise<void> {
    await passed(this.removeMs);
    if (container.isGone) throw new Error(`container ${container.number} was removed twice`);
    container.isGone = true;
    this.present -= 1;
  }

  get living(): FakeContainer[] {
    return this.made.filter((container) => !container.isGone);
  }
}

/** The pool under test; its clock is the one that the test moves. */
export type FakePool = ContainerPool<string, FakeContainer>;

/** A pool of fake containers. */
export function fakePool(engine: FakeContainers, options: Partial<ContainerPoolOptions<string, FakeContainer>> = {}): FakePool {
  return new ContainerPool<string, FakeContainer>({
    minIdle: 0,
    maxIdle: 0,
    maxContainers: 4,
    maxQueueLength: 64,
    queueTimeoutMs: 10_000,
    keyOf: (profile) => profile,
    start: (profile) => engine.start(profile),
    remove: (container) => engine.remove(container),
    now: () => Date.now(),
    ...options,
  });
}

function passed(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds));
}
