# shellcheck shell=bash
# A crash loop of 50 lives, each with a dump by a trigger and a crash dump by the runtime: caps and the size of the spool hold, while the store
# is away at first.

readonly LOOP=loop-pod-0-procdump LOOP_APP=loop-pod-0-loop
readonly LIVES=50 CAP=12 SPOOL_BYTES=$((256 * 1024 * 1024)) STUCK_SECONDS=66

begin_loop() {
  LOOP_BEGAN=$SECONDS
  lock_store_of "$LOOP"
  watch_loop "$(volume loop-procdump-spool)" "$(volume loop-dumps)/loop-pod-0" &
  WATCHER=$!
}

# The most that was ever seen of the spool's bytes, and of the dumps in spool and store together, unfinished copies not counted.
watch_loop() { # SPOOL STORE
  local used most=0 files count=0
  while :; do
    used=$(du -s -B1 "$1" 2>/dev/null) || true
    ((${used%%[!0-9]*} <= most)) || most=${used%%[!0-9]*}
    # A dump that is published is for a moment in both.
    files=$(find "$1" "$2" -type f ! -name '*.json' ! -name '.*' -printf '%f\n' 2>/dev/null | sort -u | wc -l) || true
    ((files <= count)) || count=$files
    printf '%s %s\n' "$most" "$count" >"$WORK/loop.most.new" && mv "$WORK/loop.most.new" "$WORK/loop.most"
    sleep 0.2
  done
}

has_room_for_none() {
  logged "$LOOP" crash-dumps-fenced 'no room for another dump'
}

# The other proofs run meanwhile.
mend_loop_store() {
  check 'loop: without a store the spool fills up, and crash dumps are fenced off before it is full' eventually 40 has_room_for_none
  check 'loop: meanwhile both probes succeed' probes_succeed "$LOOP"
  unlock_store_of "$LOOP"
}

lives() {
  podman logs "$LOOP_APP" 2>/dev/null | grep -c '^crash: ' || true
}

has_crashed() { # TIMES
  (($(lives) >= $1))
}

prove_loop() {
  local most count
  check "loop: the target has crashed $((LIVES - 1)) times" eventually 60 has_crashed $((LIVES - 1))
  printf '  %s s, %s crash dumps written, %s refused by the fence\n' "$((SECONDS - LOOP_BEGAN))" \
    "$(podman logs "$LOOP_APP" 2>/dev/null | grep -c '^crash: /' || true)" "$(podman logs "$LOOP_APP" 2>/dev/null | grep -c 'Permission denied' || true)"
  check "loop: the limit of $CAP dumps of the pod is reached and told of" eventually 10 logged "$LOOP" limit-reached '"scope":"pod"'
  check 'loop: every dump is in the store once, and the spool is empty' delivers_all loop
  kill "$WATCHER"
  wait "$WATCHER" 2>/dev/null || true
  read -r most count <"$WORK/loop.most"
  printf '  at most %s MiB in the spool of 256, at most %s dumps in spool and store\n' $((most / 1048576)) "$count"
  check 'loop: the spool was never above its limit' test "$most" -le "$SPOOL_BYTES"
  # Between two looks of the agent, at most 2 s apart, the runtime may write crash dumps that are not counted yet.
  check "loop: there were never more than $CAP dumps, and two that crossed the limit" test "$count" -le $((CAP + 2))
  check 'loop: both probes succeed' probes_succeed "$LOOP"
}

# The kubelet's probes fail only when the loop of the agent stands still for more than a minute.
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
