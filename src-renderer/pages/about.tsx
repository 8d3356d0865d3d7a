import { Alert, Button, Text, Title } from '@mantine/core';
import { Fragment } from 'react';
import type { Snapshot } from '../../src-main/contract/control.ts';
import type { AboutView } from '../../src-main/contract/settings-views.ts';
import { formatCount, formatFull } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { AboutBundle } from '../parts/about-bundle.tsx';
import { AboutHealth } from '../parts/about-health.tsx';
import { Address } from '../parts/address.tsx';
import facts from '../parts/call-detail.module.css';
import { Panel, Section } from '../parts/section.tsx';
import { aboutTexts } from '../texts/about.ts';
import { useAnswer } from '../use-answer.ts';
import styles from './calls.module.css';
import lists from './overview.module.css';

interface AboutPageProps {
  snapshot: Snapshot;
  revision: number;
}

/** What runs here, whether it is well, and what to send along when asking for help. */
export function AboutPage({ snapshot, revision }: AboutPageProps) {
  const { t } = useLanguage();
  const { answer: about, error, reload } = useAnswer('about', {}, revision);
  return (
    <>
      <Title order={1} size="h3">
        {t(aboutTexts.title)}
      </Title>
      <p className={styles.hint}>{t(aboutTexts.hint)}</p>
      <AboutHealth snapshot={snapshot} />
      {error && !about && (
        <Alert color="red" role="alert" mb="md">
          {t(error.words)}
          <div>
            <Button size="xs" mt="xs" variant="default" onClick={reload}>
              {t(aboutTexts.again)}
            </Button>
          </div>
        </Alert>
      )}
      {!about && !error && <Text role="status">{t(aboutTexts.loading)}</Text>}
      {about && <Versions about={about} />}
      <Section title={t(aboutTexts.paths)}>
        <Panel>
          <div className={lists.list}>
            {about && <Address label={t(aboutTexts.dataFolder)} url={about.dataFolder} />}
            <Address label={t(aboutTexts.mcpUrl)} url={snapshot.mcpUrl} />
          </div>
        </Panel>
      </Section>
      <AboutBundle />
      <Section title={t(aboutTexts.licence)}>
        <Panel>
          <Text size="sm">{t(aboutTexts.licenceText)}</Text>
        </Panel>
      </Section>
    </>
  );
}

function Versions({ about }: { about: AboutView }) {
  const { language, t } = useLanguage();
  const { name, version, tools } = about.definitions;
  const lines: [string, string | null][] = [
    [t(aboutTexts.version), about.version],
    [t(aboutTexts.node), about.node],
    [t(aboutTexts.electron), about.electron],
    [t(aboutTexts.sqlite), about.sqlite],
    [t(aboutTexts.system), `${about.platform} ${about.arch}`],
    [t(aboutTexts.definitions), t(aboutTexts.definitionsOf(name, version, formatCount(tools, language)))],
    [t(aboutTexts.started), formatFull(about.startedAt, language)],
  ];
  return (
    <Section title={t(aboutTexts.versions)}>
      <Panel>
        <dl className={facts.facts}>
          {lines.map(
            ([what, value]) =>
              value !== null && (
                <Fragment key={what}>
                  <dt>{what}</dt>
                  <dd>{value}</dd>
                </Fragment>
              ),
          )}
        </dl>
      </Panel>
    </Section>
  );
}
