import { Alert, Loader, Text } from '@mantine/core';
import type { GatewayView } from '../gateway-feed.ts';
import { useLanguage } from '../language.tsx';
import { common } from '../texts/common.ts';

/** While nothing is known of the gateway: why, and what to do. */
export function NotConnected({ gateway }: { gateway: Extract<GatewayView, { status: 'loading' | 'failed' }> }) {
  const { t } = useLanguage();
  if (gateway.status === 'failed') {
    return (
      <Alert color="yellow" role="alert">
        {t(gateway.error.words)}
      </Alert>
    );
  }
  return (
    <Text role="status">
      <Loader size="xs" mr="sm" aria-hidden /> {t(common.loading)}
    </Text>
  );
}
