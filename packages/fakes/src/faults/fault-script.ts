/** Which requests a rule is for. What is not said matches everything. */
export interface FaultMatch<Plane extends string, Operation extends string> {
  readonly plane?: Plane;
  readonly operation?: Operation;
  /** Upper-case HTTP method. */
  readonly method?: string;
  /** Tried on the path as it was sent, without its query. */
  readonly path?: RegExp;
}

/** A fault, and the requests that meet it. */
export interface FaultRule<Plane extends string, Operation extends string, Fault> {
  readonly match?: FaultMatch<Plane, Operation>;
  /** How many matching requests meet the fault. @default Infinity */
  readonly times?: number;
  /** How many matching requests pass before the first meets it. @default 0 */
  readonly after?: number;
  readonly fault: Fault;
}

/** What a rule looks at. */
export interface FaultSubject<Plane extends string, Operation extends string> {
  readonly plane: Plane;
  readonly operation: Operation | undefined;
  readonly method: string;
  readonly path: string;
}

/** The rules that are in force. Several may meet one request; they are applied in the order in which they were added. */
export interface FaultScript<Plane extends string, Operation extends string, Fault> {
  /** Puts a rule in force, and gives the function that takes it out again. */
  add(rule: FaultRule<Plane, Operation, Fault>): () => void;
  /** Takes all rules out. Requests that have met one already are not changed. */
  clear(): void;
}

interface CountedRule<Plane extends string, Operation extends string, Fault> {
  readonly rule: FaultRule<Plane, Operation, Fault>;
  matched: number;
}

/** Keeps the rules and counts how often each was matched. */
export class CountingFaultScript<Plane extends string, Operation extends string, Fault> implements FaultScript<Plane, Operation, Fault> {
  #rules: CountedRule<Plane, Operation, Fault>[] = [];

  add(rule: FaultRule<Plane, Operation, Fault>): () => void {
    const counted = { rule, matched: 0 };
    this.#rules.push(counted);
    return () => {
      this.#rules = this.#rules.filter((other) => other !== counted);
    };
  }

  clear(): void {
    this.#rules = [];
  }

  /** The faults that this request meets. Asking counts: it is asked once for each request. */
  take(subject: FaultSubject<Plane, Operation>): Fault[] {
    return this.#rules.flatMap((counted) => {
      const { match, after = 0, times = Number.POSITIVE_INFINITY, fault } = counted.rule;
      if (!isMatch(match, subject)) return [];
      counted.matched += 1;
      return counted.matched > after && counted.matched <= after + times ? [fault] : [];
    });
  }
}

function isMatch<Plane extends string, Operation extends string>(
  match: FaultMatch<Plane, Operation> | undefined,
  subject: FaultSubject<Plane, Operation>,
): boolean {
  if (match === undefined) return true;
  if (match.plane !== undefined && match.plane !== subject.plane) return false;
  if (match.operation !== undefined && match.operation !== subject.operation) return false;
  if (match.method !== undefined && match.method !== subject.method) return false;
  // `search` knows no `lastIndex`: an expression with the flag `g` gives the same answer each time.
  return match.path === undefined || subject.path.search(match.path) >= 0;
}
