/** What waits in a {@link FairQueue}. */
export interface QueueEntry {
  /** Whose turn it takes. */
  readonly tenant: string;
}

interface Lane<Entry> {
  readonly entries: Entry[];
  /** Virtual time at which the next turn of this tenant begins. */
  turn: number;
}

/** How much of the free room of a queue one tenant may take: it never holds more than three quarters, and a newcomer always finds some. */
const SHARE_OF_FREE_ROOM = 3;

/**
 * A bounded queue in which tenants take turns, however much each of them has waiting; within a tenant the first in is the first out.
 *
 * Turns follow virtual time (start-time fair queueing): a tenant that was away gets the next turn, and gains nothing by leaving and coming
 * back. The room is shared likewise: a tenant is told that the queue is full at three times the room that is left, so that one with a long
 * backlog never shuts out another.
 */
export class FairQueue<Entry extends QueueEntry> {
  readonly #maxLength: number;
  readonly #lanes = new Map<string, Lane<Entry>>();
  #length = 0;
  #virtualTime = 0;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  get length(): number {
    return this.#length;
  }

  /** Entries of one tenant. */
  lengthOf(tenant: string): number {
    return this.#lanes.get(tenant)?.entries.length ?? 0;
  }

  /** Whether this tenant may add an entry. */
  hasRoomFor(tenant: string): boolean {
    return this.lengthOf(tenant) < SHARE_OF_FREE_ROOM * (this.#maxLength - this.#length);
  }

  /** Appends an entry unless there is no room for its tenant, and says whether it did. */
  add(entry: Entry): boolean {
    if (!this.hasRoomFor(entry.tenant)) return false;
    const lane = this.#lanes.get(entry.tenant) ?? { entries: [], turn: this.#virtualTime };
    if (lane.entries.length === 0) {
      lane.turn = Math.max(lane.turn, this.#virtualTime);
      // Behind those that wait already, should it come to a tie.
      this.#lanes.delete(entry.tenant);
      this.#lanes.set(entry.tenant, lane);
    }
    lane.entries.push(entry);
    this.#length += 1;
    return true;
  }

  /** Entries that would be served before a new one of this tenant. */
  aheadOf(tenant: string): number {
    const own = this.#lanes.get(tenant);
    const turn = Math.max(own?.turn ?? 0, this.#virtualTime) + (own?.entries.length ?? 0);
    let ahead = 0;
    for (const lane of this.#lanes.values()) {
      // A tenant that has entries waiting wins a tie, since they came first.
      ahead += Math.min(lane.entries.length, Math.max(0, Math.floor(turn - lane.turn) + 1));
    }
    return ahead;
  }

  /** Takes the next entry in turn that fits. */
  take(fits: (entry: Entry) => boolean = () => true): Entry | undefined {
    const found = this.#find(fits);
    if (found === undefined) return undefined;
    this.#virtualTime = Math.max(this.#virtualTime, found.lane.turn);
    found.lane.turn += 1;
    this.#drop(found.lane, found.entry);
    return found.entry;
  }

  /** Takes an entry out that waits no longer, without costing its tenant a turn. Says whether it was there. */
  remove(entry: Entry): boolean {
    const lane = this.#lanes.get(entry.tenant);
    return lane !== undefined && this.#drop(lane, entry);
  }

  /** All entries in the order in which they would be served. */
  inOrder(): Entry[] {
    const turns = [...this.#lanes.values()].flatMap((lane) => lane.entries.map((entry, index) => ({ entry, turn: lane.turn + index })));
    // The sort is stable: at a tie the tenant that has been in the queue for longer comes first.
    return turns.toSorted((left, right) => left.turn - right.turn).map(({ entry }) => entry);
  }

  #find(fits: (entry: Entry) => boolean): { lane: Lane<Entry>; entry: Entry } | undefined {
    let best: { lane: Lane<Entry>; entry: Entry } | undefined;
    for (const lane of this.#lanes.values()) {
      if (best !== undefined && lane.turn >= best.lane.turn) continue;
      const entry = lane.entries.find(fits);
      if (entry !== undefined) best = { lane, entry };
    }
    return best;
  }

  #drop(lane: Lane<Entry>, entry: Entry): boolean {
    const index = lane.entries.indexOf(entry);
    if (index < 0) return false;
    lane.entries.splice(index, 1);
    this.#length -= 1;
    this.#forgetTenants();
    return true;
  }

  /** A tenant without entries is remembered only while it is ahead of its turn. */
  #forgetTenants(): void {
    for (const [tenant, lane] of this.#lanes) {
      if (lane.entries.length === 0 && (this.#length === 0 || lane.turn <= this.#virtualTime)) this.#lanes.delete(tenant);
    }
  }
}
