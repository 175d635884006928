#!/bin/sh
# Run by Packer inside the machine that becomes the image. Its inputs lie in /tmp/images; the environment comes from
# ../recipe.json: PACKAGES, DEV (the user), DEV_ID, DEV_HOME, DEV_SHELL.
set -eu
inputs=/tmp/images

# shellcheck disable=SC2086 # a list
apk add --no-cache $PACKAGES

# The editor. Alpine's own Node runs it: the one that npm brings is linked with another C library.
mkdir -p /opt/tidepool/lib /opt/tidepool/bin
cp -R "$inputs/workspace/share" /opt/tidepool/share
cp "$inputs/workspace/package.json" "$inputs/workspace/package-lock.json" /opt/tidepool/lib/
cd /opt/tidepool/lib
npm ci --omit=optional --no-audit --no-fund
ln -s node_modules/code-server code-server
for program in node npm npx; do ln -s "/usr/bin/$program" "/opt/tidepool/bin/$program"; done
chown -R root:root /opt/tidepool

# The programs of the boot.
mkdir -p /usr/lib/tidepool
cp "$inputs/sandbox/guest.sh" "$inputs/sandbox/editor.cjs" "$inputs/machine/ports.nft" /usr/lib/tidepool/
install -m 0755 "$inputs/files/boot.sh" /usr/lib/tidepool/boot
install -m 0755 "$inputs/files/tidepool.initd" /etc/init.d/tidepool
rc-update add incus-agent default
rc-update add tidepool default

# The user, whose home the first start fills.
addgroup -g "$DEV_ID" "$DEV"
adduser -D -H -u "$DEV_ID" -G "$DEV" -h "$DEV_HOME" -s "$DEV_SHELL" "$DEV"
install -d -o "$DEV" -g "$DEV" "$DEV_HOME" "$DEV_HOME/project"
printf '%s ALL=(ALL:ALL) NOPASSWD: ALL\n' "$DEV" >/etc/sudoers.d/tidepool
chmod 0440 /etc/sudoers.d/tidepool

node "$inputs/workspace/try.cjs" /opt/tidepool

# Nothing of the machine that built it, and no way in.
passwd -l root
rc-update del sshd default
rm -f /etc/ssh/ssh_host_* /etc/machine-id
touch /etc/machine-id
cloud-init clean --logs
rc-update --all del cloud-init cloud-config cloud-final cloud-init-local || true
rm -rf "$inputs" /root/.npm /var/cache/apk/*
fstrim / || true
