import { Alert, Button, Text } from '@mantine/core';
import { Component, type ReactNode, Suspense } from 'react';
import { useLanguage } from '../language.tsx';
import { common } from '../texts/common.ts';

/** A part of the dashboard that comes when it is first looked at. When it does not come, the rest goes on. */
export function LazyPage({ children }: { children: ReactNode }) {
  return (
    <Boundary>
      <Suspense fallback={<Coming />}>{children}</Suspense>
    </Boundary>
  );
}

function Coming() {
  const { t } = useLanguage();
  return <Text role="status">{t(common.loadingPage)}</Text>;
}

class Boundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <NotLoaded /> : this.props.children;
  }
}

function NotLoaded() {
  const { t } = useLanguage();
  return (
    <Alert color="red" role="alert">
      {t(common.notLoaded)}
      <div>
        <Button size="xs" mt="xs" variant="default" onClick={() => location.reload()}>
          {t(common.reload)}
        </Button>
      </div>
    </Alert>
  );
}
