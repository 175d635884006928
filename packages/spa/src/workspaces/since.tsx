/** When a workspace came into its state, in the middle of a sentence: «2 h ago», exact on hover and focus. */
import { TimeAgo } from '../components/time-ago.tsx';
import { useNowAs } from '../live/use-now.ts';
import { sinceWords } from './status-words.ts';

export function Since({ at }: { readonly at: string }) {
  const words = useNowAs(10_000, (now) => sinceWords(at, now));
  // Above it, in a row, is the link to the workspace.
  return <TimeAgo at={at} words={words} side="right" />;
}
