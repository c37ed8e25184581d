#!/bin/sh
# Waits for the end of the process that started it, and then stops that process's database server, unless another
# process uses the server too. A killed process can do nothing for itself, but the pipe to it closes.
#
# Arguments: the process's own user file, the folder of all user files, the cluster's folder, the server's process id.

# A line on the pipe says that the server has been seen to.
read -r _ && exit 0

rm -f "$1"
for user in "$2"/*.json; do
  name=${user##*/}
  kill -0 "${name%%-*}" 2>/dev/null && exit 0
done
# The id may be another program's by now; while the server lives, its pid file names it.
read -r server < "$3/postmaster.pid" && [ "$server" = "$4" ] && kill -INT "$4"
