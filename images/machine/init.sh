#!/bin/sh
# Process 1 of a workspace's machine on Incus: what a system needs to be one, then code-server, whose end is the machine's.
# Nothing of a workspace stands in the image. Tidepool hands over the environment: that of its user, and
#   TIDEPOOL_EDITOR   the command that is code-server, no word of which has a space
#   TIDEPOOL_DNS      addresses for resolv.conf
# The address of eth0 is there already: Tidepool has it set from outside, before this runs.

# Incus asks for a stop with SIGPWR, at any moment; process 1 gets no signal that it does not ask for.
stopping=
trap 'stopping=1; kill -TERM -1 2>/dev/null' PWR TERM INT

# The console is a terminal that makes two characters of a line's end, and its text is read as a log.
stty -opost 2>/dev/null

mount -t tmpfs -o nosuid,nodev,mode=0755 tmpfs /run
mkdir -p /dev/shm /run/lock
mount -t tmpfs -o nosuid,nodev,mode=1777 tmpfs /dev/shm
ip link set lo up
hostname "$TIDEPOOL_WORKSPACE"
# A line of our own: the rest of the file is the owner's.
grep -qs " $TIDEPOOL_WORKSPACE\$" /etc/hosts || printf '127.0.1.1 %s\n' "$TIDEPOOL_WORKSPACE" >>/etc/hosts
rm -f /etc/resolv.conf
for server in $TIDEPOOL_DNS; do printf 'nameserver %s\n' "$server"; done >/etc/resolv.conf

# What an application opens on 127.0.0.1 is reached at the machine's address.
echo 1 >/proc/sys/net/ipv4/conf/eth0/route_localnet
nft -f /usr/lib/tidepool/ports.nft

code=0
if [ -z "$stopping" ]; then
  # In a session of its own, or it would have this terminal; with descriptor 3, on which it says that all stands.
  setsid setpriv --reuid dev --regid dev --init-groups --inh-caps -all -- \
    sh /usr/lib/tidepool/guest.sh boot $TIDEPOOL_EDITOR </dev/null 3>/dev/null &
  editor=$!
  wait "$editor" || code=$?
  # `wait` ends at the signal, too; and one that came while the editor was being started has not reached it.
  if [ -n "$stopping" ]; then
    kill -TERM "$editor" 2>/dev/null
    wait "$editor"
  else
    echo "code-server ended with status $code"
    kill -TERM -1
  fi
fi
# What else runs, also what was run from outside before all stood, may write its files: for 3 s. The kernel then ends the rest.
tries=0
while [ "$tries" -lt 60 ] && kill -0 -1 2>/dev/null; do
  tries=$((tries + 1))
  sleep 0.05
done
sync
exit "$code"
