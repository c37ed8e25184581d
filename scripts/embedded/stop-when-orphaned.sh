#!/bin/sh
# Waits for the end of the process that started it, and then stops that process's database server, unless another
# process uses the server too. A killed process can do nothing for itself, but the pipe to it closes.
#
# Arguments: the process's own user file, the folder of all user files, the cluster's folder.

# A line on the pipe says that the server has been seen to.
read -r _ && exit 0

rm -f "$1"

# An id may go to any other program; the server's own command line names its cluster.
is_server() {
  { tr '\0' ' ' <"/proc/$1/cmdline" || ps -o args= -p "$1"; } 2>/dev/null | grep -qF -- "-D $2 "
}

# Killed while it was starting the server, the process may have left one that has not written its id yet.
tries=0
while [ "$tries" -lt 20 ]; do
  for user in "$2"/*.json; do
    name=${user##*/}
    kill -0 "${name%%-*}" 2>/dev/null && exit 0
  done
  if read -r server <"$3/postmaster.pid" && is_server "$server" "$3"; then
    kill -INT "$server"
    exit
  fi
  tries=$((tries + 1))
  sleep 0.1
done
