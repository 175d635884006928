/** Shown in place of a page that threw as a whole, bars and all. */
import { CrashNote } from './crash-note.tsx';

export function CrashPage({ error }: { readonly error: unknown }) {
  return (
    <main className="page">
      <CrashNote error={error} what="page" />
    </main>
  );
}
