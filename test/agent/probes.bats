#!/usr/bin/env bats
# The probes of the sidecar: the heartbeat, a stuck loop, a store that does not answer.
load helper

beat_of() { # SECONDS ago
  local now
  read -r now _ </proc/uptime
  mkdir -p "$T/state"
  echo $((${now%%.*} - $1)) >"$T/state/heartbeat"
}

@test "the probes pass while the heart beats, at 57 seconds still" {
  beat_of 57
  status --live
  status --ready
}

@test "the probes fail when the loop is stuck for more than a minute" {
  beat_of 62
  run status --live
  [[ $status == 1 && $output =~ "found the last sign of life of the agent "6[2-9]" s ago, expected at most 60 s" ]]
  run status --ready
  [[ $status == 1 ]]
}

@test "the probes pass before the first heartbeat" {
  status --live
}

@test "an agent that idles degraded has a heartbeat" {
  start_agent_raw run --contract 9
  eventually logged degraded
  eventually test -s "$T/state/heartbeat"
}

@test "the probes start no process" {
  beat_of 62
  mkdir "$T/nothing"
  run env PATH="$T/nothing" "$T/bin/status" --live
  [[ $status == 1 && $output == *"loop is stuck"* ]]
}

heartbeat() { cat "$T/state/heartbeat"; }
heart_beats() { # AFTER
  [[ $(heartbeat) != "$1" ]]
}

@test "direct delivery: while the store does not answer the probes pass and the status says so; then work goes on" {
  export PROCDUMP_AT_look="while [[ -e $T/hangs ]]; do sleep 0.1; done"
  export PROCDUMP_AT_witness=$PROCDUMP_AT_look
  start_dotnet webapi
  start_agent dotnet
  eventually logged target-found
  hang_store
  TRIES=600 eventually logged degraded "the storage of the dump directory $T/data does not answer"
  status_says '"state":"degraded","reason":"the storage of the dump directory'
  last=$(heartbeat)
  TRIES=300 eventually heart_beats "$last"
  last=$(heartbeat)
  TRIES=300 eventually heart_beats "$last"
  rm "$T/hangs"
  TRIES=300 eventually status_says '"state":"ok"'
  [[ $(count_events degraded) == 1 ]]
  dump
}

@test "direct delivery: a loop that is stuck while the store answers has no heartbeat" {
  export PROCDUMP_AT_look="while [[ -e $T/hangs ]]; do sleep 0.1; done"
  start_dotnet webapi
  start_agent dotnet
  eventually logged target-found
  hang_store
  sleep 2
  last=$(heartbeat)
  sleep 25
  [[ $(heartbeat) == "$last" ]]
  rm "$T/hangs"
}
