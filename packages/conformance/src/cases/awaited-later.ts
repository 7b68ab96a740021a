/** Something that a case awaits only after it has done something else: until then, a rejection is not unhandled. */
export function awaitedLater<Result>(promise: Promise<Result>): Promise<Result> {
  void Promise.allSettled([promise]);
  return promise;
}
