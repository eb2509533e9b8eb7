import { Button } from 'antd';
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { text } from '../i18n/core.ts';
import { EmptyState } from './page.tsx';

/** What a failing part shows instead of a blank page: the sentence, the detail to pass on, another try. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <div role="alert">
      <EmptyState
        title={text('screen-failed')}
        hint={
          <>
            {text('screen-failed-hint')}
            <code className="xk-failure">{error instanceof Error ? error.message : String(error)}</code>
          </>
        }
        action={onRetry && <Button onClick={onRetry}>{text('retry')}</Button>}
      />
    </div>
  );
}

/** Keeps a failure inside its part of the page. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return <Failure error={this.state.error} onRetry={() => this.setState({ error: null })} />;
  }
}
