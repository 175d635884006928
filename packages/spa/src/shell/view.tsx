/** The view that the address names. Where it throws, what stands around it stays, and it can be drawn anew. */
import { Suspense } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { Outlet, useLocation } from 'react-router';
import { CrashNote } from './crash-note.tsx';

export function View() {
  const { pathname } = useLocation();
  return (
    <ErrorBoundary
      resetKeys={[pathname]}
      fallbackRender={({ error, resetErrorBoundary }) => (
        <CrashNote error={error} what="view" onTryAgain={resetErrorBoundary} />
      )}
    >
      <Suspense>
        <Outlet />
      </Suspense>
    </ErrorBoundary>
  );
}
