/** What programs inside find in their environment: this and what the image's profile adds; nothing comes from the host's. */
import { guestUser } from './guest-etc.ts';

export function guestEnvironment(name: string): Record<string, string> {
  const { home } = guestUser;
  // Node comes from the image: the host's may be of any age.
  const own = [`${home}/.local/bin`, `${home}/.npm-global/bin`, '/opt/tidepool/bin'];
  return {
    HOME: home,
    USER: guestUser.name,
    LOGNAME: guestUser.name,
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    PATH: [...own, '/usr/local/bin', '/usr/bin', '/bin', '/usr/local/sbin', '/usr/sbin'].join(':'),
    TIDEPOOL_WORKSPACE: name,
    // Links of the editor's Ports view: relative to its own page, so they hold whatever the workspace is called.
    VSCODE_PROXY_URI: './port/{{port}}/',
  };
}
