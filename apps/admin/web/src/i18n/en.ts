import { acts, trial } from './en/acts.ts';
import { choices } from './en/choices.ts';
import { comparison } from './en/comparison.ts';
import { audit, history, policy } from './en/history.ts';
import { overview } from './en/overview.ts';
import { people } from './en/people.ts';
import { playground } from './en/playground.ts';
import { form, providers } from './en/provider-pages.ts';
import { session } from './en/session.ts';
import { shell } from './en/shell.ts';
import { statuses } from './en/statuses.ts';
import { problems, states, words } from './en/words.ts';

/** Every text of the page in English. The other languages have the same keys: the compiler sees to it. */
export const en = {
  acts,
  audit,
  choices,
  comparison,
  form,
  history,
  overview,
  people,
  playground,
  policy,
  problems,
  providers,
  session,
  shell,
  states,
  statuses,
  trial,
  words,
};
