# shellcheck shell=bash
# Measures how long a dump on demand stops a target, as its clients see it (pod-clock), in three pods with different
# delivery: spooled; directly into a store on the local disk; directly into a store that makes each write wait and takes
# 40 MB/s. Figures are compared by ratio within one run, so that the machine and its load do not matter.

# The first rounds are enough for the slow store, which varies less and takes longer.
readonly FREEZE_ROUNDS=5 SLOW_ROUNDS=3 SLOW_RATE=40000000 THROTTLE=/sys/fs/cgroup/blkio
readonly CLOCKS=(dotnet native)
declare -A SLOW_DEVICES=()

# Without barriers, only the limit makes a store slow, not the disk.
make_slow_stores() {
  local clock device
  for clock in "${CLOCKS[@]}"; do
    truncate -s 1G "$WORK/slow-$clock"
    mkfs.ext4 -q -E root_owner=1654:1654 "$WORK/slow-$clock"
    device=$(losetup --find --show "$WORK/slow-$clock") || return
    SLOW_DEVICES[$clock]=$device
    podman volume create --opt type=ext4 --opt device="$device" --opt o=sync,nobarrier "slow-$clock-dumps" >/dev/null || return
  done
}

remove_slow_stores() {
  local device
  for device in "${SLOW_DEVICES[@]}"; do losetup --detach "$device"; done
}

# In version 1 of control groups, a limit does not apply to nested groups: ProcDump writes in one, the runtime in
# another.
throttle_stores() {
  local clock container group numbers
  for clock in "${CLOCKS[@]}"; do
    numbers=$(lsblk --noheadings --nodeps --output MAJ:MIN "${SLOW_DEVICES[$clock]}" | tr -d ' ')
    for container in "slow-pod-0-$clock" "slow-pod-0-of-$clock"; do
      group=$(sed -n 's/^[0-9]*:blkio://p' "/proc/$(main_process "$container")/cgroup")
      printf '%s %s\n' "$numbers" "$SLOW_RATE" >"$THROTTLE$group/blkio.throttle.write_bps_device"
    done
  done
}

play_clocks() {
  local setup clock
  play spooled
  play local
  SETUPS=(local spooled)
  if [[ ! -w $THROTTLE/cgroup.procs ]]; then
    leave_out 'the freeze with a throttled store: there is no blkio controller of the first version of control groups'
  elif ! make_slow_stores; then
    leave_out 'the freeze with a throttled store: there is no loop device'
  else
    play slow
    throttle_stores
    SETUPS+=(slow)
  fi
  for setup in "${SETUPS[@]}"; do
    for clock in "${CLOCKS[@]}"; do
      check "freeze: $clock, $setup: the agent finds the target" eventually 20 logged "$setup-pod-0-of-$clock" target-found '"pid"'
    done
  done
}

prove_freeze() {
  local began=$SECONDS clock round
  play_clocks
  for ((round = 1; round <= FREEZE_ROUNDS; round++)); do
    ((round <= SLOW_ROUNDS)) || SETUPS=(local spooled)
    for clock in "${CLOCKS[@]}"; do
      check "freeze: $clock, round $round: each dump is whole" take_each "$clock"
    done
  done
  for clock in "${CLOCKS[@]}"; do
    print_figures "$clock"
    check_figures "$clock"
  done
  printf '  the proof of the freeze took %s s\n' $((SECONDS - began))
}

# Takes the dumps in turn. The spooled dump is published while the slow one is written, and the pauses that this causes
# in its target count too. It affects no other target.
take_each() { # CLOCK
  local setup code=0
  local -A since=()
  for setup in "${SETUPS[@]}"; do
    since[$setup]=$EPOCHREALTIME
    podman exec "$setup-pod-0-of-$1" dump --no-wait >/dev/null || code=1
    # The dump is removed before it is on the disk. Otherwise the next one would wait for it.
    [[ $setup != local ]] || note_figures "$1" local "${since[local]}" || code=1
  done
  eventually 60 has_free_spool "$1" || code=1
  for setup in "${SETUPS[@]:1}"; do
    note_figures "$1" "$setup" "${since[$setup]}" || code=1
  done
  return "$code"
}

has_free_spool() { # CLOCK
  [[ ! $(files_in "$(volume "spooled-of-$1-spool")") ]]
}

# Records the figures of the only dump in the store and removes it for the next one.
note_figures() { # CLOCK SETUP SINCE
  local store file
  store=$(volume "$2-$1-dumps")
  file=$(find "$store" -type f ! -name '*.json')
  is_whole_core "$file" >/dev/null || return
  printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$(stat --format %s "$file")" "$(longest_pause "$2-pod-0-$1" "$3")" | tee -a "$WORK/freeze.figures"
  find "$store" -type f -delete
}

longest_pause() { # CONTAINER SINCE
  podman logs "$1" | awk -v since="$2" '$1 == "pause" && $2 >= since && $3 > most { most = $3 } END { printf "%.3f", most }'
}

median_of() { # CLOCK SETUP COLUMN
  awk -v clock="$1" -v setup="$2" -v column="$3" '$1 == clock && $2 == setup { print $column }' "$WORK/freeze.figures" | sort --general-numeric-sort |
    awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'
}

print_figures() { # CLOCK
  local setup
  for setup in local spooled slow; do
    [[ $(median_of "$1" "$setup" 3) ]] || continue
    awk -v clock="$1" -v setup="$setup" -v bytes="$(median_of "$1" "$setup" 3)" -v pause="$(median_of "$1" "$setup" 4)" \
      'BEGIN { printf "  %s, %s: %.0f MB, stood still for %.3f s, %.0f MB/s\n", clock, setup, bytes / 1e6, pause, bytes / 1e6 / pause }'
  done
}

check_figures() { # CLOCK
  local spooled on_disk
  spooled=$(median_of "$1" spooled 4)
  on_disk=$(median_of "$1" local 4)
  check "freeze: $1: spooled, the target stands still at most 1.2 × as long as for a dump to the local disk" is_at_most "$spooled / $on_disk" 1.2
  ((${#SLOW_DEVICES[@]})) || return 0
  check "freeze: $1: and shorter than for a dump directly to 40 MB/s by at least 0.8 × (local rate ÷ 40 MB/s)" \
    is_at_most "0.8 * $(median_of "$1" local 3) / $on_disk / $SLOW_RATE" "$(median_of "$1" slow 4) / $spooled"
}

is_at_most() { # EXPRESSION EXPRESSION
  awk "BEGIN { printf \"  found %.2f and %.2f\n\", $1, $2; exit !(($1) <= ($2)) }"
}
