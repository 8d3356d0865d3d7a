import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import type { GatewayView } from './gateway-feed.ts';
import { LanguageProvider } from './language.tsx';
import { AccountsPage } from './pages/accounts.tsx';
import { Calls } from './pages/calls.tsx';
import { Limits } from './pages/limits.tsx';
import { Overview } from './pages/overview.tsx';
import { Sessions } from './pages/sessions.tsx';
import { Frame } from './parts/frame.tsx';
import { NotConnected } from './parts/not-connected.tsx';
import { useRoute } from './route.ts';
import { useGateway } from './use-gateway.ts';

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
      <Page page={page} gateway={gateway} />
    </Frame>
  );
}

function Page({ page, gateway }: { page: string; gateway: GatewayView }) {
  if (gateway.status === 'loading' || gateway.status === 'failed') return <NotConnected gateway={gateway} />;
  const { snapshot } = gateway;
  switch (page) {
    case 'accounts':
      return <AccountsPage snapshot={snapshot} />;
    case 'calls':
      return <Calls snapshot={snapshot} />;
    case 'sessions':
      return <Sessions snapshot={snapshot} />;
    case 'limits':
      return <Limits snapshot={snapshot} />;
    default:
      return <Overview snapshot={snapshot} />;
  }
}
