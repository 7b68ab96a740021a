import type { Installation } from './configurations.ts';
import type { SessionAnswer } from './people.ts';

/** What the server tells the page within its document, so that nothing has to be asked for before the first view. */
export interface PageFacts {
  /** As `readSession` answers. */
  readonly session: SessionAnswer;
  /** As `readInstallation` answers, where the first view needs it. */
  readonly installation?: Installation;
  /** For somebody who still has to sign in: files that the app will then begin with. */
  readonly ahead?: readonly string[];
}

/** Of the element that has the {@link PageFacts} as JSON. */
export const PAGE_FACTS_ID = 'page-facts';
