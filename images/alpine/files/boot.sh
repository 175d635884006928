#!/bin/sh
# What the machine is for: the editor of a workspace. Tidepool hands over the environment by Incus's own channel.
set -eu
set -a
eval "$(curl --silent --fail --retry 30 --retry-all-errors --retry-delay 1 --unix-socket /dev/incus/sock \
  http://incus/1.0/config/user.tidepool.environment | sed "s/'/'\\\\''/g; s/=/='/; s/\$/'/")"
set +a
hostname "$TIDEPOOL_WORKSPACE"
grep -qs " $TIDEPOOL_WORKSPACE\$" /etc/hosts || printf '127.0.1.1 %s\n' "$TIDEPOOL_WORKSPACE" >>/etc/hosts
# What an application opens on 127.0.0.1 is reached at the machine's address.
echo 1 >/proc/sys/net/ipv4/conf/eth0/route_localnet
nft -f /usr/lib/tidepool/ports.nft
# shellcheck disable=SC2086 # the command's words have no spaces
setpriv --reuid "$USER" --regid "$USER" --init-groups -- \
  sh /usr/lib/tidepool/guest.sh boot $TIDEPOOL_EDITOR 3>/dev/null || true
# The editor's end is the machine's, as in every runtime.
poweroff
