/** A program to start from. */
export interface ExampleProgram {
  /** Key of its name among the texts of the page. */
  readonly name: 'arguments' | 'output' | 'files' | 'plot' | 'error' | 'input' | 'endless';
  readonly python: string;
  /** Runs with Node; where JavaScript has no Node, files and input are another matter. */
  readonly javascript: string;
  readonly argumentsText: string;
  readonly stdin: string;
}

const NO_INPUT = { argumentsText: '', stdin: '' } as const;

/** Examples; the first is what the playground begins with. */
export const EXAMPLES: readonly [ExampleProgram, ...ExampleProgram[]] = [
  {
    name: 'arguments',
    python:
      'def main(numbers, factor):\n    """What main returns is the value of the run."""\n    print("counting", len(numbers), "numbers")\n    return {"sum": sum(numbers), "scaled": [number * factor for number in numbers]}\n',
    javascript:
      "// What main returns is the value of the run.\nfunction main({ numbers, factor }) {\n  console.log('counting', numbers.length, 'numbers');\n  return { sum: numbers.reduce((a, b) => a + b, 0), scaled: numbers.map((number) => number * factor) };\n}\n",
    argumentsText: '{\n  "numbers": [1, 2, 3.5],\n  "factor": 2\n}',
    stdin: '',
  },
  {
    name: 'output',
    python:
      'import sys\nimport time\n\nfor step in range(1, 11):\n    print("step", step, flush=True)\n    if step % 4 == 0:\n        print("this went to stderr", file=sys.stderr, flush=True)\n    time.sleep(0.3)\n',
    javascript:
      "async function main() {\n  for (let step = 1; step <= 10; step += 1) {\n    console.log('step', step);\n    if (step % 4 === 0) console.error('this went to stderr');\n    await new Promise((resolve) => setTimeout(resolve, 300));\n  }\n}\n",
    ...NO_INPUT,
  },
  {
    name: 'files',
    python:
      'import csv\nimport os\n\nos.makedirs("artifacts", exist_ok=True)\nwith open("artifacts/squares.csv", "w", newline="") as file:\n    writer = csv.writer(file)\n    writer.writerow(["number", "square"])\n    for number in range(1, 21):\n        writer.writerow([number, number**2])\nprint(sorted(os.listdir(".")))\n',
    javascript:
      "const fs = require('node:fs');\n\nfs.mkdirSync('artifacts', { recursive: true });\nconst rows = Array.from({ length: 20 }, (_, index) => `${index + 1},${(index + 1) ** 2}`);\nfs.writeFileSync('artifacts/squares.csv', ['number,square', ...rows].join('\\n'));\nconsole.log(fs.readdirSync('.'));\n",
    ...NO_INPUT,
  },
  {
    name: 'plot',
    python:
      'import math\nimport os\nimport struct\nimport zlib\n\n# A picture without any library: a sine curve as a PNG.\nWIDTH, HEIGHT = 480, 200\nrows = [bytearray(b"\\xff" * (WIDTH * 3)) for _ in range(HEIGHT)]\nfor x in range(WIDTH):\n    y = round(HEIGHT / 2 - math.sin(x / 40) * HEIGHT * 0.4)\n    for thick in range(-2, 3):\n        rows[min(HEIGHT - 1, max(0, y + thick))][x * 3 : x * 3 + 3] = b"\\x36\\x4f\\xc7"\n\n\ndef chunk(kind, data):\n    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))\n\n\npixels = zlib.compress(b"".join(b"\\0" + bytes(row) for row in rows))\nheader = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)\nos.makedirs("artifacts", exist_ok=True)\nwith open("artifacts/curve.png", "wb") as file:\n    file.write(b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b""))\n',
    javascript:
      "const fs = require('node:fs');\nconst zlib = require('node:zlib');\n\n// A picture without any library: a sine curve as a PNG.\nconst [width, height] = [480, 200];\nconst pixels = Buffer.alloc((width * 3 + 1) * height, 255);\nfor (let y = 0; y < height; y += 1) pixels[y * (width * 3 + 1)] = 0;\nfor (let x = 0; x < width; x += 1) {\n  const middle = Math.round(height / 2 - Math.sin(x / 40) * height * 0.4);\n  for (let y = Math.max(0, middle - 2); y <= Math.min(height - 1, middle + 2); y += 1)\n    pixels.set([0x36, 0x4f, 0xc7], y * (width * 3 + 1) + 1 + x * 3);\n}\n\nfunction crc(data) {\n  let sum = ~0;\n  for (const byte of data) {\n    sum ^= byte;\n    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);\n  }\n  return ~sum >>> 0;\n}\nfunction chunk(kind, data) {\n  const body = Buffer.concat([Buffer.from(kind), data]);\n  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];\n  length.writeUInt32BE(data.length);\n  sum.writeUInt32BE(crc(body));\n  return Buffer.concat([length, body, sum]);\n}\n\nconst header = Buffer.alloc(13);\nheader.writeUInt32BE(width);\nheader.writeUInt32BE(height, 4);\nheader.set([8, 2, 0, 0, 0], 8);\nfs.mkdirSync('artifacts', { recursive: true });\nconst signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);\nfs.writeFileSync('artifacts/curve.png', Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', zlib.deflateSync(pixels)), chunk('IEND', Buffer.alloc(0))]));\n",
    ...NO_INPUT,
  },
  {
    name: 'input',
    python: 'import sys\n\n\ndef main():\n    return [line.strip().upper() for line in sys.stdin]\n',
    javascript:
      "function main() {\n  const text = require('node:fs').readFileSync(0, 'utf8');\n  return text.trim().split('\\n').map((line) => line.toUpperCase());\n}\n",
    argumentsText: '',
    stdin: 'first line\nsecond line\n',
  },
  {
    name: 'error',
    python: 'def divide(left, right):\n    return left / right\n\n\ndef main():\n    print("before the error")\n    return divide(1, 0)\n',
    javascript:
      "function find(orders, id) {\n  return orders.find((order) => order.id === id).total;\n}\n\nfunction main() {\n  console.log('before the error');\n  return find([], 7);\n}\n",
    ...NO_INPUT,
  },
  {
    name: 'endless',
    python: '# Give it a time limit, or stop it.\nwhile True:\n    pass\n',
    javascript: '// Give it a time limit, or stop it.\nfor (;;);\n',
    ...NO_INPUT,
  },
];
