// Uses much of the language, so that what programs need is compiled before they come.
class Shape {
  #sides;
  constructor(sides) {
    this.#sides = sides;
  }
  get sides() {
    return this.#sides;
  }
}
function* count(limit) {
  for (let value = 0; value < limit; value += 1) yield value * value;
}
exports.main = async function main() {
  const numbers = [...count(300)];
  const table = Object.fromEntries(numbers.map((value, index) => [`key${index}`, [value, value / 3, null, true, String(value)]]));
  const copy = JSON.parse(JSON.stringify(table, null, 1));
  const words = 'the quick brown fox jumps over the lazy dog'.split(' ').sort((left, right) => left.localeCompare(right));
  const found = 'ab-12 cd-345 ef-6'.matchAll(/(?<name>\w+)-(\d{2,})/g);
  const map = new Map(words.map((word) => [word, word.length]));
  const set = new Set(words.map((word) => word.toUpperCase().padStart(8).trim().slice(1)));
  const shapes = [3, 4].map((sides) => new Shape(sides));
  let text = '';
  for (let index = 0; index < 2000; index += 1) text += String.fromCharCode(97 + (index % 26));
  const bytes = new Uint8Array(64).map((_, index) => index);
  await new Promise((resolve) => setTimeout(resolve, 1));
  try {
    JSON.parse('{');
  } catch (error) {
    console.log(
      error.message,
      { map, set, date: new Date(0).toISOString(), nested: { a: [1, [2, { b: 3n }]] } },
      -0,
      [undefined, null],
      Symbol('x'),
    );
  }
  sandbox.files.write('artifacts/a.txt', text);
  const sum = numbers.reduce((total, value) => total + Math.sqrt(value), 0);
  const [first, ...rest] = Object.entries(copy);
  return {
    sum,
    first,
    rest: rest.length,
    found: [...found].length,
    sides: shapes.map(({ sides }) => sides),
    bytes: bytes.length,
    big: String(2n ** 200n),
    size: sandbox.files.readText('artifacts/a.txt').length,
  };
};
