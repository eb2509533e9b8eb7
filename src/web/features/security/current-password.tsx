import { TextField } from '../../ui/text-field.tsx';
import { useSecurityText } from './texts.ts';

/** The password one has, asked for before how one signs in is changed. */
export function CurrentPassword({
  value,
  onChange,
  tried,
}: {
  value: string;
  onChange(next: string): void;
  /** Somebody went on without it. */
  tried: boolean;
}) {
  const t = useSecurityText();
  return (
    <TextField
      label={t('password-now')}
      type="password"
      value={value}
      onChange={onChange}
      problem={tried && value === '' ? t('password-missing') : null}
      autoComplete="current-password"
      large={false}
      autoFocus
    />
  );
}
