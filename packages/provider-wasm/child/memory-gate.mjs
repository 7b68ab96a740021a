// @ts-check
/**
 * Puts a gate before every growth of a module's memory. The gate knows the limit, which the program cannot reach: it is a global variable that no
 * instruction of the module names. A growth above the limit ends the program and is counted, as the kernel would do; a request for more than the limit
 * at once is refused, as the kernel would refuse it.
 */
import { MEMORY_GROW, skipInstruction } from './instructions.mjs';
import { binaryOf, joined, name, SECTION, sectionsOf, unsigned, WasmBinaryError, WasmReader } from './wasm-binary.mjs';

/** What the module exports besides its own. */
export const GATE_EXPORTS = /** @type {const} */ ({ limitPages: 'sandport.limit_pages', refusals: 'sandport.refusals' });

export const PAGE_BYTES = 65_536;

const I32 = 0x7f;
const FUNCTION = 0x60;
const EXPORT_GLOBAL = 3;
const MUTABLE = 1;
/** Pages before anybody has said otherwise: none, so that a module whose limit was forgotten does not grow. */
const NO_PAGES = 0;

/**
 * @param {Uint8Array} binary
 * @returns {Uint8Array} the module with the gate, and without what only a debugger reads
 */
export function withMemoryGate(binary) {
  const sections = sectionsOf(binary).filter(({ id }) => id !== SECTION.custom);
  /** @param {number} id */
  const contentOf = (id) => {
    const section = sections.find((each) => each.id === id);
    if (section === undefined) throw new WasmBinaryError(`section ${id} is missing`);
    return section.content;
  };
  const typeIndex = countOf(contentOf(SECTION.type));
  const imported = importedCounts(sections.find(({ id }) => id === SECTION.import)?.content);
  const gateIndex = imported.functions + countOf(contentOf(SECTION.function));
  const limitIndex = imported.globals + countOf(contentOf(SECTION.global));
  const refusalsIndex = limitIndex + 1;
  const added = new Map([
    [SECTION.type, [joined([FUNCTION, 1, I32, 1, I32])]],
    [SECTION.function, [unsigned(typeIndex)]],
    [SECTION.global, [globalOf(NO_PAGES), globalOf(0)]],
    [SECTION.export, [exportOf(GATE_EXPORTS.limitPages, limitIndex), exportOf(GATE_EXPORTS.refusals, refusalsIndex)]],
  ]);
  return binaryOf(
    sections.map(({ id, content }) => {
      if (id === SECTION.code) return { id, content: gated(content, gateIndex, gateBody(limitIndex, refusalsIndex)) };
      return { id, content: appended(content, added.get(/** @type {any} */ (id)) ?? []) };
    }),
  );
}

/** @param {Uint8Array} content of a section that is a list */
function countOf(content) {
  return new WasmReader(content).unsigned();
}

/** @param {Uint8Array} content @param {readonly Uint8Array[]} items */
function appended(content, items) {
  if (items.length === 0) return content;
  const reader = new WasmReader(content);
  return joined(unsigned(reader.unsigned() + items.length), reader.rest(), ...items);
}

/** @param {number} value below 64 */
function globalOf(value) {
  return Uint8Array.of(I32, MUTABLE, 0x41, value, 0x0b);
}

/** @param {string} as @param {number} index */
function exportOf(as, index) {
  return joined(name(as), [EXPORT_GLOBAL], unsigned(index));
}

/** @param {Uint8Array | undefined} content */
function importedCounts(content) {
  const counts = { functions: 0, globals: 0 };
  if (content === undefined) return counts;
  const reader = new WasmReader(content);
  for (let left = reader.unsigned(); left > 0; left -= 1) {
    reader.skip(reader.unsigned());
    reader.skip(reader.unsigned());
    const kind = reader.byte();
    if (kind !== 0) throw new WasmBinaryError('a module that imports anything but functions is not understood');
    reader.skipNumber();
    counts.functions += 1;
  }
  return counts;
}

/** @param {Uint8Array} content @param {number} gateIndex @param {Uint8Array} gate */
function gated(content, gateIndex, gate) {
  const reader = new WasmReader(content);
  const count = reader.unsigned();
  /** @type {Uint8Array[]} */
  const bodies = [];
  for (let left = count; left > 0; left -= 1) {
    const body = gatedBody(reader.take(reader.unsigned()), gateIndex);
    bodies.push(unsigned(body.length), body);
  }
  return joined(unsigned(count + 1), ...bodies, unsigned(gate.length), gate);
}

/** @param {Uint8Array} body @param {number} gateIndex */
function gatedBody(body, gateIndex) {
  const reader = new WasmReader(body);
  for (let left = reader.unsigned(); left > 0; left -= 1) {
    reader.skipNumber();
    reader.skip(1);
  }
  /** @type {Uint8Array[]} */
  const pieces = [];
  let from = 0;
  while (!reader.isDone) {
    const at = reader.at;
    if (skipInstruction(reader) !== MEMORY_GROW) continue;
    pieces.push(body.subarray(from, at), joined([0x10], unsigned(gateIndex)));
    from = reader.at;
  }
  return from === 0 ? body : joined(...pieces, body.subarray(from));
}

/**
 * `(pages) => pages > limit ? -1 : size + pages > limit ? (refusals += 1, trap) : memory.grow(pages)`, all unsigned.
 *
 * @param {number} limitIndex @param {number} refusalsIndex
 */
function gateBody(limitIndex, refusalsIndex) {
  const limit = unsigned(limitIndex);
  const refusals = unsigned(refusalsIndex);
  return joined(
    [0],
    [0x20, 0, 0x23],
    limit,
    [0x4b, 0x04, 0x40, 0x41, 0x7f, 0x0f, 0x0b],
    [0x3f, 0, 0x20, 0, 0x6a, 0x23],
    limit,
    [0x4b, 0x04, 0x40, 0x23],
    refusals,
    [0x41, 1, 0x6a, 0x24],
    refusals,
    [0x00, 0x0b],
    [0x20, 0, 0x40, 0, 0x0b],
  );
}
