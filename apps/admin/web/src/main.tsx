import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './theme/page.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startTexts } from './i18n/i18n.ts';
import { readPageFacts } from './page-facts.ts';
import { sessionKeeper } from './session/session-keeper.ts';
import { styleNonce } from './theme/theme.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no place for the app.');
// The library that holds the page still behind a dialog looks for the nonce of its style sheet here.
Object.assign(globalThis, { __webpack_nonce__: styleNonce() });
const facts = readPageFacts();
if (facts !== undefined) sessionKeeper.accept(facts.session);
startTexts().then(
  () =>
    createRoot(root).render(
      <StrictMode>
        <App facts={facts} />
      </StrictMode>,
    ),
  (error: unknown) => {
    // No texts are there to say it with.
    root.textContent = `The page could not be loaded. Load it again. (${String(error)})`;
  },
);
