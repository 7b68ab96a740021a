/** Says that the document was asked for once more and came as it was before. */
const MARK = 'sandport.asked-again';

/**
 * Asks the server for the document of this address once more: whoever is signed in gets the app, and everybody else the sign-in page. `false`, and nothing happens, when that was
 * done already: a browser that holds the cookie of the session back would go on for ever.
 *
 * A navigation that this document begins brings the cookie along, also where a page of another site led here without it.
 *
 * @param path Another address. @default the one that is shown
 */
export function loadAgain(path?: string): boolean {
  if (sessionStorage.getItem(MARK) !== null) return false;
  sessionStorage.setItem(MARK, '');
  window.location.replace(path ?? documentAddress());
  return true;
}

/** The document is the one that belongs here. */
export function stopLoadingAgain(): void {
  sessionStorage.removeItem(MARK);
}

/** Where the document of the shown address is. What an earlier sign-in came back with is over. */
export function documentAddress(): string {
  const { pathname, searchParams } = new URL(window.location.href);
  searchParams.delete('sign-in');
  // While the page is written, the documents are files.
  const path = pathname.endsWith('.html') ? '/admin/' : pathname;
  return searchParams.size === 0 ? path : `${path}?${searchParams.toString()}`;
}
