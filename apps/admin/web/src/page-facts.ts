import { PAGE_FACTS_ID, type PageFacts } from '@sandport/admin-api';

/** What the server told within the document; nothing where it could not. */
export function readPageFacts(): PageFacts | undefined {
  const text = document.getElementById(PAGE_FACTS_ID)?.textContent ?? '';
  return text === '' ? undefined : (JSON.parse(text) as PageFacts);
}
