# shellcheck shell=bash
# What the store keeps of this workload, all its pods together: the newest dump always, older ones within the bounds.
# Nothing is deleted that the agent did not write: a published dump has our manifest, a direct one lies in a folder
# that the agent names, and an unfinished copy has our name.

# An unfinished copy of another pod that has not changed for so long has lost its writer.
readonly STALE_SECONDS=86400

sweep_store() {
  local root=${STORE:-$DUMP_DIRECTORY}
  [[ -d $root && -w $root ]] || fail "found $root not writable: check the volume's mount, owner and access" || return
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

# Lines of time, bytes and path, oldest first, in KEPT.
list_published() {
  local file
  mapfile -t KEPT < <(for file in "$STORE"/*/*.json; do
    ! read_manifest "$file" || printf '%s %s %s\n' "${DUMP[time]}" "${DUMP[bytes]}" "${file%.json}"
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
    printf '%s %s %s\n' "$TIME" "$bytes" "$path"
  done | LC_ALL=C sort)
}

remove_surplus() {
  local entry time bytes path reason count=${#KEPT[@]} total=0 newest=$((${#KEPT[@]} - 1)) oldest=''
  if [[ $RETAIN_AGE ]]; then
    format_time $((EPOCHSECONDS - RETAIN_AGE))
    oldest=$TIME
  fi
  for entry in "${KEPT[@]}"; do
    read -r _ bytes _ <<<"$entry"
    total=$((total + bytes))
  done
  for entry in "${KEPT[@]:0:newest > 0 ? newest : 0}"; do
    read -r time bytes path <<<"$entry"
    reason=''
    if [[ $oldest && $time < $oldest ]]; then reason="older than $RETAIN_AGE s"
    elif [[ $RETAIN_COUNT ]] && ((count > RETAIN_COUNT)); then reason="one of $count dumps, kept are $RETAIN_COUNT"
    elif [[ $RETAIN_MIB ]] && ((total > RETAIN_MIB * 1048576)); then reason="$total bytes in all, kept are $RETAIN_MIB MiB"
    else return 0; fi
    remove_dump "$path" "$bytes" "$reason" || continue
    count=$((count - 1)) total=$((total - bytes))
  done
}

# The dump before its manifest: a dump without one would be left for ever.
remove_dump() { # PATH BYTES REASON
  if [[ $STORE ]]; then
    rm -f "$1" && rm -f "$1.json" || return
    [[ ${1%/*} == "$STORE/$POD_NAME" ]] || rmdir "${1%/*}" 2>/dev/null || true
  else
    is_whole_core "$1" && ! is_open "$1" && rm -f "$1" || return
  fi
  log_event info dump-removed path "$1" bytes "$2" reason "$3"
}
