import { expect, test } from 'vitest';
import { imageProgress } from './image-progress.ts';

test.each([
  [0, 150_000, '[--------------------]   0%  Compiling, about 2 min 30 s left'],
  [52, 60_000, '[##########----------]  52%  Compiling, about 1 min left'],
  [99, 200, '[####################]  99%  Compiling, about 5 s left'],
  [10, null, '[##------------------]  10%  Compiling'],
])('%i%% with %s ms left', (percent, remainingMs, line) => {
  expect(imageProgress({ stage: 'x', title: 'Compiling', detail: null, percent, remainingMs })).toBe(line);
});
