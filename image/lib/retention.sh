# shellcheck shell=bash
# What the store keeps of this workload, all its pods together: the newest dump always, older ones within the bounds.
# Nothing is deleted that the agent did not write: a published dump has our manifest, a direct one lies in a folder
# that the agent names, and an unfinished copy has our name.

# An unfinished copy of another pod that has not changed for so long has lost its writer.
readonly STALE_SECONDS=86400
# Bytes that may stay in the store: without a bound of its own, any number.
ROOM_FOR_KEPT=$((2 ** 62))

sweep_store() {
  local root=${STORE:-$DUMP_DIRECTORY}
  [[ -d $root && -w $root ]] || fail "found $root not writable: check the volume's mount, owner and access" || return 1
  [[ ! $STORE ]] || remove_stale_partials
  [[ $RETAIN_AGE$RETAIN_COUNT$RETAIN_MIB ]] || return 0
  if [[ $STORE ]]; then list_published; else list_direct; fi
  remove_surplus
}

remove_stale_partials() {
  local file limit=$STATE_DIRECTORY/stale
  touch -d "@$((EPOCHSECONDS - STALE_SECONDS))" "$limit"
  for file in "$STORE"/*/.*.partial; do
    [[ -f $file && ! -L $file && ${file##*/} =~ ^\.[a-z0-9-]+\.[A-Za-z0-9._-]+\.partial$ && $file -ot $limit ]] || continue
    rm -f "$file" && log_event info partial-removed path "$file" reason "not changed for $STALE_SECONDS s: its writer is gone"
  done
}

# Lines of time, bytes, completeness and path, oldest first, in KEPT. A manifest whose dump somebody took away is no dump.
list_published() {
  local file
  mapfile -t KEPT < <(for file in "$STORE"/*/*.json; do
    if read_manifest "$file" && [[ -e ${file%.json} ]]; then
      printf '%s %s %s %s\n' "${DUMP[time]}" "${DUMP[bytes]}" "${DUMP[complete]}" "${file%.json}"
    fi
  done | LC_ALL=C sort)
}

list_direct() {
  local file time bytes path files=()
  for file in "$DUMP_DIRECTORY"/*/*/*; do
    [[ -f $file && ! -L $file && $file =~ /[a-z0-9.-]+/[0-9]+-[a-z0-9_-]+/[^/[:cntrl:]]+$ ]] && files+=("$file")
  done
  KEPT=()
  ((${#files[@]})) || return 0
  mapfile -t KEPT < <(stat -c '%Y %s %n' "${files[@]}" 2>/dev/null | while read -r time bytes path; do
    format_time "$time"
    printf '%s %s true %s\n' "$TIME" "$bytes" "$path"
  done | LC_ALL=C sort)
}

# The newest dump is the newest complete one, where there is one: what broke off does not stand for it.
find_newest() { # result in NEWEST, an index of KEPT
  local complete
  for ((NEWEST = ${#KEPT[@]} - 1; NEWEST >= 0; NEWEST--)); do
    read -r _ _ complete _ <<<"${KEPT[NEWEST]}"
    [[ $complete != true ]] || return 0
  done
  NEWEST=$((${#KEPT[@]} - 1))
}

add_up() { # results in COUNT and TOTAL
  local entry bytes
  COUNT=${#KEPT[@]} TOTAL=0
  for entry in "${KEPT[@]}"; do
    read -r _ bytes _ <<<"$entry"
    TOTAL=$((TOTAL + bytes))
  done
}

# Result in REASON, empty for a dump that is kept.
judge_dump() { # TIME
  local oldest=''
  REASON=''
  if [[ $RETAIN_AGE ]]; then
    format_time $((EPOCHSECONDS - RETAIN_AGE))
    oldest=$TIME
  fi
  if [[ $oldest && $1 < $oldest ]]; then REASON="older than $RETAIN_AGE s"
  elif [[ $RETAIN_COUNT ]] && ((COUNT > RETAIN_COUNT)); then REASON="one of $COUNT dumps, kept are $RETAIN_COUNT"
  elif [[ $RETAIN_MIB ]] && ((TOTAL > RETAIN_MIB * 1048576)); then REASON="$TOTAL bytes in all, kept are $RETAIN_MIB MiB"
  elif ((TOTAL > ROOM_FOR_KEPT)); then REASON="$TOTAL bytes in all, and the next dump needs room in a store of $STORE_MIB MiB"; fi
}

remove_surplus() {
  local i time bytes path
  add_up
  find_newest
  for ((i = 0; i < ${#KEPT[@]}; i++)); do
    read -r time bytes _ path <<<"${KEPT[i]}"
    judge_dump "$time"
    [[ $REASON ]] || return 0
    if ((i == NEWEST)) || ! remove_dump "$path" "$bytes" "$REASON"; then continue; fi
    COUNT=$((COUNT - 1)) TOTAL=$((TOTAL - bytes))
  done
}

# A store on the node's disk is bounded, and the kubelet evicts a pod that overruns it, the application included. The dump waits in the spool.
make_room() { # BYTES
  [[ $STORE_MIB ]] || return 0
  list_published
  # Beside each dump lies a manifest, and both fill whole blocks.
  ROOM_FOR_KEPT=$((STORE_MIB * 1048576 - $1 - 8192 * (${#KEPT[@]} + 1)))
  remove_surplus
  ((TOTAL <= ROOM_FOR_KEPT)) ||
    fail "found $TOTAL bytes in the store of $STORE_MIB MiB and no room for $1 bytes more: wait for the retention, or raise the sizeLimit of the store"
}

# The dump before its manifest: a dump without one would be left for ever.
remove_dump() { # PATH BYTES REASON
  if [[ $STORE ]]; then
    rm -f "$1" && rm -f "$1.json" || return 1
    [[ ${1%/*} == "$STORE/$POD_NAME" || ${1%/*} == "$STORE/$POD_NAME-$EUID" ]] || rmdir "${1%/*}" 2>/dev/null || true
  else
    is_whole_core "$1" && ! is_open "$1" && rm -f "$1" || return 1
  fi
  log_event info dump-removed path "$1" bytes "$2" reason "$3"
}
