import type { Label } from '../../../domain/issue.ts';
import { useLang } from '../../i18n/core.ts';
import { TextBox } from '../../ui/form-parts.tsx';
import { useFormsText } from './texts.ts';

const EMPTY: Label = { zh: '', en: '' };

/** A text in both languages; the second one only where somebody wants it. */
export function LabelBox({
  label,
  value = EMPTY,
  example,
  long = false,
  onChange,
}: {
  label: string;
  value: Label | undefined;
  /** What stands there when nothing is written. */
  example?: Label | undefined;
  long?: boolean;
  onChange(next: Label): void;
}) {
  const t = useFormsText();
  const lang = useLang();
  const max = long ? 2000 : 200;
  return (
    <>
      <TextBox
        label={label}
        long={long}
        max={max}
        example={example?.zh}
        value={value.zh}
        onChange={(zh) => onChange({ ...value, zh })}
      />
      <details className="xk-form-english" open={lang === 'en'}>
        <summary>{t('english')}</summary>
        <TextBox
          label={t('english-of', { label })}
          hint={t('english-hint')}
          long={long}
          max={max}
          example={example?.en}
          value={value.en}
          onChange={(en) => onChange({ ...value, en })}
        />
      </details>
    </>
  );
}
