/** Variables that say where master keys come from, in the order in which they are looked at. The key file beside the settings comes after them. */
const KEY_VARIABLES = [
  'SANDPORT_MASTER_KEY',
  'SANDPORT_MASTER_KEYS_FORMER',
  'SANDPORT_MASTER_KEY_FILE',
  'SANDPORT_MASTER_KEY_COMMAND',
] as const;

type KeyVariable = (typeof KEY_VARIABLES)[number];

/** The variable that decides, when one of them is set. */
export function decidingKeyVariable(environment: Readonly<Record<string, string | undefined>>): KeyVariable | undefined {
  return KEY_VARIABLES.find((name) => (environment[name] ?? '') !== '');
}
