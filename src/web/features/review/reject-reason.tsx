import { Button } from 'antd';
import { useState } from 'react';
import { Floating } from '../../ui/floating.tsx';
import { useReviewText } from './texts.ts';

/** Why it is rejected; may stay empty. */
export function RejectReason({
  anchor,
  onClose,
  onReject,
}: {
  anchor: DOMRect;
  onClose(): void;
  onReject(note: string): void;
}) {
  const t = useReviewText();
  const [note, setNote] = useState('');
  return (
    <Floating anchor={anchor} onOutside={onClose} label={t('reject-why')}>
      <form
        className="xk-prop-reason"
        onSubmit={(event) => {
          event.preventDefault();
          onReject(note.trim());
        }}
      >
        <label className="xk-form-row">
          <span>{t('reason')}</span>
          <input
            className="xk-plain-input"
            // biome-ignore lint/a11y/noAutofocus: it was opened to be typed into
            autoFocus
            maxLength={500}
            placeholder={t('reason-hint')}
            value={note}
            onChange={({ target }) => setNote(target.value)}
          />
        </label>
        <Button type="primary" htmlType="submit">
          {t('reject')}
        </Button>
      </form>
    </Floating>
  );
}
