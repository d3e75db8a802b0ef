#!/usr/bin/env bats
# Tests of the end of the pod, the room in the spool, crash dumps, dumps on demand and the probes.
load helper

@test "SIGTERM: what is spooled is published first" {
  PROCDUMP_BACKOFF=30 start_spooling_agent dotnet
  eventually rmdir "$T/store"
  make_core "$T/spool/core.1" 1000
  make_core "$T/spool/core.2" 1000
  eventually happened publish-failed 2
  mkdir "$T/store"
  stop_agent
  is_published 2
  logged stopped '"left":0'
}

@test "SIGTERM during a dump: the dump is finished, published and told in the termination message" {
  touch "$T/termination"
  echo 1.5 >"$T/control/dotnet-slow"
  start_dotnet webapi
  start_spooling_agent dotnet --watch timer -n 1
  eventually compgen -G "$T/spool/webapi-0/*/webapi_time_*"
  stop_agent
  is_published 1
  [[ $(<"$T/termination") == "took 1 dumps, published 1, left 0 unpublished in $T/spool" ]]
}

@test "SIGTERM while the store is gone: the agent ends after the drain timeout, and the next one publishes" {
  touch "$T/termination"
  DRAIN=2 start_spooling_agent dotnet
  eventually rmdir "$T/store"
  make_core "$T/spool/core.1" 1000
  eventually logged publish-failed
  SECONDS=0
  stop_agent
  ((SECONDS >= 1 && SECONDS <= 5))
  logged stopped '"left":1'
  [[ $(<"$T/termination") == "took 1 dumps, published 0, left 1 unpublished in $T/spool: found no folder $T/store"* ]]
  start_spooling_agent dotnet
  eventually is_published 1
}

@test "SIGTERM while the store hangs: the agent ends after the drain timeout and leaves no publisher behind" {
  hang_store
  DRAIN=1 start_spooling_agent dotnet
  make_core "$T/spool/core.1" 1000
  eventually grep -q publish "$T/state/publisher.pid"
  SECONDS=0
  stop_agent
  ((SECONDS <= 4))
  eventually test ! -e "/proc/$(cut -d' ' -f1 "$T/state/publisher.pid")"
}

@test "SIGTERM while a file of the spool is held open: the agent ends after the drain timeout" {
  DRAIN=1 start_spooling_agent dotnet
  sleep 300 >"$T/spool/app.log" 3>&- &
  CHILDREN+=("$!")
  sleep 0.5
  kill -TERM "$AGENT"
  TRIES=60 eventually logged stopped
}

@test "SIGTERM with a drain timeout of 0 leaves the dumps in the spool" {
  DRAIN=0 start_spooling_agent dotnet
  eventually rmdir "$T/store"
  make_core "$T/spool/core.1" 1000
  eventually logged publish-failed
  stop_agent
  logged stopped '"left":1'
  [[ -f $T/spool/core.1 ]]
}

@test "a full disk for the agent's state: the dump is kept, said, and published once there is room" {
  mkdir -p "$T/state"
  mount -t tmpfs -o size=64k none "$T/state"
  start_spooling_agent dotnet
  eventually status_says waiting
  cat /dev/zero >"$T/state/filler" 2>/dev/null || true
  make_core "$T/spool/core.1" 1000
  eventually logged degraded 'could not write to' "free space on the node's disk"
  agent_lives
  never_logged agent-failed
  rm "$T/state/filler"
  eventually is_published 1
  umount -l "$T/state"
}

as_user() { # ARGUMENT...
  chmod 0777 "$T"
  mkdir -p -m 0777 "$T/spool" "$T/store"
  setpriv --reuid 1654 --regid 1654 --clear-groups "$T/bin/procdump-agent" run --contract 3 --plan "$(plan_of --runtime dotnet --container procdump \
    --dump-directory "$T/spool" --store "$T/store" --spool-size 1000 --drain-timeout 5 --dumps-per-process 2 --dumps-per-pod "${PER_POD:-5}" --cooldown 0 \
    --crash-dumps --retain-count 3 "$@")" >>"$LOG" 2>>"$T/stderr" 3>&- &
  AGENT=$!
  eventually logged started
}

@test "the fence does not keep the published crash dumps in the spool, and stands again after their removal" {
  PER_POD=1 as_user
  eventually test -d "$T/spool/crash"
  make_core "$T/spool/crash/crash_app_7_webapi-0_1764000000.dmp" 3000000
  chown 1654:1654 "$T"/spool/crash/*
  eventually logged crash-dumps-fenced
  eventually is_published 1
  eventually status_says '"queue":0'
  eventually crash_folder_has 555
}

@test "the whole way as a user without privileges" {
  chmod 0777 "$T"
  setpriv --reuid 1654 --regid 1654 --clear-groups unshare --user --mount bash -c 'exec -a webapi perl "$0"' "$HERE/stand-in-dotnet" 3>&- &
  CHILDREN+=("$!")
  eventually compgen -G "$T/tmp/dotnet-diagnostic-*-socket"
  as_user --watch timer -n 1
  eventually logged published
  eventually is_published 1
  [[ $(stat -c '%u %a' "$T/spool/crash" "$T"/store/webapi-0/*.json) == $'1654 700\n1654 600' ]]
}

@test "a file of another user, which cannot be read, is told of" {
  as_user
  make_core "$T/spool/core.1" 1000
  chmod 0600 "$T/spool/core.1"
  TRIES=160 eventually logged file-unreadable "$T/spool/core.1"
}

# Prints the size of a spool in MiB. The estimate for a target is 1.25 times its resident set plus 128 MiB.
spool_that_holds() { # PERCENT of the estimate for TARGET
  local kib
  kib=$(sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$TARGET/status")
  echo $(((kib * 5 / 4 / 1024 + 128) * $1 / 100))
}

@test "a dump that fits the spool: ProcDump is armed" {
  start_dotnet webapi
  SPOOL_MIB=$(spool_that_holds 110) start_spooling_agent dotnet --watch cpu -pc a:b 1
  eventually logged procdump-started
  eventually status_says '"state":"ok"'
}

@test "a dump that does not fit the spool: ProcDump is not armed, and status says why with the numbers" {
  start_dotnet webapi
  SPOOL_MIB=$(spool_that_holds 90) start_spooling_agent dotnet --watch cpu -pc a:b 1
  eventually logged degraded "no ProcDump is armed: the next dump of process $TARGET may need 1" 'raise the spool'
  sleep 0.5
  never_logged procdump-started
  status_says '"state":"degraded"'
}

@test "what is in the spool counts, and an idle ProcDump is disarmed until it is published" {
  start_dotnet webapi
  SPOOL_MIB=$(spool_that_holds 110) start_spooling_agent dotnet --watch cpu -pc a:b 1
  eventually logged procdump-started
  eventually rmdir "$T/store"
  make_core "$T/spool/core.1" 40000000
  eventually logged degraded 'no ProcDump is armed'
  eventually logged procdump-ended
  mkdir "$T/store"
  TRIES=300 eventually logged spool-fits
  eventually happened procdump-started 2
}

@test "dump refuses what does not fit the spool" {
  start_dotnet webapi
  SPOOL_MIB=10 start_spooling_agent dotnet
  eventually logged target-found
  run dump
  [[ $status == 1 && $output == *"may need"*"the spool holds 0 of 10 MiB"* ]]
}

@test "direct delivery to the node's disk: what does not fit is not taken" {
  start_dotnet webapi
  start_agent dotnet --spool-size "$(spool_that_holds 90)" --watch timer -n 1
  eventually status_says 'no ProcDump is armed'
  never_logged procdump-started
  run dump
  [[ $status == 1 && $output == *"the next dump of process $TARGET may need"* ]]
}

@test "the folder of crash dumps is writable for the target's user while there is room" {
  start_dotnet webapi
  SPOOL_MIB=$(spool_that_holds 110) start_spooling_agent dotnet --crash-dumps
  eventually logged target-found
  eventually crash_folder_has 700
}

@test "the folder of crash dumps is fenced off while the spool has no room" {
  start_dotnet webapi
  SPOOL_MIB=$(spool_that_holds 90) start_spooling_agent dotnet --crash-dumps
  eventually logged crash-dumps-fenced
  eventually crash_folder_has 555
}

@test "the folder of crash dumps stays fenced off when the target has ended: the next one may crash at once" {
  start_dotnet webapi
  SPOOL_MIB=$(spool_that_holds 90) start_spooling_agent dotnet --crash-dumps
  eventually crash_folder_has 555
  end_target
  eventually logged target-lost
  sleep 0.5
  crash_folder_has 555
  never_logged crash-dumps-admitted
}

@test "the folder of crash dumps is fenced off from the start where the spool was left full" {
  mkdir "$T/spool"
  head -c 8M /dev/zero >"$T/spool/left"
  SPOOL_MIB=10 start_spooling_agent dotnet --crash-dumps
  logged crash-dumps-fenced
  crash_folder_has 555
}

@test "no more watches are armed than the spool has room for dumps, the first ones, and status says so" {
  start_dotnet webapi
  SPOOL_MIB=$(spool_that_holds 150) start_spooling_agent dotnet --watch cpu -pc a:b 1 --watch threads -tc 500
  eventually logged procdump-started '"watch":"cpu"'
  eventually status_says 'only the first 1 of 2 watches are armed'
  never_logged procdump-started '"watch":"threads"'
  stop_agent
  : >"$LOG"
  SPOOL_MIB=$(spool_that_holds 220) start_spooling_agent dotnet --watch cpu -pc a:b 1 --watch threads -tc 500
  eventually logged procdump-started '"watch":"threads"'
}

@test "the folder of crash dumps is fenced off when the pod's limit is reached" {
  PER_POD=1 start_spooling_agent dotnet --crash-dumps
  make_core "$T/spool/crash/crash_app_7_webapi-0_1764000000.dmp" 1000
  eventually logged crash-dumps-fenced 'limit of 1 dumps of this pod reached'
  eventually is_published 1
  crash_folder_has 555
}

@test "a new value of the annotation is one dump on demand" {
  start_dotnet webapi
  start_spooling_agent dotnet
  eventually logged target-found
  echo 1 >"$T/annotation"
  eventually logged demand-accepted
  eventually is_published 1
  grep -q '"trigger":"on-demand"' "$T"/store/webapi-0/*.json
  sleep 0.5
  [[ $(count_events demand-accepted) == 1 ]]
  echo 2 >"$T/annotation"
  eventually is_published 2
}

@test "the annotation that is there at the first start does not count" {
  echo 1 >"$T/annotation"
  start_dotnet webapi
  start_spooling_agent dotnet
  eventually logged target-found
  sleep 0.5
  never_logged demand-accepted
}

@test "after a restart of the agent the annotation seen last does not count again, a new one does" {
  start_dotnet webapi
  start_spooling_agent dotnet
  echo 1 >"$T/annotation"
  eventually is_published 1
  stop_agent
  start_spooling_agent dotnet
  sleep 0.5
  [[ $(count_events demand-accepted) == 1 ]]
  stop_agent
  echo 2 >"$T/annotation"
  start_spooling_agent dotnet
  eventually happened demand-accepted 2
}

@test "an annotation that is removed asks for nothing, and set again to the same value for a dump" {
  start_dotnet webapi
  start_agent dotnet
  eventually logged target-found
  echo 1 >"$T/annotation"
  eventually logged demand-complete
  : >"$T/annotation"
  sleep 1
  [[ $(count_events demand-accepted) == 1 && $(count_events demand-failed) == 0 ]]
  echo 1 >"$T/annotation"
  eventually happened demand-accepted 2
}

@test "SIGTERM while a core is still being written: it is waited for, and published" {
  start_spooling_agent dotnet
  make_core "$T/spool/core.1" 1000
  sleep 1.5 3>&- 9>>"$T/spool/core.1" &
  sleep 0.3
  never_logged dump-complete
  stop_agent
  is_published 1
}

@test "a dump on demand that fails is logged with its reason" {
  start_spooling_agent dotnet
  echo 1 >"$T/annotation"
  eventually logged demand-failed 'found no live dotnet target process'
}

@test "SIGTERM while a person's dump is being written, and no trigger is armed: it is waited for" {
  echo 1.5 >"$T/control/dotnet-slow"
  start_dotnet webapi
  start_spooling_agent dotnet
  eventually logged target-found
  dump --no-wait >/dev/null 3>&- &
  eventually test -s "$T/state/dump.lock"
  stop_agent
  logged published
  spool_is_empty
}

@test "SIGTERM in the moment after a file came: it is waited for" {
  PROCDUMP_POLL=2 start_spooling_agent dotnet
  # The first look starts the sweep, the second one ends it.
  sleep 2.5
  make_core "$T/core" 1000
  mv "$T/core" "$T/spool/core"
  stop_agent
  logged published
}
