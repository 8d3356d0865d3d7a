import { NativeSelect } from '@mantine/core';
import type { Brand } from '../../src-main/contract/views.ts';
import { useLanguage } from '../language.tsx';
import { addTexts, brands } from '../texts/sign-in.ts';

/** Which of the two services. */
export function BrandSelect({ value, onChange }: { value: Brand; onChange: (brand: Brand) => void }) {
  const { t } = useLanguage();
  return (
    <NativeSelect
      label={t(addTexts.brand)}
      description={t(addTexts.brandHint)}
      value={value}
      onChange={(change) => onChange(change.currentTarget.value === 'lark' ? 'lark' : 'feishu')}
      data={[
        { value: 'feishu', label: t(brands.feishu) },
        { value: 'lark', label: t(brands.lark) },
      ]}
    />
  );
}
