# Runs as process 1 of the network's pid namespace, outside bwrap: holds the instance's lock, raises the wall, starts the guest.
# When it ends, however it ends, the kernel ends everything in that namespace.
# Usage: namespace.sh STATE FENCES FENCE JOB RUN RULES COMMAND…
# Exit: 75 another run holds the lock; 76 a higher fence has been seen; else what COMMAND exits with.
set -eu
umask 077
state=$1 fences=$2 fence=$3 job=$4 run=$5 rules=$6
shift 6

exec 9>>"$state/lock"
# Not -n: who looks whether a run has ended holds the lock for a moment.
flock -w 2 9 || exit 75

# /proc is still the host's, so this is our pid as the host sees it; the second field is "(sh)", without a space.
read -r pid name status parent f5 f6 f7 f8 f9 f10 f11 f12 f13 f14 f15 f16 f17 f18 f19 f20 f21 started rest </proc/self/stat
read -r boot </proc/sys/kernel/random/boot_id
printf '%s %s %s %s %s %s\n' "$boot" "$pid" "$started" "$parent" "$job" "$run" >"$state/run"
# After the run is on record: who raised the fence before is seen here, who raises it later sees the record.
for seen in "$fences"/*; do
  [ "${seen##*/}" -le "$fence" ] || exit 76
done

# Whoever has this pipe open for reading sees its end when this process is gone.
[ -p "$state/alive" ] || mkfifo "$state/alive"
exec 8<>"$state/alive"
nft -f "$rules"
# pasta has done so; without it nobody has.
ip link set lo up

# The guest's first program writes descriptor 3. None of ours may reach the guest: it could unlock the lock.
code=0
"$@" 3>"$state/up" 8>&- 9>&- || code=$?
exit "$code"
