#!/usr/bin/env bats
# Tests of the number of dumps and of what a limit must not do.
load helper

@test "the limit per process ends all its ProcDumps" {
  start_dotnet webapi
  PER_PROCESS=1 start_agent dotnet --watch timer -n 1 --watch cpu -pc a:b 1
  eventually logged limit-reached '"limit":1' "limit of 1 dumps of process $TARGET reached"
  eventually status_says '"watches":[]'
  eventually happened procdump-ended 2
  agent_lives
}

@test "the limit per process does not hold back the next process" {
  start_dotnet webapi
  PER_PROCESS=1 start_agent dotnet --watch timer -n 1
  eventually logged limit-reached
  end_target
  start_dotnet webapi
  eventually happened dump-complete 2
}

@test "the limit per pod holds over restarts of the target" {
  start_dotnet webapi
  PER_POD=1 start_agent dotnet --watch timer -n 1
  eventually logged limit-reached '"scope":"pod"'
  end_target
  start_dotnet webapi
  eventually logged target-found "\"pid\":$TARGET"
  sleep 0.5
  [[ $(count_events procdump-started) == 1 ]]
}

@test "the limit per pod holds over a restart of the agent and removal of the files" {
  start_dotnet webapi
  PER_POD=1 start_agent dotnet --watch timer -n 1
  eventually logged limit-reached
  stop_agent
  rm -rf "${T:?}/data/webapi-0"
  : >"$LOG"
  PER_POD=1 start_agent dotnet --watch timer -n 1
  eventually logged limit-reached
  never_logged procdump-started
}

@test "incomplete dumps count for the limits, so that a dump that always breaks is not tried for ever" {
  start_dotnet webapi
  touch "$T/control/dotnet-short"
  PER_POD=1 start_agent dotnet --watch timer -n 1
  eventually logged dump-incomplete
  eventually logged limit-reached
  eventually status_says '"dumpsTaken":0,"dumpsIncomplete":1'
}

# A dump by hand reaches the pod's limit during the slow dump.
@test "a limit that is reached during a native dump does not interrupt it: ProcDump would delete the file" {
  echo 3 >"$T/control/slow"
  start_native worker
  PER_POD=1 COOLDOWN=1 start_agent native --process-name worker --watch memory -m 1,1,1
  eventually find_dump
  sleep 0.5
  make_core "$T/data/webapi-0/core.1" 1000
  eventually logged limit-reached '"scope":"pod"'
  never_logged dump-complete '"watch":"memory"'
  eventually logged dump-complete '"watch":"memory"'
  eventually logged procdump-ended
  [[ $(dump_files | wc -l) == 2 ]]
  eventually target_runs
}

@test "a limit that is reached at rest ends ProcDump at once" {
  start_native worker
  PER_POD=1 start_agent native --process-name worker --watch threads -tc 500
  eventually logged procdump-output 'Starting monitor'
  make_core "$T/data/webapi-0/core.1" 1000
  eventually logged procdump-ended
}

@test "a dump on demand starts no cool-down" {
  start_dotnet webapi
  COOLDOWN=600 start_agent dotnet --watch cpu -pc a:b 1
  eventually logged procdump-output 'Starting monitor'
  dump
  eventually logged dump-complete
  sleep 0.5
  never_logged procdump-ended
}
