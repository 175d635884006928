import { expect, test } from 'vitest';
import { setupCommand, startCommand } from './setup-command.ts';

test.each([
  ['/var/lib/incus', 'npm run tidepool -- setup incus', 'npm start'],
  ['/srv/incus', 'npm run tidepool -- setup incus --dir /srv/incus', 'INCUS_DIR=/srv/incus npm start'],
  [null, 'npm run tidepool -- setup incus', 'npm start'],
])('for the daemon of %s the next commands name what they need', (directory, setUp, start) => {
  expect([setupCommand({ directory }), startCommand({ directory })]).toEqual([setUp, start]);
});
