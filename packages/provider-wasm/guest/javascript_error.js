'use strict';
// Describes an error of the program without the frames of the runner. The program may have replaced any built-in by then, so what is needed is taken here.

(function (shared) {
  const { types, uncurry } = shared;
  const MAX_TYPE_LENGTH = 256;
  const MAX_MESSAGE_LENGTH = 16 * 1024;
  const MAX_TRACEBACK_LENGTH = 64 * 1024;
  const MAX_CAUSES = 8;
  const OWN_FRAME = 'javascript_';
  const FIRST_LINE = /(main\.js:1:)(\d+)/;
  const replace = uncurry(String.prototype.replace);

  const StringOf = String;
  const split = uncurry(String.prototype.split);
  const includes = uncurry(String.prototype.includes);
  const slice = uncurry(String.prototype.slice);
  const startsWith = uncurry(String.prototype.startsWith);
  const trim = uncurry(String.prototype.trim);

  /** What the report says of an error: {type, message, traceback}. */
  shared.describeError = (error) => {
    if (!types.isNativeError(error)) {
      const type = error === null ? 'null' : typeof error;
      const message = shorten(
        attempt(() => StringOf(error), type),
        MAX_MESSAGE_LENGTH,
      );
      return { type, message, traceback: '', printed: `Uncaught ${message}` };
    }
    const message = attempt(() => StringOf(error.message), '');
    let traceback = stackOf(error);
    const seen = [error];
    for (let cause = causeOf(error); cause !== undefined && seen.length <= MAX_CAUSES; cause = causeOf(cause)) {
      for (let index = 0; index < seen.length; index += 1) if (seen[index] === cause) cause = undefined;
      if (cause === undefined) break;
      seen[seen.length] = cause;
      traceback += `\n[cause]: ${types.isNativeError(cause) ? stackOf(cause) : attempt(() => StringOf(cause), typeof cause)}`;
    }
    traceback = shorten(traceback, MAX_TRACEBACK_LENGTH);
    return {
      type: slice(typeName(error), 0, MAX_TYPE_LENGTH),
      message: shorten(message, MAX_MESSAGE_LENGTH),
      traceback,
      printed: traceback,
    };
  };

  /** The text of an error with the frames of the program: the engine's own has no first line. */
  function stackOf(error) {
    const type = typeName(error);
    const message = attempt(() => StringOf(error.message), '');
    const head = message === '' ? type : `${type}: ${message}`;
    const stack = attempt(() => error.stack, undefined);
    if (typeof stack !== 'string') return head;
    const lines = split(stack, '\n');
    let text = '';
    for (let index = 0; index < lines.length; index += 1) {
      const line = lines[index];
      if (trim(line) !== '' && !isOwn(line)) text += `\n${placed(line)}`;
    }
    // A program that formats its stacks itself has put the head there.
    return startsWith(trim(text), type) ? trim(text) : head + text;
  }
  shared.stackOf = stackOf;

  function isOwn(line) {
    return (
      includes(line, OWN_FRAME) ||
      includes(line, 'at <input>:') ||
      includes(line, ' __sandport_host_') ||
      includes(line, 'at apply (native)')
    );
  }

  /** The first line of a CommonJS program stands behind the head of the function around it. */
  function placed(line) {
    return replace(replace(line, ' __sandport_program__ ', ' <module> '), FIRST_LINE, (_, start, column) =>
      column > shared.headLength ? `${start}${column - shared.headLength}` : `${start}${column}`,
    );
  }

  function typeName(error) {
    return attempt(() => {
      const name = error.constructor.name || error.name;
      return typeof name === 'string' && name !== '' ? name : 'Error';
    }, 'Error');
  }

  function causeOf(error) {
    return typeof error === 'object' && error !== null ? attempt(() => error.cause, undefined) : undefined;
  }

  /** Reading from an error runs code of the program. What that throws is no more than a missing text. */
  function attempt(read, otherwise) {
    try {
      return read();
    } catch {
      return otherwise;
    }
  }

  function shorten(text, limit) {
    if (text.length <= limit) return text;
    const mark = `\n... ${text.length - limit} characters left out ...\n`;
    const head = (limit - mark.length) >>> 1;
    return slice(text, 0, head) + mark + slice(text, text.length - (limit - mark.length - head));
  }
})(globalThis.__sandport_shared__);
