#!/usr/bin/env bats
# A compromised or broken application shares the spool, the diagnostics directory and the processes with the sidecar.
load helper

outside() { # creates a folder outside the application's reach, with a dump of another owner
  mkdir -m 0700 "$T/outside"
  make_core "$T/outside/core" 1000
  mode=$(stat -c %a "$T/outside")
}

outside_is_as_it_was() {
  [[ -f $T/outside/core && $(stat -c %a "$T/outside") == "$mode" && $(ls "$T/outside") == core ]]
}

# Swaps two names repeatedly, each time in one atomic step.
exchange() { # A B
  perl -e 'my ($a, $b) = @ARGV; my $number = `uname -m` =~ /aarch64/ ? 276 : 316; while (1) { syscall($number, -100, $a, -100, $b, 2) }' "$1" "$2" 3>&- &
  CHILDREN+=("$!")
}

# Checks that the heartbeat is never older than 7 s.
beats_for() { # SECONDS
  local until=$((SECONDS + $1)) now
  while ((SECONDS < until)); do
    now=$(cut -d. -f1 /proc/uptime)
    ((now - $(<"$T/state/heartbeat") <= 7)) || { echo "no heartbeat for $((now - $(<"$T/state/heartbeat"))) s"; return 1; }
    sleep 0.2
  done
}

@test "a link in place of the pod's folder is reported, not followed: no mode changes, no dump goes there" {
  outside
  mkdir -p "$T/spool"
  ln -s "$T/outside" "$T/spool/webapi-0"
  start_native worker
  start_spooling_agent native --process-name worker --watch timer -n 1
  eventually logged degraded 'expected the folders that the sidecar makes'
  never_logged procdump-started
  outside_is_as_it_was
  rm "$T/spool/webapi-0"
  eventually is_published 1
}

@test "a link in place of the folder of crash dumps: its mode is not changed" {
  outside
  mkdir -p "$T/spool"
  ln -s "$T/outside" "$T/spool/crash"
  start_dotnet webapi
  start_spooling_agent dotnet --crash-dumps
  eventually logged degraded 'expected the folders that the sidecar makes'
  sleep 0.5
  outside_is_as_it_was
}

@test "a link in place of ProcDump's folder among the sockets: ProcDump, which would open it to all, is not started" {
  outside
  ln -s "$T/outside" "$T/tmp/procdump"
  start_native worker
  start_spooling_agent native --process-name worker --watch timer -n 1
  eventually logged degraded 'expected the folder that ProcDump makes'
  never_logged procdump-started
  outside_is_as_it_was
}

@test "a folder that is exchanged with a link all the time: what is outside is neither published nor removed nor changed" {
  outside
  mkdir -p "$T/spool/mine"
  make_core "$T/spool/mine/core" 2000
  ln -s "$T/outside" "$T/spool/link"
  exchange "$T/spool/mine" "$T/spool/link"
  start_spooling_agent dotnet
  sleep 6
  outside_is_as_it_was
  sum=$(sha256sum <"$T/outside/core" | cut -d' ' -f1)
  ! grep -rq "$sum" "$T/store"
}

@test "folders in which everybody writes get the sticky bit, so that nobody renames what root made there" {
  mkdir -p "$T/spool"
  chmod 0777 "$T/spool" "$T/tmp"
  start_native worker
  start_spooling_agent native --process-name worker --watch timer -n 1
  eventually is_published 1
  [[ $(stat -c %a "$T/spool" "$T/tmp") == $'1777\n1777' ]]
  ! setpriv --reuid 65534 --regid 65534 --clear-groups mv "$T/spool/webapi-0" "$T/spool/mine"
}

@test "beside 20,000 files, stale sockets, hostile headers and names the loop beats, and the honest dump arrives" {
  mkdir -p "$T/spool"
  perl -e 'my ($spool, $tmp) = @ARGV; mkdir "$spool/$_" for 0 .. 9;
    for (1 .. 20000) { open my $f, ">", "$spool/" . $_ % 10 . "/$_"; print $f "text"; }
    for (1 .. 20000) { open my $f, ">", "$tmp/dotnet-diagnostic-" . (4194304 + $_) . "-1-socket"; }
    for (1 .. 100) { open my $f, ">", "$spool/lie-$_"; my $h = "\x7fELF\2\1\1" . "\0" x 57; substr($h, 16, 2) = pack("v", 4);
      substr($h, 32, 8) = pack("q<", 64); substr($h, 40, 8) = pack("q<", 64); substr($h, 54, 4) = pack("v2", 56, 0xffff);
      print $f $h . "\0" x 44 . pack("V", 1 << 18); truncate $f, 1 << 24; }
    for (1 .. 40) { mkdir $spool .= "/deep" }' "$T/spool" "$T/tmp"
  mkfifo "$T/spool/pipe"
  make_core "$T/spool/"$'evil\e[2J' 1000
  start_dotnet webapi
  PER_POD=1000 start_spooling_agent dotnet --watch timer -n 1
  beats_for 10
  status_says 'than one scan can examine'
  TRIES=400 eventually compgen -G "$T/store/webapi-0/webapi_time_*.json"
  ! grep -q "$(printf '\e')" "$LOG"
}

@test "one dump that cannot fit does not hold up the others, and nothing is deleted for it" {
  start_spooling_agent dotnet --store-size 10
  make_core "$T/spool/first" 1000
  eventually is_published 1
  make_core "$T/spool/giant" 1000
  truncate -s 1T "$T/spool/giant"
  make_core "$T/spool/second" 1000
  eventually logged file-left "$T/spool/giant"
  eventually test -f "$T/store/webapi-0/second.json"
  [[ -f $T/store/webapi-0/first && ! $(find "$T/store" -name '.*.partial') ]]
}

@test "text for people holds no control characters" {
  start_dotnet $'web\e[31mapi'
  start_spooling_agent dotnet --watch timer -n 1
  eventually logged target-found
  mkdir -p "$T/store/"$'pod\e[2J'
  make_core "$T/store/"$'pod\e[2J/core' 1000
  run bash -c 'status; dumps --all 2>&1'
  [[ $output != *$'\e'* && $(<"$LOG") != *$'\e'* ]]
}

@test "a file that grows during its copy does not fill the store" {
  limit_store 20000
  export PROCDUMP_AT_copying="truncate -s 1T $T/spool/core; touch $T/grown"
  start_spooling_agent dotnet
  make_core "$T/core" 1000
  mv "$T/core" "$T/spool/core"
  eventually test -e "$T/grown"
  eventually logged publish-failed 'changed while it was copied'
  [[ $(du -sk "$T/store" | cut -f1) -lt 100 ]]
}

@test "a dump that was cut after it was found whole is not called complete" {
  start_spooling_agent dotnet
  eventually rmdir "$T/store"
  make_core "$T/spool/core" 1000
  eventually logged publish-failed
  truncate -s 500 "$T/spool/core"
  mkdir "$T/store"
  TRIES=200 eventually compgen -G "$T/store/webapi-0/*.json"
  grep -q '"complete":false' "$T"/store/webapi-0/*.json
}

@test "dumps by hand have their limit, and push out nobody's" {
  PER_POD=2 start_spooling_agent dotnet
  for number in {1..20}; do make_core "$T/spool/core.$number" 1000; done
  eventually logged file-left
  TRIES=200 eventually status_says '"queue":0'
  [[ $(verified) == 7 ]]
}

@test "the heartbeat needs no free page of the state's disk" {
  mkdir -p "$T/state"
  mount -t tmpfs -o size=64k none "$T/state"
  start_spooling_agent dotnet
  eventually test -s "$T/state/heartbeat"
  cat /dev/zero >"$T/state/filler" 2>/dev/null || true
  before=$(<"$T/state/heartbeat")
  TRIES=200 eventually heartbeat_is_after "$before"
  umount -l "$T/state"
}

heartbeat_is_after() { (($(<"$T/state/heartbeat") > $1)); }
