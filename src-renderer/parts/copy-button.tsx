import { Button, CopyButton as Copying } from '@mantine/core';
import { useLanguage } from '../language.tsx';
import { common } from '../texts/common.ts';

/** Copies `value`; `what` names it for those who do not see what the button stands beside. */
export function CopyButton({ value, what }: { value: string; what: string }) {
  const { t } = useLanguage();
  return (
    <Copying value={value}>
      {({ copied, copy }) => (
        <Button size="xs" variant="default" onClick={copy} aria-label={`${t(common.copy)} ${what}`}>
          <span role="status">{copied ? t(common.copied) : t(common.copy)}</span>
        </Button>
      )}
    </Copying>
  );
}
