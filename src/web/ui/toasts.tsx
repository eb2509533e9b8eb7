import { App, Button } from 'antd';
import { useRef } from 'react';
import { useText } from '../i18n/core.ts';

export interface Toasts {
  success(message: string): void;
  info(message: string): void;
  /** Stays until read; errors say the fix. */
  error(message: string): void;
  /** Done, with 撤销 beside it for eight seconds, and where to go to see it. */
  undoable(message: string, onUndo: () => void, go?: { label: string; onPick(): void }): void;
}

/** Short messages at the bottom; one place for all of them. */
export function useToasts(): Toasts {
  const { message } = App.useApp();
  const t = useText();
  const count = useRef(0);
  return {
    success: (content) => void message.success(content),
    info: (content) => void message.info(content),
    error: (content) => void message.error({ content, duration: 6 }),
    undoable: (content, onUndo, go) => {
      const key = `undo-${Date.now()}-${count.current++}`;
      void message.success({
        key,
        duration: 8,
        content: (
          <span className="xk-toast">
            {content}
            <Button
              type="link"
              size="small"
              onClick={() => {
                message.destroy(key);
                onUndo();
              }}
            >
              {t('undo')}
            </Button>
            {go && (
              <Button
                type="link"
                size="small"
                onClick={() => {
                  message.destroy(key);
                  go.onPick();
                }}
              >
                {go.label}
              </Button>
            )}
          </span>
        ),
      });
    },
  };
}
