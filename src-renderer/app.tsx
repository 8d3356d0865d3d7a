import { MantineProvider } from '@mantine/core';
import { lazy, StrictMode } from 'react';
import type { GatewayView } from './gateway-feed.ts';
import { LanguageProvider } from './language.tsx';
import { AccountsPage } from './pages/accounts.tsx';
import { Overview } from './pages/overview.tsx';
import { Frame } from './parts/frame.tsx';
import { LazyPage } from './parts/lazy-page.tsx';
import { NotConnected } from './parts/not-connected.tsx';
import { useRoute } from './route.ts';
import { useGateway } from './use-gateway.ts';

// The first page does not wait for the script of the others.
const Calls = lazy(async () => ({ default: (await import('./pages/calls.tsx')).Calls }));
const Sessions = lazy(async () => ({ default: (await import('./pages/sessions.tsx')).Sessions }));
const Limits = lazy(async () => ({ default: (await import('./pages/limits.tsx')).Limits }));
const ToolsPage = lazy(async () => ({ default: (await import('./pages/tools.tsx')).ToolsPage }));
const SettingsPage = lazy(async () => ({ default: (await import('./pages/settings.tsx')).SettingsPage }));
const AboutPage = lazy(async () => ({ default: (await import('./pages/about.tsx')).AboutPage }));

/** The whole dashboard. Mantine's own style tags are off: the page's security policy allows style sheets only. */
export function App() {
  return (
    <StrictMode>
      <MantineProvider defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
        <LanguageProvider>
          <Dashboard />
        </LanguageProvider>
      </MantineProvider>
    </StrictMode>
  );
}

function Dashboard() {
  const gateway = useGateway();
  const { page } = useRoute();
  return (
    <Frame page={page} gateway={gateway}>
      <LazyPage key={page}>
        <Page page={page} gateway={gateway} />
      </LazyPage>
    </Frame>
  );
}

function Page({ page, gateway }: { page: string; gateway: GatewayView }) {
  if (gateway.status === 'loading' || gateway.status === 'failed') return <NotConnected gateway={gateway} />;
  const { snapshot, revision } = gateway;
  switch (page) {
    case 'accounts':
      return <AccountsPage snapshot={snapshot} />;
    case 'calls':
      return <Calls snapshot={snapshot} />;
    case 'sessions':
      return <Sessions snapshot={snapshot} />;
    case 'limits':
      return <Limits snapshot={snapshot} />;
    case 'tools':
      return <ToolsPage snapshot={snapshot} revision={revision} />;
    case 'settings':
      return <SettingsPage revision={revision} />;
    case 'about':
      return <AboutPage snapshot={snapshot} revision={revision} />;
    default:
      return <Overview snapshot={snapshot} away={gateway.status === 'stale'} />;
  }
}
