import { type FormEvent, type RefObject, useRef, useState } from 'react';
import { ControlError } from './control-client.ts';

export interface SecretForm {
  busy: boolean;
  /** Why the gateway refused what was sent last. */
  error: ControlError | null;
  /** The field with the secret. React never knows its value. */
  secret: RefObject<HTMLInputElement | null>;
  submit: (event: FormEvent) => void;
}

/** A form with a secret in it: read when it is sent, and gone from the page at once, whatever becomes of it. */
export function useSecretForm(send: (secret: string) => Promise<void>): SecretForm {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ControlError | null>(null);
  const secret = useRef<HTMLInputElement>(null);
  const run = async (value: string) => {
    setBusy(true);
    setError(null);
    try {
      await send(value);
    } catch (thrown) {
      setError(ControlError.from(thrown));
      secret.current?.focus();
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const value = secret.current?.value.trim() ?? '';
    if (secret.current) secret.current.value = '';
    void run(value);
  };
  return { busy, error, secret, submit };
}
