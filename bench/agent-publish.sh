#!/usr/bin/env bash
# usage: agent-publish.sh MIB ROUNDS - publishes a file with the agent's publisher and copies it with cp and fsync, in
# turn. Prints lines of store, seconds of cp and seconds of the publisher. The store is a file system on a loop device,
# which the kernel limits to 40 MB/s or not at all. Exits with 77 without root or the blkio controller of version 1 of
# control groups.
set -euo pipefail
readonly MIB=$1 ROUNDS=$2 LIMIT=40000000 GROUPS_ROOT=/sys/fs/cgroup/blkio

not_run() { # REASON
  printf '\n==== NOT RUN: %s ====\n\n' "$1" >&2
  exit 77
}

make_disk() {
  truncate -s "$((MIB * 3 + 200))M" "$WORK/disk"
  mkfs.ext4 -q "$WORK/disk"
  DEVICE=$(losetup --find --show "$WORK/disk") || not_run 'there is no loop device'
  mount "$DEVICE" "$WORK/store"
}

limit_disk() { # BYTES-PER-SECOND, 0 for no limit
  printf '%s %s\n' "$(lsblk --noheadings --nodeps --output MAJ:MIN "$DEVICE" | tr -d ' ')" "$1" >"$GROUP/blkio.throttle.write_bps_device"
}

leave() {
  set +e
  printf '%s\n' "$BASHPID" >"$GROUPS_ROOT/cgroup.procs"
  ! mountpoint --quiet "$WORK/store" || umount "$WORK/store"
  [[ ! $DEVICE ]] || losetup --detach "$DEVICE"
  [[ ! -d $GROUP ]] || rmdir "$GROUP"
  rm -rf --one-file-system "${WORK:?}"
} 2>/dev/null

seconds() { # COMMAND...
  local began=$EPOCHREALTIME
  "$@" >/dev/null
  awk -v began="$began" -v ended="$EPOCHREALTIME" 'BEGIN { printf "%.2f", ended - began }'
}

copy() {
  cp "$WORK/source" "$WORK/store/copy" && sync "$WORK/store/copy"
}

publish() {
  "$WORK/procdump-agent" publish 1
}

measure() { # NAME
  local copied published
  rm -rf "${WORK:?}/store/copy" "${WORK:?}/store/${POD_NAME:?}"
  cp "$WORK/source" "$WORK/spool/core.1"
  printf '{"Source":"%s","Manifest":{"complete":true,"trigger":"cpu"}}\n' "$WORK/spool/core.1" >"$WORK/state/queue/1"
  sync
  copied=$(seconds copy)
  published=$(seconds publish)
  cmp "$WORK/source" "$WORK/store/$POD_NAME/core.1"
  printf '%s\t%s\t%s\n' "$1" "$copied" "$published"
}

((EUID == 0)) || not_run 'the bench of publication needs root'
[[ -w $GROUPS_ROOT/cgroup.procs ]] || not_run 'there is no blkio controller of the first version of control groups'
WORK=$(mktemp -d -p /var/tmp)
DEVICE='' GROUP=$GROUPS_ROOT/${WORK##*/}
trap leave EXIT
trap 'exit 130' INT TERM
mkdir -p "$WORK"/{spool,store,state/queue} "$GROUP"
export POD_NAME=webapi-0 PROCDUMP_STATE_DIR=$WORK/state
node test/agent/plan.mjs --runtime dotnet --container procdump --dump-directory "$WORK/spool" --store "$WORK/store" --spool-size 9000 \
  --drain-timeout 60 --dumps-per-process 2 --dumps-per-pod 5 --cooldown 0 >"$WORK/state/plan.json"
test/agent/build "$WORK/procdump-agent" hooks
dd if=/dev/urandom of="$WORK/source" bs=1M count="$MIB" status=none
# The publisher accepts only core files.
perl -Itest/agent -MCore -e 'print Core::header(1), Core::segment(120, 0, $ARGV[0] * 2**20 - 120)' "$MIB" |
  dd of="$WORK/source" conv=notrunc status=none
make_disk
printf '%s\n' "$BASHPID" >"$GROUP/cgroup.procs"
for ((round = 0; round < ROUNDS; round++)); do
  limit_disk "$LIMIT"
  mount -o remount,sync "$WORK/store"
  measure '40 MB/s, writes wait for the disk'
  mount -o remount,async "$WORK/store"
  measure '40 MB/s, writes go to the page cache'
  limit_disk 0
  measure 'not throttled, page cache'
done
