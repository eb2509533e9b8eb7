import { Button } from 'antd';
import { useState } from 'react';
import { Floating } from '../../ui/floating.tsx';
import { useApprovalText } from './texts.ts';

/** Why it is refused: who asked is told. */
export function RefuseReason({
  anchor,
  onClose,
  onRefuse,
}: {
  anchor: DOMRect;
  onClose(): void;
  onRefuse(word: string): void;
}) {
  const t = useApprovalText();
  const [word, setWord] = useState('');
  return (
    <Floating anchor={anchor} onOutside={onClose} label={t('refuse-why')}>
      <form
        className="xk-approval-reason"
        onSubmit={(event) => {
          event.preventDefault();
          if (word.trim() !== '') onRefuse(word.trim());
        }}
      >
        <label className="xk-form-row">
          <span>{t('reason')}</span>
          <input
            className="xk-plain-input"
            // biome-ignore lint/a11y/noAutofocus: it was opened to be typed into
            autoFocus
            required
            maxLength={500}
            placeholder={t('word-hint')}
            value={word}
            onChange={({ target }) => setWord(target.value)}
          />
        </label>
        <Button type="primary" htmlType="submit" disabled={word.trim() === ''}>
          {t('refuse')}
        </Button>
      </form>
    </Floating>
  );
}
