import { scriptedModel } from './scripted-model.ts';

const code = `def main(below):
    return sum(all(number % factor for factor in range(2, number)) for number in range(2, below))
`;

/** Stands for a model of a service in the programs of the README. */
export const model = scriptedModel([
  { call: JSON.stringify({ language: 'python', code, arguments: { below: 1000 } }) },
  { say: 'There are 168.' },
]);
