#!/bin/sh
# In a mount and pid namespace of its own: makes $1 the root of a machine that shares this one's kernel and network, and
# runs the set-up of the clone $2 in it with the Node in the directory $3, once each way. $4: the bridge's name.
set -eux
root=$1 clone=$2 node=$3 bridge=$4

mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
for directory in "$clone" "$node"; do
  mkdir -p "$root$directory"
  mount --bind "$directory" "$root$directory"
done
cp /etc/resolv.conf "$root/etc/resolv.conf"
# Not only chroot: lxcfs does so itself, and insists that what it leaves is a mount.
mkdir -p "$root/.outside"
cd "$root"
pivot_root . .outside
cd /
export PATH="$node:/usr/sbin:/usr/bin:/sbin:/bin" HOME=/root TIDEPOOL_INCUS_NETWORK="$bridge"

listing() {
  dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sort
  for path in /etc/subuid /etc/subgid /etc/apt/sources.list.d /var/lib/incus; do
    find "$path" -maxdepth 1 2>&1 | sort
    if [ -f "$path" ]; then cat "$path"; fi
  done
  grep ' /var/lib/incus' /proc/mounts || true
}
setup() {
  echo "== setup incus $*"
  if node "$clone/packages/cli/src/main.ts" setup incus --pool-size 5 "$@" </dev/null 2>&1; then code=0; else code=$?; fi
  echo "== ended with $code"
}

set +x
listing >/before
setup --yes
setup --check
setup --yes
setup --undo --yes
listing >/after
echo '== left over'
diff /before /after || true
