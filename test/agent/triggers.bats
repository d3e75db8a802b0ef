#!/usr/bin/env bats
# Tests of triggers: one dump for each arming, a cool-down for each trigger, and a reserved part of the process's limit.
load helper

# Checks the triggers of the last ProcDump of a watch.
armed() { # WATCH TRIGGERS
  local line
  line=$(grep '"event":"procdump-started"' "$LOG" | grep "\"watch\":\"$1\"" | tail -1)
  [[ $line == *"\"triggers\":\"$2\""* ]]
}

fire() { # SWITCH [COUNTER]
  printf '%s' "${2-}" >"$T/control/fire$1"
}

manifest_says() { # TEXT
  grep -qF -- "$1" "$T"/store/webapi-0/*.json
}

@test "a higher threshold is another trigger, and does not wait" {
  start_dotnet webapi
  PER_PROCESS=3 COOLDOWN=2592000 start_agent dotnet --watch memory -m 1,2
  eventually happened dump-complete 2
  logged dump-complete '"trigger":"memoryAbove 1 MiB"'
  logged dump-complete '"trigger":"memoryAbove 2 MiB"'
  eventually logged watch-finished
}

@test "the same threshold once more waits for the cool-down" {
  start_dotnet webapi
  PER_PROCESS=3 COOLDOWN=3 start_agent dotnet --watch memory -m 1,1,99999
  eventually logged dump-complete
  SECONDS=0
  sleep 1
  [[ $(count_events dump-complete) == 1 ]]
  eventually happened dump-complete 2
  ((SECONDS >= 2))
  eventually armed memory 'memoryAbove 99999 MiB'
}

@test "a cool-down of ten years holds, and does not keep the first dump away" {
  start_dotnet webapi
  COOLDOWN=315360000 start_agent dotnet --watch timer -m 1,1
  eventually logged dump-complete
  eventually logged procdump-ended
  sleep 1.5
  [[ $(count_events procdump-started) == 1 ]]
}

@test "the cool-down is of the trigger that fired: the others of its command line are armed at once, and all after it" {
  start_dotnet webapi
  PER_PROCESS=9 PER_POD=9 COOLDOWN=4 start_agent dotnet --watch polling -tc 20 -pc a:b 1 -pc a:c 2
  eventually armed polling 'threadsAbove 20, counterAbove a:b 1, counterAbove a:c 2'
  fire -pc a:c
  eventually logged dump-complete '"trigger":"counterAbove a:c 2"'
  eventually armed polling 'threadsAbove 20, counterAbove a:b 1'
  fire -tc
  eventually logged dump-complete '"trigger":"threadsAbove 20"'
  eventually status_says "\"coolingDown\":[{\"pid\":$TARGET,\"trigger\":\"threadsAbove 20\",\"until\":\"20"
  TRIES=200 eventually armed polling 'threadsAbove 20, counterAbove a:b 1, counterAbove a:c 2'
  # Re-arming is not a failure. A failure would increase the delay before the next start.
  [[ $(grep -c '"level":"error"' "$LOG" || true) == 0 ]]
}

@test "the cool-down does not end the ProcDumps of other watches" {
  start_dotnet webapi
  COOLDOWN=600 start_agent dotnet --watch timer -n 1 --watch cpu -pc a:b 1
  eventually logged dump-complete '"watch":"timer"'
  sleep 1
  never_logged procdump-ended '"watch":"cpu"'
  fire -pc
  eventually logged dump-complete '"watch":"cpu"'
}

@test "each trigger has its place in the limit: three sizes and a thread trigger, four dumps" {
  start_dotnet webapi
  PER_PROCESS=4 start_agent dotnet --watch polling -m 1,2,3 -tc 20
  eventually happened dump-complete 3
  eventually armed polling 'threadsAbove 20'
  never_logged limit-reached
  fire -tc
  eventually logged dump-complete '"trigger":"threadsAbove 20"'
  eventually logged limit-reached '"limit":4'
}

@test "a trigger that fires again takes what is left of the limit, and no other's place" {
  start_dotnet webapi
  PER_PROCESS=3 start_agent dotnet --watch polling -tc 20 -pc a:b 1
  eventually armed polling 'threadsAbove 20, counterAbove a:b 1'
  fire -tc
  eventually happened dump-complete 1
  eventually happened procdump-started 2
  fire -tc
  eventually happened dump-complete 2
  eventually armed polling 'counterAbove a:b 1'
  fire -tc
  sleep 1
  [[ $(count_events dump-complete) == 2 ]]
  rm "$T/control/fire-tc"
  fire -pc
  eventually logged dump-complete '"trigger":"counterAbove a:b 1"'
}

@test "a timer's pause is its interval, not the cool-down" {
  start_dotnet webapi
  PER_PROCESS=9 PER_POD=3 COOLDOWN=600 start_agent dotnet --watch timer -every 1
  eventually happened dump-complete 3
  eventually logged limit-reached
}

@test "a timer takes its count, and no more" {
  start_dotnet webapi
  PER_PROCESS=9 PER_POD=9 start_agent dotnet --watch timer -n 2
  eventually logged watch-finished
  [[ $(count_events dump-complete) == 2 ]]
}

@test "a collection is two dumps, and counts as two" {
  start_dotnet webapi
  start_agent dotnet --watch gc-generation -gcgen 1
  eventually grep -Fx -- "-gcgen 1 $TARGET $T/data/webapi-0/$TARGET-gc-generation" "$T/control/calls"
  fire -gcgen
  eventually happened dump-complete 1
  fire -gcgen
  eventually happened dump-complete 2
  eventually logged limit-reached '"limit":2'
}

@test "thresholds of a heap are armed one by one, over a restart of the agent, too" {
  start_dotnet webapi
  PER_POD=99 COOLDOWN=600 start_agent dotnet --watch gc-heap -gcm LOH:100,200
  eventually armed gc-heap 'gcHeapAbove LOH 100 MiB'
  fire -gcm
  eventually logged dump-complete '"trigger":"gcHeapAbove LOH 100 MiB"'
  stop_agent
  : >"$LOG"
  PER_POD=99 COOLDOWN=600 start_agent dotnet --watch gc-heap -gcm LOH:100,200
  eventually armed gc-heap 'gcHeapAbove LOH 200 MiB'
}

@test "a cool-down goes on over a restart of the agent" {
  start_dotnet webapi
  COOLDOWN=600 start_agent dotnet --watch polling -tc 20 -pc a:b 1
  eventually logged procdump-output 'Starting monitor'
  fire -tc
  eventually logged dump-complete
  stop_agent
  : >"$LOG"
  COOLDOWN=600 start_agent dotnet --watch polling -tc 20 -pc a:b 1
  eventually armed polling 'counterAbove a:b 1'
}

@test "a limit that changes moves the threshold without a restart of ProcDump's target or of the agent" {
  start_dotnet webapi
  echo 1000 >"$T/memory-limit"
  start_agent dotnet --watch memory -m 75%
  eventually grep -F -- '-n 1 -m 750 ' "$T/control/calls"
  echo 2000 >"$T/memory-limit"
  eventually grep -F -- '-n 1 -m 1500 ' "$T/control/calls"
  [[ $(count_events started) == 1 ]]
}

@test "the manifest names the trigger as the user wrote it, the threshold and the value" {
  start_dotnet webapi
  start_spooling_agent dotnet --watch polling -pc a:b 1.5
  eventually logged procdump-output 'Starting monitor'
  fire -pc
  eventually is_published 1
  manifest_says '"trigger":"counterAbove a:b 1.5","threshold":1.5,"value":2.5,"command":"procdump -n 1 -pc a:b 1.5 '
}

@test "a value that ProcDump does not report is null" {
  start_dotnet webapi
  start_spooling_agent dotnet --watch polling -fc 30 -tc 20
  eventually logged procdump-output 'Starting monitor'
  fire -fc
  eventually is_published 1
  manifest_says '"trigger":"fileDescriptorsAbove 30","threshold":30,"value":null,'
}

@test "a dump of a ProcDump whose agent was killed is known by its name, and by what was armed" {
  start_native worker
  echo 2 >"$T/control/slow"
  COOLDOWN=600 start_spooling_agent native --process-name worker --watch polling -m 1 -tc 20
  eventually compgen -G "$T/spool/webapi-0/*-polling/*"
  kill -KILL "$AGENT"
  COOLDOWN=600 start_spooling_agent native --process-name worker --watch polling -m 1 -tc 20
  TRIES=200 eventually is_published 1
  manifest_says '"trigger":"memoryAbove 1 MiB","threshold":1,"value":null,"command":"procdump -n 1 -m 1 -tc 20 '
  eventually armed polling 'threadsAbove 20'
}

@test "a signal trigger is not armed again while its target stands still" {
  start_native worker
  start_agent native --process-name worker --watch signals -sig 10
  eventually logged procdump-output 'Starting monitor'
  fire -sig
  eventually logged dump-complete '"trigger":"signal 10"'
  kill -STOP "$TARGET"
  eventually status_says '"stopped":true'
  eventually logged procdump-ended
  sleep 1
  started=$(count_events procdump-started)
  sleep 1
  [[ $(count_events procdump-started) == "$started" ]]
  kill -CONT "$TARGET"
  eventually happened procdump-started 2
}

@test "a .NET dump that fails is not tried again by ProcDump itself: it is ended, and armed again later" {
  start_dotnet webapi
  touch "$T/control/dotnet-refuse"
  start_agent dotnet --watch timer -n 1
  eventually logged procdump-output 'An error occurred'
  eventually logged procdump-ended
  rm "$T/control/dotnet-refuse"
  eventually logged dump-complete
}

@test "after a .NET dump that failed the trigger waits: each try freezes the application" {
  start_dotnet webapi
  touch "$T/control/dotnet-refuse"
  PROCDUMP_BACKOFF=4 start_agent dotnet --watch timer -n 1
  eventually logged procdump-output 'An error occurred'
  eventually logged procdump-ended
  sleep 2.5
  [[ $(count_events procdump-started) == 1 ]]
  TRIES=200 eventually happened procdump-started 2
}

@test "while a profiler is being loaded, no other ProcDump is ended: it would delete the profiler's file" {
  start_dotnet webapi
  echo 1000 >"$T/memory-limit"
  start_agent dotnet --watch errors -e --watch memory -m 75%
  eventually happened procdump-started 2
  echo 2000 >"$T/memory-limit"
  sleep 2
  never_logged procdump-ended
  TRIES=300 eventually grep -F -- '-n 1 -m 1500 ' "$T/control/calls"
}
