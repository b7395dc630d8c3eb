import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './shell/page.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startTexts } from './i18n/texts';
import { firstLanguage } from './settings';
import { Page } from './shell/page';

/** Texts first: the page is never seen in another language than the chosen one. */
async function start(): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no #root');
  await startTexts(firstLanguage());
  createRoot(root).render(
    <StrictMode>
      <Page />
    </StrictMode>,
  );
}

void start();
