/** Has the browser fetch files that the next document begins with, when it has nothing else to do. */
export function fetchAhead(files: readonly string[]): void {
  for (const href of files) {
    const link = document.createElement('link');
    link.rel = 'prefetch';
    link.as = href.endsWith('.css') ? 'style' : 'script';
    // As the app will ask for it.
    link.crossOrigin = '';
    link.href = href;
    document.head.append(link);
  }
}
