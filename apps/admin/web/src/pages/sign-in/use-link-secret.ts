import { useEffect, useState } from 'react';

/** The secret behind the `#` of a link, which no server sees. It is taken out of the address, so that it stays in no history. */
export function useLinkSecret(): string {
  const [secret] = useState(() => decoded(window.location.hash.slice(1)));
  useEffect(() => {
    if (window.location.hash !== '') window.history.replaceState(window.history.state, '', window.location.pathname);
  }, []);
  return secret;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    // A secret of ours has nothing to decode; one that was cut is refused by the server.
    if (error instanceof URIError) return text;
    throw error;
  }
}
