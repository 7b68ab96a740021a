import type { ApiProblem } from '../api/api-problem.ts';
import { sayDurationIn } from '../format/duration-in.ts';
import type { PageLanguage } from '../i18n/page-language.ts';
import { filled, textsIn } from './sign-in-texts.ts';

/** Something that is told above the form: a headline, and what there is to say of it. */
export interface Notice {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Says something in a language. */
export type NoticeIn = (language: PageLanguage) => Notice;

/** Why an attempt to sign in failed. */
export function noticeOfProblem({ status, code, detail, suggestion, retryAfterMs }: ApiProblem): NoticeIn {
  return (language) => {
    const { session, problems } = textsIn(language);
    if (status === 401) return { title: session.refused, lines: [session.refusedHelp] };
    const known: Readonly<Record<string, string>> = problems;
    const time = retryAfterMs === undefined ? undefined : sayDurationIn(language, Math.ceil(retryAfterMs / 1000) * 1000);
    return {
      title: (Object.hasOwn(known, code) ? known[code] : undefined) ?? problems.other,
      lines: [detail, suggestion, time === undefined ? undefined : filled(problems.retryAfter, { time })].filter(
        (line) => line !== undefined,
      ),
    };
  };
}

/** What an OpenID Connect sign-in came back with; nothing for an address that does not tell of one. */
export function noticeOfReturn(address: URL): NoticeIn | undefined {
  const outcome = address.searchParams.get('sign-in');
  if (outcome === 'refused')
    return (language) => ({ title: textsIn(language).session.openIdRefused, lines: [textsIn(language).session.openIdRefusedHelp] });
  if (outcome === 'unavailable')
    return (language) => ({ title: textsIn(language).session.openIdUnavailable, lines: [textsIn(language).session.openIdUnavailableHelp] });
  return undefined;
}

/** The browser is signed in, and holds the cookie back when it asks for the page. */
export const noticeOfHeldCookie: NoticeIn = (language) => ({
  title: textsIn(language).session.notEntered,
  lines: [textsIn(language).session.notEnteredHelp],
});
