import { Alert, Anchor, Button, Text } from '@mantine/core';
import { useState } from 'react';
import { callControl } from '../control-client.ts';
import { useLanguage } from '../language.tsx';
import { overview } from '../texts/overview.ts';
import { useAction } from '../use-action.ts';

/** Opens Feishu's sign-in page in a new tab. */
export function SignIn({ label, variant = 'filled' }: { label: string; variant?: 'filled' | 'default' }) {
  const { t } = useLanguage();
  const action = useAction();
  const [link, setLink] = useState<{ url: string; opened: boolean }>();
  const begin = () =>
    action.run(async () => {
      const { url } = await callControl('signIn', {});
      setLink({ url, opened: openTab(url) });
    });
  return (
    <div>
      <Button size="xs" variant={variant} loading={action.busy} onClick={() => void begin()}>
        {label}
      </Button>
      <div role="status">
        {link?.opened && (
          <Text size="sm" c="dimmed" mt={4}>
            {t(overview.signInOpened)}
          </Text>
        )}
        {link && !link.opened && (
          <Anchor size="sm" href={link.url} target="_blank" rel="noopener noreferrer">
            {t(overview.signInBlocked)}
          </Anchor>
        )}
      </div>
      {action.error && (
        <Alert color="red" role="alert" mt="xs">
          {t(action.error)}
        </Alert>
      )}
    </div>
  );
}

/** False when the browser blocked it. */
function openTab(url: string): boolean {
  const tab = window.open(url, '_blank');
  if (!tab) return false;
  tab.opener = null;
  return true;
}
