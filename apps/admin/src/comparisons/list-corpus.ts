import { COMPARISON_CORPUS } from '@sandport/preparation';
import type { Handler } from '../server/handler.ts';

/** The programs that configurations are compared with. */
export function listCorpus(): Handler<'listCorpus'> {
  const programs = COMPARISON_CORPUS.map(({ id, title, language, code }) => ({ id, title, language, code }));
  return async () => ({ programs });
}
