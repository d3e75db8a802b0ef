#!/usr/bin/env bats
# What files of a compromised application can do to the dumps of others, and to what the sidecar reports.
load helper

# A published dump of another pod.
dump_of_other_pod() { # NAME
  local path=$T/store/webapi-1/$1
  make_core "$path" 1000
  printf '{"schema":"cdk8s-procdump/manifest/1","file":"%s","bytes":%s,"sha256":"%s","complete":true,"dumpedAt":"%s"}\n' \
    "$1" "$(stat -c %s "$path")" "$(sha256sum <"$path" | cut -d' ' -f1)" "$(date -u +%FT%TZ)" >"$path.json"
}

nothing_waits() { status_says '"queue":0' && logged published; }

@test "dumps in folders that the application makes up count as dumps by hand" {
  PER_POD=2 start_spooling_agent dotnet
  for number in {1..15}; do make_core "$T/spool/webapi-0/1-other/core.$number" 1000; done
  eventually logged file-left
  TRIES=200 eventually nothing_waits
  [[ $(verified) == 7 ]]
}

@test "dumps in the folder of a trigger have a limit, and so have those on demand that nobody asked for" {
  start_dotnet webapi
  PER_POD=2 start_spooling_agent dotnet --watch polling -tc 99
  eventually logged procdump-started
  for number in {1..30}; do make_core "$T/spool/webapi-0/$TARGET-polling/core.$number" 1000; done
  for number in {1..20}; do make_core "$T/spool/webapi-0/$TARGET-on_demand/core.$number" 1000; done
  eventually logged file-left 'taken by triggers and crashes'
  eventually logged file-left 'more than the requests'
  sleep 1
  TRIES=400 eventually nothing_waits
  (($(verified) <= 2 + 5 + 4 + 5))
}

@test "every dump on demand that a person asks for is published" {
  start_dotnet webapi
  start_spooling_agent dotnet
  for number in {1..8}; do
    run dump
    [[ $status == 0 && $output == "$T/store/"* ]]
    sleep 1.1
  done
  [[ $(verified) == 8 ]]
}

@test "a pod with more dumps than its limits allow pushes out its own, not those of others" {
  make_core "$T/data/webapi-1/7-timer/honest" 1000
  touch -d '-1 hour' "$T/data/webapi-1/7-timer/honest"
  for number in {1..9}; do make_core "$T/data/webapi-9/1-x/$number" 1000; done
  PER_POD=2 start_agent dotnet --retain-count 8
  eventually logged dump-removed "$T/data/webapi-9/"
  sleep 1
  [[ -f $T/data/webapi-1/7-timer/honest && $(find "$T/data" -type f | wc -l) == 8 ]]
}

@test "one dump that is larger than all that is kept pushes out nobody" {
  dump_of_other_pod honest
  start_spooling_agent dotnet --retain-mib 5
  make_core "$T/core" 1000
  truncate -s 6M "$T/core"
  mv "$T/core" "$T/spool/core"
  eventually logged published
  sleep 1
  [[ -f $T/store/webapi-1/honest && -f $T/store/webapi-0/core ]]
}

@test "with direct delivery, files that are no dumps push out none" {
  for pod in 1 2 3; do make_core "$T/data/webapi-$pod/7-timer/honest" 1000; done
  mkdir -p "$T/data/webapi-0/1-x"
  for number in {1..5}; do echo text >"$T/data/webapi-0/1-x/$number"; done
  start_agent dotnet --retain-count 2
  eventually logged dump-removed 'one of 3 dumps, kept are 2'
  sleep 1
  [[ $(find "$T/data" -name honest | wc -l) == 2 ]]
}

@test "with direct delivery, dumps with a time in the future do not push out those that come" {
  for number in 1 2; do
    make_core "$T/data/webapi-9/1-x/$number" 1000
    touch -d 2100-01-01 "$T/data/webapi-9/1-x/$number"
  done
  make_core "$T/data/webapi-1/7-timer/honest" 1000
  start_agent dotnet --retain-count 2
  eventually logged dump-removed "$T/data/webapi-9/"
  sleep 1
  [[ -f $T/data/webapi-1/7-timer/honest ]]
}

@test "a dump is not given up while the application holds a lease on it" {
  start_agent_of_app dotnet
  make_core "$T/core" 1000
  chown 1654 "$T/core"
  as_app perl -e 'open my $file, ">>", $ARGV[0]; $SIG{IO} = sub {}; fcntl $file, 1024, 1 or die $!; rename $ARGV[0], $ARGV[1];
    my $end = time + 5; while (time < $end) { fcntl $file, 1024, 1; select undef, undef, undef, 0.1 }' "$T/core" "$T/spool/core"
  eventually is_published 1
  never_logged file-unreadable
  never_logged dump-vanished
}

@test "a dump that cannot be opened for a moment stays in the queue" {
  start_agent_of_app dotnet
  eventually rmdir "$T/store"
  make_core "$T/core" 1000
  chown 1654 "$T/core"
  mv "$T/core" "$T/spool/core"
  eventually logged publish-failed
  as_app perl -e 'open my $file, ">>", $ARGV[0]; $SIG{IO} = sub {}; fcntl $file, 1024, 1 or die $!; mkdir $ARGV[1];
    my $end = time + 5; while (time < $end) { fcntl $file, 1024, 1; select undef, undef, undef, 0.1 }' "$T/spool/core" "$T/store"
  TRIES=200 eventually is_published 1
  never_logged dump-vanished
}

@test "files of another user do not fill the log" {
  start_agent_of_app dotnet
  for number in {1..60}; do
    echo text >"$T/spool/$number"
    chmod 0 "$T/spool/$number"
  done
  eventually happened file-unreadable 20
  sleep 1
  [[ $(count_events file-unreadable) == 20 ]]
}

@test "the folder of crash dumps comes back with its mode when the application removes it or opens it" {
  PER_POD=1 start_spooling_agent dotnet --crash-dumps
  rm -r "$T/spool/crash"
  eventually test -d "$T/spool/crash"
  make_core "$T/spool/crash/crash_app_7_webapi-0_1764000000.dmp" 1000
  eventually logged crash-dumps-fenced
  eventually is_published 1
  chmod 0700 "$T/spool/crash"
  eventually crash_folder_has 555
  rm -r "$T/spool/crash"
  eventually test -d "$T/spool/crash"
}

@test "a process that was too large once does not fence the crash dumps of the others for ever, and status says it is fenced" {
  start_dotnet webapi
  SPOOL_MIB=400 start_spooling_agent dotnet --crash-dumps
  eventually logged target-found
  start_mute_runtimes 1 300 5
  eventually logged crash-dumps-fenced
  eventually status_says 'the runtime cannot write crash dumps: the spool has no room'
  TRIES=600 eventually logged crash-dumps-admitted
  eventually status_says '"state":"ok"'
}

@test "a text that grows in the folder of a trigger does not keep the trigger from being armed" {
  start_dotnet webapi
  mkdir -p "$T/spool/webapi-0/$TARGET-polling"
  (while sleep 0.05; do echo text >>"$T/spool/webapi-0/$TARGET-polling/notes.txt"; done) 3>&- &
  CHILDREN+=("$!")
  sleep 0.5
  start_spooling_agent dotnet --watch polling -tc 99
  eventually logged procdump-started
  touch "$T/control/fire-tc"
  TRIES=200 eventually logged published
}

@test "a dump that has grown beyond the spool since it was found is not published" {
  SPOOL_MIB=10 start_spooling_agent dotnet
  eventually rmdir "$T/store"
  make_core "$T/spool/core" 1000
  eventually logged publish-failed
  truncate -s 30M "$T/spool/core"
  mkdir "$T/store"
  TRIES=200 eventually logged file-left 'it has 30 MiB'
  [[ ! $(in_store) ]]
}

@test "a dump that is changed through memory while it is copied is not called complete" {
  export PROCDUMP_AT_copying="touch $T/copying; sleep 0.5"
  start_spooling_agent dotnet
  eventually rmdir "$T/store"
  make_core "$T/spool/core" 5000
  eventually logged publish-failed
  python3 -c 'import mmap, os, sys, time
file = open(sys.argv[1], "r+b")
memory = mmap.mmap(file.fileno(), 0)
memory[64] = memory[64]
os.mkdir(sys.argv[2])
while not os.path.exists(sys.argv[3]): time.sleep(0.01)
memory[96:104] = (1 << 32).to_bytes(8, "little")
time.sleep(60)' "$T/spool/core" "$T/store" "$T/copying" 3>&- &
  CHILDREN+=("$!")
  TRIES=200 eventually compgen -G "$T/store/webapi-0/*.json"
  grep -q '"complete":false' "$T"/store/webapi-0/*.json
}

@test "a dump that cannot be removed from the spool arrives once" {
  mkdir -p "$T/spool/mine"
  mount -t tmpfs none "$T/spool/mine"
  make_core "$T/spool/mine/core" 1000
  mount -o remount,ro "$T/spool/mine"
  start_spooling_agent dotnet
  TRIES=200 eventually happened publish-failed 3
  umount -l "$T/spool/mine"
  [[ $(count_events dump-arrived) == 1 && $(wc -l <"$T/state/published") == 1 ]]
}

@test "dumps lists all of a store that lends no files, beside processes with many descriptors" {
  for number in 1 2 3; do make_core "$T/data/webapi-0/7-timer/honest$number" 1000; done
  chown -R 1654 "$T/data/webapi-0"
  start_agent dotnet
  ulimit -n "$(ulimit -Hn)"
  for number in {1..6}; do
    perl -e 'open my $file, "<", "/etc/passwd"; my @copies; while (@copies < 20000) { open my $copy, "<&", $file or last;
      push @copies, $copy } pop @copies; open my $ready, ">", $ARGV[0]; sleep 300' "$T/ready$number" 3>&- &
    CHILDREN+=("$!")
  done
  for number in {1..6}; do TRIES=400 eventually test -e "$T/ready$number"; done
  run setpriv --bounding-set -lease --inh-caps -lease dumps
  [[ $status == 0 && $output == *honest1*honest2*honest3* ]]
}

@test "with direct delivery, dumps quotes a name that looks like another column" {
  start_dotnet webapi
  start_agent dotnet
  eventually logged target-found
  mkdir -p "$T/data/webapi-0/$TARGET-on_demand"
  make_core "$T/data/webapi-0/$TARGET-on_demand/core  incomplete" 1000
  run dumps
  [[ $output == *"  \"$T/data/webapi-0/$TARGET-on_demand/core  incomplete\"" ]]
}
