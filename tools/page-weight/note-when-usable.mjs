// @ts-check
/// <reference lib="dom" />

/**
 * Runs in the page, before anything of its own.
 *
 * @param {string} selector
 */
export function noteWhenUsable(selector) {
  function look() {
    const element = document.querySelector(selector);
    if (element === null || element.matches(':disabled') || element.getClientRects().length === 0) return;
    observer.disconnect();
    // The frame that shows it begins now; its time counts from the beginning of the navigation.
    requestAnimationFrame(() => Reflect.set(globalThis, 'sandportUsableAtMs', performance.now()));
  }
  const observer = new MutationObserver(look);
  observer.observe(document, { childList: true, subtree: true, attributes: true });
}
