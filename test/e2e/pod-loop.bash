# shellcheck shell=bash
# A crash loop of 50 lives with pauses, each with a dump by a trigger and a crash dump by the runtime. Limits, retention
# and the size of the spool hold, although the store is missing at first.

readonly LOOP=loop-pod-0-procdump LOOP_APP=loop-pod-0-loop
readonly LIVES=50 CAP=12 SPOOL_BYTES=$((256 * 1024 * 1024)) STUCK_SECONDS=66
# The retention of the store, and the size of its largest dump.
readonly KEPT=3 KEPT_BYTES=$((110 * 1024 * 1024)) CRASH_BYTES=$((41 * 1024 * 1024))

begin_loop() {
  LOOP_BEGAN=$SECONDS
  lock_store_of "$LOOP"
  watch_loop "$(volume loop-procdump-spool)" "$(volume loop-dumps)/loop-pod-0" &
  WATCHER=$!
}

# Records the maxima of bytes in the spool, dumps in the store, and their bytes. The names of all dumps go to loop.seen.
watch_loop() { # SPOOL STORE
  local used=0 files bytes most=(0 0 0)
  while :; do
    read -r used _ < <(du -s -B1 "$1" 2>/dev/null) || true
    read -r files bytes < <(list_dumps '%s\n' "$2" | awk '{ bytes += $1 } END { print NR, bytes + 0 }')
    keep_most "$used" "$files" "$bytes"
    printf '%s\n' "${most[*]}" >"$WORK/loop.most.new" && mv "$WORK/loop.most.new" "$WORK/loop.most"
    list_dumps '%f\n' "$1" "$2" >>"$WORK/loop.seen"
    sleep 0.2
  done
}

keep_most() { # VALUE..., result in most
  local i=0 value
  for value in "$@"; do
    ((value <= most[i])) || most[i]=$value
    i=$((i + 1))
  done
}

# Unfinished copies do not count.
list_dumps() { # FORMAT FOLDER...
  find "${@:2}" -type f ! -name '*.json' ! -name '.*' -printf "$1" 2>/dev/null || true
}

has_room_for_none() {
  logged "$LOOP" crash-dumps-fenced 'no room for another dump'
}

# The other tests run meanwhile.
mend_loop_store() {
  check 'loop: without a store the spool fills up, and crash dumps are fenced off before it is full' eventually 40 has_room_for_none
  check 'loop: twice nothing lives for some seconds, and what comes then crashes at once' eventually 60 has_paused_fenced 2
  check 'loop: no crash dump has passed the fence, also while no target lived' has_kept_fence
  check 'loop: meanwhile both probes succeed' probes_succeed "$LOOP"
  unlock_store_of "$LOOP"
}

# Prints what the target reported of its crashes since the first refusal.
crashes_since_fence() {
  podman logs "$LOOP_APP" 2>/dev/null | sed -n '/: no dump: /,$p'
}

has_paused_fenced() { # TIMES
  (($(crashes_since_fence | grep -c '^stillborn: ') >= $1))
}

has_kept_fence() {
  ! crashes_since_fence | grep ': /'
}

count_crashes() { # PATTERN
  podman logs "$LOOP_APP" 2>/dev/null | grep -c "$1" || true
}

has_crashed() { # TIMES
  (($(count_crashes '^crash: ') >= $1))
}

prove_loop() {
  check "loop: the target has crashed $((LIVES - 1)) times" eventually 90 has_crashed $((LIVES - 1))
  printf '  %s s, %s crash dumps written, %s refused by the fence\n' "$((SECONDS - LOOP_BEGAN))" \
    "$(count_crashes ': /')" "$(count_crashes 'Permission denied')"
  check "loop: the limit of $CAP dumps of the pod is reached and told of" eventually 10 logged "$LOOP" limit-reached '"scope":"pod"'
  check 'loop: every dump that retention has not removed is in the store once, and the spool is empty' delivers_all loop
  kill "$WATCHER"
  wait "$WATCHER" 2>/dev/null || true
  prove_loop_bounds
  check 'loop: both probes succeed' probes_succeed "$LOOP"
}

prove_loop_bounds() {
  local spool kept bytes count
  read -r spool kept bytes <"$WORK/loop.most"
  count=$(sort -u "$WORK/loop.seen" | wc -l)
  printf '  at most %s MiB in the spool of 256; at most %s dumps with %s MiB in the store; %s dumps in all\n' \
    $((spool / 1048576)) "$kept" $((bytes / 1048576)) "$count"
  check 'loop: the spool was never above its limit' test "$spool" -le "$SPOOL_BYTES"
  # Between two looks of the agent, at most 2 s apart, the runtime may write crash dumps that are not counted yet.
  check "loop: there were never more than $CAP dumps, and two that crossed the limit" test "$count" -le $((CAP + 2))
  check "loop: the store never had more dumps than the $KEPT that it keeps, and the one that had just come" test "$kept" -le $((KEPT + 1))
  check 'loop: nor more bytes' test "$bytes" -le $((KEPT_BYTES + CRASH_BYTES))
  check 'loop: retention has removed the others' happened "$LOOP" dump-removed $((CAP - KEPT))
  check 'loop: the newest dump is in the store' keeps_newest
}

keeps_newest() {
  [[ -f $(in_store loop "$(events "$LOOP" published | sed -n '$s/.*"path":"\([^"]*\)".*/\1/p')") ]]
}

# The kubelet's probes fail only if the agent's loop is stuck for more than a minute.
begin_standstill() {
  kill -STOP "$(main_process "$LOOP")"
  STOPPED_AT=$SECONDS
}

prove_standstill() {
  local left=$((STOPPED_AT + STUCK_SECONDS - SECONDS))
  ((left <= 0)) || sleep "$left"
  check "loop: an agent that has stood still for $((SECONDS - STOPPED_AT)) s fails both probes" probes_fail "$LOOP"
  kill -CONT "$(main_process "$LOOP")"
  check 'loop: and succeeds again when it goes on' eventually 10 probes_succeed "$LOOP"
}
