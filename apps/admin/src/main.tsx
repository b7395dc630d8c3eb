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
  await startTexts(firstLanguage()).catch((cause: unknown) => {
    // Without its texts the page can say nothing but this; after an update of KKM the old files are gone, and loading anew brings the new ones.
    root.textContent = firstLanguage() === 'ru' ? 'Страница KKM не загрузилась. Обновите её (F5).' : 'The KKM page did not load. Load it anew (F5).';
    throw cause;
  });
  createRoot(root).render(
    <StrictMode>
      <Page />
    </StrictMode>,
  );
}

void start();
