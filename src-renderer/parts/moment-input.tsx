import { TextInput } from '@mantine/core';
import { momentFromPicker, momentToPicker } from '../moment-form.ts';

interface MomentInputProps {
  label: string;
  /** Milliseconds since 1970. */
  value: string | undefined;
  onChange: (value: string | null) => void;
}

/** A moment by the browser's own picker, in the time zone of the page. It counts at Enter, or when one goes on. */
export function MomentInput({ label, value, onChange }: MomentInputProps) {
  const shown = momentToPicker('milliseconds', value);
  const take = (picked: string) => {
    if (picked !== shown) onChange(momentFromPicker('milliseconds', picked) ?? null);
  };
  return (
    <TextInput
      key={shown}
      type="datetime-local"
      label={label}
      defaultValue={shown}
      onBlur={(blur) => take(blur.currentTarget.value)}
      onKeyDown={(press) => press.key === 'Enter' && take(press.currentTarget.value)}
    />
  );
}
