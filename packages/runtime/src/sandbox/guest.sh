# The first program inside bwrap: gives a new home what the image has for it, says that all stands, and becomes the editor.
# Usage: guest.sh RUN COMMAND…

# A home that its owner has closed (chmod 000 ~) would never start again. It is a mount, so this follows no link.
chmod u+rwx "$HOME"
cd || exit
umask 022
run=$1
shift

share=/opt/tidepool/share
code="$HOME/.local/share/code-server"

# Written aside first, so that nothing is given half. What is there already stays as it is.
give_home() {
  new="$code/new-home"
  # An attempt that was killed may have left links to what it gave: to copy over them would write into the home.
  rm -rf "$new"
  mkdir -p "$new" "$code/Machine" && cp -R "$share/skel" "$new/" || return
  [ -e "$code/Machine/settings.json" ] ||
    { cp "$share/machine-settings.json" "$new/" && mv "$new/machine-settings.json" "$code/Machine/settings.json"; } || return
  # Some versions of cp call it a failure that a file was there: so what counts is that all of them are.
  cp -Rln "$new/skel/." "$HOME/"
  (cd "$new/skel" && find . | while IFS= read -r each; do [ -e "$HOME/$each" ] || exit 1; done)
}

# Once: what the person changes or removes later stays so. On a full disk, or killed half-way, the next start does it.
if [ -d "$share" ] && [ ! -e "$code/home-given" ]; then
  give_home && : >"$code/home-given"
  rm -rf "$code/new-home"
fi

# The folder may be gone, or be something else by now: the editor says so better than a start that fails.
[ -d project ] || mkdir project
cd project || cd

printf '%s\n' "$run" >&3
exec 3>&-
if [ -r "$share/profile" ]; then . "$share/profile"; fi
exec "$@"
