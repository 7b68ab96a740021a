/** What became of work after a bounded wait; `undefined` when it is still under way. Work that fails later is nobody's unhandled rejection. */
export async function settleWithin<Result>(work: Promise<Result>, boundMs: number): Promise<PromiseSettledResult<Result> | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, boundMs, undefined);
  });
  const settled = Promise.allSettled([work]).then(([outcome]) => outcome);
  try {
    return await Promise.race([settled, late]);
  } finally {
    clearTimeout(timer);
  }
}
