import { programsOf, type ComparisonProgram } from './comparison-program.ts';

/** Programs about what a language and its libraries do. */
export const LANGUAGE_COMPARISON_PROGRAMS: readonly ComparisonProgram[] = [
  ...programsOf('language/sorting', {
    title: 'Sorts text in the order of its code and in that of the locale',
    python:
      'import locale\ndef main():\n    words = ["Zebra", "äpfel", "apfel", "Öl", "zoo", "10", "9"]\n    return [sorted(words), sorted(words, key=locale.strxfrm), sorted(words, key=str.casefold)]\n',
    javascript:
      "const main = () => {\n  const words = ['Zebra', 'äpfel', 'apfel', 'Öl', 'zoo', '10', '9'];\n  return [[...words].sort(), [...words].sort((a, b) => a.localeCompare(b))];\n};\n",
  }),
  ...programsOf('language/time-zone', {
    title: 'Shows the beginning of the epoch in the time zone of the sandbox',
    python: 'import time\ndef main():\n    return [time.strftime("%Y-%m-%d %H:%M", time.localtime(0)), time.timezone]\n',
    javascript: 'const main = () => [new Date(0).getHours(), new Date(0).getTimezoneOffset()];\n',
  }),
  ...programsOf('language/hashing', {
    title: 'Hashes a text',
    python:
      'import hashlib\ndef main():\n    return [hashlib.new(name, "größer".encode()).hexdigest() for name in ("md5", "sha256", "blake2b")]\n',
    javascript:
      "const main = () => {\n  if (typeof sandbox === 'undefined') return require('node:crypto').createHash('sha256').update('größer').digest('hex');\n  return Array.from(sandbox.digest('sha256', new TextEncoder().encode('größer')), (byte) => byte.toString(16).padStart(2, '0')).join('');\n};\n",
  }),
  ...programsOf('language/regular-expressions', {
    title: 'Matches with names, lookbehind and letters of every script',
    python:
      'import re\ndef main():\n    text = "on 2024-02-29 at 7€, größer"\n    found = re.search(r"(?P<year>\\d{4})-(?P<month>\\d\\d)", text)\n    return [found.groupdict(), re.findall(r"\\d+(?=€)", text), re.findall(r"\\b\\w+\\b", text)]\n',
    javascript:
      "const main = () => {\n  const text = 'on 2024-02-29 at 7€, größer';\n  return [{ ...text.match(/(?<year>\\d{4})-(?<month>\\d\\d)/).groups }, text.match(/\\d+(?=€)/g), text.match(/\\p{L}+/gu)];\n};\n",
  }),
  ...programsOf('language/computing', {
    title: 'Counts the primes below a hundred thousand',
    python:
      'def main():\n    composite = bytearray(100000)\n    count = 0\n    for number in range(2, 100000):\n        if composite[number]:\n            continue\n        count += 1\n        composite[number * number::number] = b"\\x01" * len(range(number * number, 100000, number))\n    return count\n',
    javascript:
      'const main = () => {\n  const composite = new Uint8Array(100000);\n  let count = 0;\n  for (let number = 2; number < 100000; number += 1) {\n    if (composite[number]) continue;\n    count += 1;\n    for (let multiple = number * number; multiple < 100000; multiple += number) composite[multiple] = 1;\n  }\n  return count;\n};\n',
  }),
  ...programsOf('language/version', {
    title: 'Says which version of the language runs',
    python: 'import sys\ndef main():\n    return list(sys.version_info[:2])\n',
    javascript: "const main = () => (typeof sandbox === 'undefined' ? process.versions.node.split('.')[0] : 'without Node');\n",
  }),
  ...programsOf('language/libraries', {
    title: 'Says which of the usual libraries can be imported',
    python:
      'import importlib.util\ndef main():\n    names = ["numpy", "pandas", "matplotlib", "scipy", "requests", "PIL", "openpyxl", "sklearn", "sqlite3", "ssl", "decimal"]\n    return [name for name in names if importlib.util.find_spec(name) is not None]\n',
  }),
];
