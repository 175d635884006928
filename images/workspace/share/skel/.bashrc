# What Tidepool's image brings: the prompt, UTF-8, the path. Yours goes below.
if [ -r /opt/tidepool/share/bashrc ]; then . /opt/tidepool/share/bashrc; fi
