# The first program inside bwrap: says that the file system stands, gives a new home what the image has for it, and becomes
# the editor. Usage: guest.sh RUN COMMAND…
printf '%s\n' "$1" >&3
exec 3>&-
umask 022
shift

share=/opt/tidepool/share
machine="$HOME/.local/share/code-server/Machine"
# Once: what the person changes or removes later stays so.
if [ ! -d "$machine" ] && [ -d "$share" ]; then
  mkdir -p "$machine"
  cp "$share/machine-settings.json" "$machine/settings.json"
  cp -Rn "$share/skel/." "$HOME/"
fi

if [ -r "$share/profile" ]; then . "$share/profile"; fi
exec "$@"
