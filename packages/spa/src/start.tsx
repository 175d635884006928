/** Wires the page and puts it on screen. What throws while it is drawn is answered with a page of its own. */
import { startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { createServices } from './services/create-services.ts';
import { CrashPage } from './shell/crash-page.tsx';
import { applyStoredTheme } from './shell/theme.ts';

export function start(): void {
  const element = document.getElementById('root');
  if (!element) throw new Error('index.html has no #root');
  applyStoredTheme();

  const root = createRoot(element, {
    onUncaughtError: (error) => {
      console.error(error);
      // React has taken its tree down; the crash page gets one of its own.
      const crashed = document.createElement('div');
      element.replaceWith(crashed);
      createRoot(crashed).render(<CrashPage error={error} />);
    },
  });
  const page = <App {...createServices()} />;
  // Drawn in slices: in between, the browser answers.
  startTransition(() => root.render(page));
}
