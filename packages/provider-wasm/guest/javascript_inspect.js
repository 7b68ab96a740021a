'use strict';
// How `console.log` shows a value: as Node does, for what a program usually prints.

(function (shared) {
  const { types } = shared;
  const MOST_DEPTH = 3;
  const MOST_ITEMS = 100;
  const WIDTH = 76;

  function inspect(value, depth = 0, seen = []) {
    switch (typeof value) {
      case 'string':
        return depth === 0 ? value : quoted(value);
      case 'bigint':
        return `${value}n`;
      case 'symbol':
        return value.toString();
      case 'function':
        return inspectFunction(value);
      case 'object':
        return value === null ? 'null' : inspectObject(value, depth, seen);
      default:
        return Object.is(value, -0) ? '-0' : String(value);
    }
  }

  function quoted(text) {
    const mark = !text.includes("'") ? "'" : !text.includes('"') ? '"' : !text.includes('`') ? '`' : "'";
    const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
    return mark + (mark === "'" ? inner.replaceAll("'", "\\'") : inner) + mark;
  }

  function inspectFunction(value) {
    const isClass = /^class\b/.test(Function.prototype.toString.call(value));
    const name = value.name === '' ? '(anonymous)' : isClass ? value.name : `: ${value.name}`;
    return isClass ? `[class ${name}]` : `[Function${value.name === '' ? ' ' : ''}${name}]`;
  }

  function inspectObject(value, depth, seen) {
    if (types.isNativeError(value)) return errorText(value);
    if (types.isDate(value)) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (types.isRegExp(value)) return String(value);
    if (seen.includes(value)) return '[Circular *1]';
    if (types.isPromise(value)) return 'Promise {}';
    const within = [...seen, value];
    if (Array.isArray(value))
      return depth >= MOST_DEPTH
        ? '[Array]'
        : list(
            '[',
            itemsOf(value, (item) => inspect(item, depth + 1, within)),
            ']',
            depth,
          );
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      return list(`${nameOf(value)}(${value.length}) [`, itemsOf([...value.slice(0, MOST_ITEMS + 1)], String), ']', depth);
    }
    if (depth >= MOST_DEPTH) return `[${nameOf(value) || 'Object'}]`;
    if (types.isMap(value)) {
      const entries = [...value].map(([key, item]) => `${inspect(key, depth + 1, within)} => ${inspect(item, depth + 1, within)}`);
      return list(`Map(${value.size}) {`, entries, '}', depth);
    }
    if (types.isSet(value))
      return list(
        `Set(${value.size}) {`,
        itemsOf([...value], (item) => inspect(item, depth + 1, within)),
        '}',
        depth,
      );
    const name = nameOf(value);
    const prefix = name === '' ? '[Object: null prototype] ' : name === 'Object' ? '' : `${name} `;
    const members = Reflect.ownKeys(value)
      .filter((key) => Object.getOwnPropertyDescriptor(value, key)?.enumerable)
      .map((key) => `${keyText(key)}: ${memberText(value, key, depth, within)}`);
    return list(`${prefix}{`, members, '}', depth);
  }

  function itemsOf(array, show) {
    const items = Array.from({ length: Math.min(array.length, MOST_ITEMS) }, (_, index) =>
      index in array ? show(array[index]) : '<empty>',
    );
    const left = array.length - items.length;
    return left > 0 ? [...items, `... ${left} more item${left > 1 ? 's' : ''}`] : items;
  }

  function memberText(value, key, depth, within) {
    const { get, set } = Object.getOwnPropertyDescriptor(value, key);
    if (get !== undefined || set !== undefined) return get === undefined ? '[Setter]' : set === undefined ? '[Getter]' : '[Getter/Setter]';
    return inspect(value[key], depth + 1, within);
  }

  function keyText(key) {
    if (typeof key === 'symbol') return `[${key.toString()}]`;
    return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key);
  }

  function nameOf(value) {
    const prototype = Object.getPrototypeOf(value);
    return prototype === null ? '' : String(prototype.constructor?.name ?? 'Object');
  }

  function errorText(error) {
    return `${error}${typeof error.stack === 'string' && error.stack !== '' ? `\n${error.stack.trimEnd()}` : ''}`;
  }

  /** On one line where that fits. */
  function list(open, members, close, depth) {
    if (members.length === 0) return `${open}${close}`;
    const line = `${open} ${members.join(', ')} ${close}`;
    if (line.length <= WIDTH && !line.includes('\n')) return line;
    const indent = '  '.repeat(depth + 1);
    return `${open}\n${indent}${members.join(`,\n${indent}`)}\n${'  '.repeat(depth)}${close}`;
  }

  /** The arguments of `console.log`, with `%s` and its like. */
  shared.formatLine = (args) => {
    const [first, ...others] = args;
    if (typeof first !== 'string' || !first.includes('%'))
      return args.map((value) => inspect(value, typeof value === 'string' ? 0 : 0)).join(' ');
    let index = 0;
    const text = first.replaceAll(/%[sdifjoOc%]/g, (mark) => {
      if (mark === '%%') return '%';
      if (index >= others.length) return mark;
      const value = others[index];
      index += 1;
      if (mark === '%c') return '';
      if (mark === '%d') return typeof value === 'bigint' ? `${value}n` : String(Number(value));
      if (mark === '%i') return String(Number.parseInt(value, 10));
      if (mark === '%f') return String(Number.parseFloat(value));
      if (mark === '%j') return JSON.stringify(value);
      return mark === '%s' && (typeof value !== 'object' || value === null) ? inspect(value) : inspect(value, 1);
    });
    return [text, ...others.slice(index).map((value) => inspect(value))].join(' ');
  };
})(globalThis.__sandport_shared__);
