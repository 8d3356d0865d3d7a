import { Button, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { AccountView } from '../../src-main/contract/views.ts';
import { useLanguage } from '../language.tsx';
import { linkTo } from '../route.ts';
import { common } from '../texts/common.ts';
import { overview } from '../texts/overview.ts';
import { loginTexts } from '../texts/sign-in.ts';
import { Address } from './address.tsx';
import styles from './login.module.css';
import { Panel } from './section.tsx';

/** The end of a sign-in: who it is, and what comes next. */
export function SignedIn({ account, mcpUrl }: { account: AccountView; mcpUrl: string }) {
  const { t } = useLanguage();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <Panel>
      <h3 ref={heading} tabIndex={-1} className={styles.head}>
        ✓ {t(loginTexts.done(account.name))}
      </h3>
      <Text mb="sm">{t(loginTexts.next)}</Text>
      <Address label={t(overview.mcpUrl)} url={mcpUrl} />
      <div className={styles.acts}>
        <Button size="xs" component="a" href={linkTo('overview')}>
          {t(loginTexts.connect)}
        </Button>
        <Button size="xs" variant="default" component="a" href={linkTo('accounts')}>
          {t(common.close)}
        </Button>
      </div>
    </Panel>
  );
}
