# Becomes `tart run`, whose own lock then keeps a second one out. It first takes the number of the run by writing itself
# down, and looks at the fences after that, while a stop raises the fence first and looks for a run after that: so of a late
# start and a stop, the stop always wins.
# Usage: launch.sh RUNS NUMBER NOTE FENCES FENCE COMMAND…
# Exits with 75 where the number is taken, 76 where the fence is passed, 74 where it cannot write.

runs=$1 number=$2 note=$3 fences=$4 fence=$5
shift 5
draft=$runs/.$number.$$
# The environment of process-starts.ts.
{ echo "$$" && TZ=UTC LC_ALL=C ps -o lstart= -p "$$" && printf '%s\n' "$note"; } >"$draft" || exit 74
if ! ln "$draft" "$runs/$number" 2>/dev/null; then
  rm -f "$draft"
  if [ -e "$runs/$number" ]; then exit 75; fi
  exit 74
fi
rm -f "$draft"
for seen in "$fences"/*; do
  if [ "${seen##*/}" -gt "$fence" ]; then exit 76; fi
done
exec "$@"
