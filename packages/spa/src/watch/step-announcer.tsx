/** Tells a screen reader which step it is at: not each of those that are over before they are said. */
import type { Job } from '@tidepool/core';
import { useEffect, useState } from 'react';
import { stepWords } from '../workspaces/step-words.ts';

const standsMs = 1_000;

export function StepAnnouncer({ job }: { readonly job: Job }) {
  const sentence = stepSentence(job);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSaid(sentence), standsMs);
    return () => clearTimeout(timer);
  }, [sentence]);
  return (
    <p className="sr" role="status">
      {said}
    </p>
  );
}

/** Its end is told by the page itself. */
function stepSentence({ steps, plan, finishedAt }: Job): string {
  const step = steps.findLast(({ status }) => status === 'running');
  if (!step || finishedAt !== null) return '';
  return `Step ${plan.indexOf(step.name) + 1} of ${plan.length}: ${stepWords[step.name]}`;
}
