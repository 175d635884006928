/** The offer «Stop X and start Y», what has become of it, and what follows it through. Mounted as long as there is one. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useNavigate } from 'react-router';
import { type CreateDraft, createDraft } from '../create/create-draft.ts';
import { forgetDraft, readDraft } from '../drafts/draft-store.ts';
import { paths } from '../routing/paths.ts';
import { useServices } from '../services/services.ts';
import { verbs } from '../workspaces/verbs.ts';
import { FailedDialog } from './failed-dialog.tsx';
import { createFollowThrough, type FollowThrough } from './follow-through.ts';
import { FollowingCard } from './following-card.tsx';
import { keepFollowing } from './kept-following.ts';
import { OfferDialog } from './offer-dialog.tsx';
import { ProgressDialog } from './progress-dialog.tsx';

export function CapacityDialog() {
  const { following: store } = useServices();
  const followThrough = useFollowThrough();
  const following = useSyncExternalStore(store.subscribe, store.get);
  if (!following) return null;
  const shared = { following, followThrough };
  if (!following.isShown) return <FollowingCard {...shared} />;
  if (following.stage === 'offered') return <OfferDialog {...shared} />;
  return following.stage === 'failed' ? <FailedDialog {...shared} /> : <ProgressDialog {...shared} />;
}

function useFollowThrough(): FollowThrough {
  const { client, known, following, toasts } = useServices();
  const navigate = useNavigate();
  const [followThrough] = useState(() =>
    createFollowThrough({
      client,
      known,
      following,
      onFailure: (problem) => {
        const wish = following.get()?.wish;
        const done = wish?.verb === 'create' ? 'created' : verbs[wish?.verb ?? 'start'].done;
        toasts.problem(problem, wish && `${wish.name} was not ${done}`);
      },
      onAccepted: ({ job }, { verb, name }, isShown) => {
        if (verb !== 'create') return;
        // Another one may be typed by now.
        if (readDraft<CreateDraft>(createDraft, {}).name === name) forgetDraft(createDraft);
        if (isShown) void navigate(paths.watch(name), { state: { jobId: job.id, isLead: true } });
      },
      onDone: (name) => toasts.say(`${name} is running`),
    }),
  );
  useEffect(() => {
    const endKeeping = keepFollowing(following);
    void followThrough.resume();
    return endKeeping;
  }, [following, followThrough]);
  return followThrough;
}
