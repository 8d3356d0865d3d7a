import { Alert, Button, Group, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ControlOutput } from '../../src-main/contract/control.ts';
import { callControl } from '../control-client.ts';
import { formatCount } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { aboutTexts } from '../texts/about.ts';
import { useAction } from '../use-action.ts';
import { CopyButton } from './copy-button.tsx';
import { Panel, Section } from './section.tsx';
import request from './tool-request.module.css';

type Bundle = ControlOutput<'supportBundle'>;

/** All that helps to find a fault, to be looked at first and then copied or saved. */
export function AboutBundle() {
  const { language, t } = useLanguage();
  const { busy, error, run } = useAction();
  const [bundle, setBundle] = useState<Bundle | null>(null);
  const make = () => void run(async () => setBundle(await callControl('supportBundle', {})));
  return (
    <Section title={t(aboutTexts.bundle)}>
      <Panel>
        <Text size="sm" c="dimmed" mb="sm">
          {t(aboutTexts.bundleHint)}
        </Text>
        {error && (
          <Alert color="red" role="alert" mb="md">
            {t(error)}
          </Alert>
        )}
        {bundle && (
          <pre className={request.body} tabIndex={0} aria-label={t(aboutTexts.preview)}>
            {bundle.text}
          </pre>
        )}
        <Group gap="xs" mt={bundle ? 'sm' : 0}>
          <Button size="xs" variant={bundle ? 'default' : 'filled'} loading={busy} onClick={make}>
            {t(bundle ? aboutTexts.makeAgain : aboutTexts.make)}
          </Button>
          {bundle && (
            <>
              <CopyButton value={bundle.text} what={t(aboutTexts.bundleText)} />
              <Download bundle={bundle} />
              <span>{t(aboutTexts.size(formatCount(Math.ceil(new Blob([bundle.text]).size / 1024), language)))}</span>
            </>
          )}
        </Group>
      </Panel>
    </Section>
  );
}

function Download({ bundle: { filename, text } }: { bundle: Bundle }) {
  const { t } = useLanguage();
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [text]);
  return (
    <Button size="xs" variant="default" component="a" href={url} download={filename}>
      {t(aboutTexts.download)}
    </Button>
  );
}
