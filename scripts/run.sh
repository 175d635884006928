#!/bin/sh
# Runs a file of this repository under the pinned Node, dependencies installed: sh scripts/run.sh FILE ARGUMENT…
#
# A shell does it because Node 20 cannot replace itself by another program. So nothing stands between npm and FILE:
# Ctrl-C and SIGTERM reach it once each, its exit code is npm's, and no memory is held for a parent that only waits.
# docs/ADR/0009-pinned-node.md has the whole of it.
set -eu
cd "$(dirname "$0")/.."

# Where Linux lets us: whoever kills npm with -9 has killed FILE too, and an install under way. The kernel sends that
# signal for a parent that dies from now on; for one that died before, the number of the parent has changed.
if [ "${1-}" != --tied ] && setpriv --pdeathsig KILL true 2>/dev/null; then
  exec setpriv --pdeathsig KILL sh scripts/run.sh --tied "$PPID" "$@"
fi
tie=
if [ "${1-}" = --tied ]; then
  [ "$2" = "$PPID" ] || exit 1
  shift 2
  tie='setpriv --pdeathsig TERM'
fi

# One install at a time. The lock is on this directory, and goes with its holder, however that one ends.
exec 9<.
if command -v flock >/dev/null && ! flock -n 9; then
  echo 'Waiting for another install of the dependencies in this directory to end.' >&2
  flock 9
fi
node=$(exec $tie node scripts/bootstrap.mjs)
exec 9>&-

# A closed terminal takes npm first, while FILE is ending in order. So FILE gets a signal that it may ignore then; whoever
# does not know it is killed by it.
if [ -n "$tie" ]; then
  exec setpriv --pdeathsig USR2 "$node" "$@"
fi
exec "$node" "$@"
