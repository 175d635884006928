# The first program inside bwrap: gives a new home what the image has for it, says that all stands, and becomes the editor.
# Usage: guest.sh RUN COMMAND…

# A home that its owner has closed (chmod 000 ~) would never start again. It is a mount, so this follows no link.
chmod u+rwx "$HOME"
cd || exit
umask 022
run=$1
shift

share=/opt/tidepool/share
machine="$HOME/.local/share/code-server/Machine"
# Once: what the person changes or removes later stays so.
if [ ! -d "$machine" ] && [ -d "$share" ]; then
  mkdir -p "$machine"
  cp "$share/machine-settings.json" "$machine/settings.json"
  cp -Rn "$share/skel/." "$HOME/"
fi

# The folder may be gone, or be something else by now: the editor says so better than a start that fails.
[ -d project ] || mkdir project
cd project || cd

printf '%s\n' "$run" >&3
exec 3>&-
if [ -r "$share/profile" ]; then . "$share/profile"; fi
exec "$@"
