import type { en } from './en.ts';
import type { TextsLike } from './texts.ts';
import { acts, trial } from './zh/acts.ts';
import { choices } from './zh/choices.ts';
import { comparison } from './zh/comparison.ts';
import { audit, history, policy } from './zh/history.ts';
import { overview } from './zh/overview.ts';
import { people } from './zh/people.ts';
import { playground } from './zh/playground.ts';
import { form, providers } from './zh/provider-pages.ts';
import { session } from './zh/session.ts';
import { shell } from './zh/shell.ts';
import { statuses } from './zh/statuses.ts';
import { problems, states, words } from './zh/words.ts';

/** Every text of the page in Chinese. */
export const zh: TextsLike<typeof en> = {
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
