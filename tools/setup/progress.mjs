// @ts-check

/**
 * @param {number} startedAt what performance.now() said
 * @returns {string} for example `12.3 s`
 */
export function secondsSince(startedAt) {
  return `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`;
}

/**
 * Says what begins, what it says meanwhile, and how long it took.
 *
 * @template T
 * @param {string} title
 * @param {(log: (line: string) => void) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(title, work) {
  const startedAt = performance.now();
  writeLine(`> ${title}`);
  try {
    const outcome = await work((line) => writeLine(`  ${line}`));
    writeLine(`> ${title}: done in ${secondsSince(startedAt)}`);
    return outcome;
  } catch (error) {
    writeLine(`> ${title}: failed after ${secondsSince(startedAt)}`);
    throw error;
  }
}

/** @param {string} line */
export function writeLine(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * Gathers text that comes in pieces and hands on whole lines.
 *
 * @param {(line: string) => void} onLine
 */
export function splitLines(onLine) {
  let rest = '';
  return {
    /** @param {string} text */
    write(text) {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    },
    /** Hands on what came after the last line end. */
    end() {
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}
