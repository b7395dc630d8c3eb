import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from 'react-router';
import { LiveProvider } from '../live/live';
import { router } from '../routes';
import { SignInGate } from '../session/sign-in-gate';
import { keptUnder } from '../settings';
import { makeQueries } from './queries';
import { styleNonce } from './style-nonce';
import { theme } from './theme';

const queries = makeQueries();
const schemes = localStorageColorSchemeManager({ key: keptUnder.scheme });

/** The whole page: first who is signed in, then what he asked for. */
export function Page() {
  return (
    <MantineProvider theme={theme} colorSchemeManager={schemes} defaultColorScheme="auto" getStyleNonce={styleNonce}>
      <Notifications position="top-right" />
      <QueryClientProvider client={queries}>
        <SignInGate>
          <LiveProvider>
            <RouterProvider router={router} />
          </LiveProvider>
        </SignInGate>
      </QueryClientProvider>
    </MantineProvider>
  );
}
