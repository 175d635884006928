# What Tidepool's image brings: UTF-8, the path. Yours goes below.
if [ -r /opt/tidepool/share/profile ]; then . /opt/tidepool/share/profile; fi
if [ -n "$BASH_VERSION" ] && [ -r "$HOME/.bashrc" ]; then . "$HOME/.bashrc"; fi
