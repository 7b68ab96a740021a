import { providerConfigSetting, providerOfSetting } from '@sandport/core';
import { refusal } from './refusal.ts';

/** A name in every form in which files and code of a provider have it. */
export interface ProviderName {
  /** `new-cloud`: of folders, packages and files. */
  readonly kebab: string;
  /** `new_cloud`: the id, as it is stored. */
  readonly id: string;
  /** `newCloud`: of values. */
  readonly camel: string;
  /** `NewCloud`: of types. */
  readonly pascal: string;
  /** `NEW_CLOUD`: of constants. */
  readonly constant: string;
  /** `New Cloud`: for people. */
  readonly display: string;
}

const NAME = /^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/;
const LONGEST = 40;
/** Folders beside those of the providers. */
const TAKEN = new Set(['kit']);

/**
 * Reads the name of a provider.
 *
 * @throws SandboxError `REQUEST_INVALID` with the reason when files and code cannot be named after it.
 */
export function parseProviderName(text: string): ProviderName {
  const shown = JSON.stringify(text.slice(0, LONGEST + 1));
  if (text.length > LONGEST) throw refusal('name', `${shown} is longer than ${LONGEST} characters`, 'Choose a shorter name.');
  if (!NAME.test(text)) {
    const rule = 'it has to be words of lower-case letters and digits, each beginning with a letter, joined by "-"';
    throw refusal('name', `${shown} cannot become part of identifiers: ${rule}`, 'Choose a name such as "my-cloud".');
  }
  const prefix = ['sandport-provider-', 'provider-'].find((each) => text.startsWith(each));
  if (prefix !== undefined) {
    const short = text.slice(prefix.length);
    throw refusal('name', `${shown} begins with "${prefix}", which is put before it anyway`, `Give "${short}" as the name.`);
  }
  const name = formsOf(text.split('-'));
  if (TAKEN.has(text) || providerOfSetting(providerConfigSetting(name.id)) === undefined) {
    throw refusal('name', `${shown} is a name that Sandport keeps for something else`, 'Choose another name.');
  }
  return name;
}

function formsOf(words: readonly string[]): ProviderName {
  const capitals = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  const pascal = capitals.join('');
  const id = words.join('_');
  return {
    kebab: words.join('-'),
    id,
    camel: pascal.slice(0, 1).toLowerCase() + pascal.slice(1),
    pascal,
    constant: id.toUpperCase(),
    display: capitals.join(' '),
  };
}
