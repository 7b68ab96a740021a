const DEFAULT_SECONDS = 10;

/** The whole seconds of a text such as `1m30s`. What is none is ten seconds, without a word. */
export function parseSandboxTimeout(text: string): number {
  const [, minutes, seconds] = /^(?:(\d+)m)?(?:(\d+)s)?$/i.exec(text) ?? [];
  if (minutes === undefined && seconds === undefined) return DEFAULT_SECONDS;
  return Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
}
