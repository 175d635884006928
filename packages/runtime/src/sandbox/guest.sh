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
# Once: what the person changes or removes later stays so. All of it is written aside before any of it is given, and the
# last is what says so: on a full disk, or killed half-way, the next start does it.
if [ ! -d "$machine" ] && [ -d "$share" ]; then
  new="${machine%/*}/new-home"
  mkdir -p "$new/machine" && cp "$share/machine-settings.json" "$new/machine/settings.json" &&
    cp -R "$share/skel" "$new/" && cp -Rln "$new/skel/." "$HOME/" && mv "$new/machine" "$machine"
  rm -rf "$new"
fi

# The folder may be gone, or be something else by now: the editor says so better than a start that fails.
[ -d project ] || mkdir project
cd project || cd

printf '%s\n' "$run" >&3
exec 3>&-
if [ -r "$share/profile" ]; then . "$share/profile"; fi
exec "$@"
