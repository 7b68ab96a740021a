import { choices } from './en/choices.ts';
import { comparison } from './en/comparison.ts';
import { overview } from './en/overview.ts';
import { people } from './en/people.ts';
import { playground } from './en/playground.ts';
import { session } from './en/session.ts';
import { shell } from './en/shell.ts';
import { statuses } from './en/statuses.ts';
import { problems, states, words } from './en/words.ts';

/** Every text of the page in English. The other languages have the same keys: the compiler sees to it. */
export const en = { choices, comparison, overview, people, playground, problems, session, shell, states, statuses, words };
