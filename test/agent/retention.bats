#!/usr/bin/env bats
# Tests of retention: it keeps what the limits allow and always the newest dump, and deletes only what the agent wrote.
load helper

# Creates a published dump of a pod with the given age in hours.
old_dump() { # POD NAME BYTES HOURS
  local folder=$T/store/$1
  make_core "$folder/$2" "$3"
  printf '{"schema":"cdk8s-procdump/manifest/1","file":"%s","bytes":%s,"sha256":"%s","complete":true,"dumpedAt":"%s"}\n' "$2" \
    "$(stat -c %s "$folder/$2")" "$(sha256sum <"$folder/$2" | cut -d' ' -f1)" "$(date -u -d "-$4 hours" +%FT%TZ)" >"$folder/$2.json"
  touch -d "-$4 hours" "$folder/$2"
}

dumps_left() { in_store | grep -v 'json$' | tr '\n' ' '; }

left_is() { [[ $(dumps_left) == "$1" ]]; }

@test "by age: older ones of all pods go, at the edge they stay" {
  old_dump webapi-0 a 1000 5
  old_dump webapi-1 b 1000 3
  old_dump webapi-1 c 1000 1
  start_spooling_agent dotnet --retain-age 14400
  eventually left_is 'webapi-1/b webapi-1/c '
  logged dump-removed "$T/store/webapi-0/a" 'older than 14400 s'
  [[ ! -e $T/store/webapi-0/a.json ]]
}

@test "by age: the newest stays, however old" {
  old_dump webapi-0 a 1000 500
  old_dump webapi-1 b 1000 400
  start_spooling_agent dotnet --retain-age 60
  eventually left_is 'webapi-1/b '
  sleep 0.5
  left_is 'webapi-1/b '
}

@test "by count over all pods, oldest first" {
  old_dump webapi-0 a 1000 3
  old_dump webapi-1 b 1000 5
  old_dump webapi-2 c 1000 1
  start_spooling_agent dotnet --retain-count 2
  eventually left_is 'webapi-0/a webapi-2/c '
  [[ ! -d $T/store/webapi-1 ]]
}

@test "by count: what is published now pushes out the oldest" {
  old_dump webapi-1 a 1000 3
  start_spooling_agent dotnet --retain-count 1
  left_is 'webapi-1/a '
  make_core "$T/spool/core.1" 1000
  eventually left_is 'webapi-0/core.1 '
}

@test "by bytes over all pods, oldest first, at the edge nothing" {
  old_dump webapi-0 a 1048456 3
  old_dump webapi-1 b 524168 2
  old_dump webapi-1 c 524168 1
  start_spooling_agent dotnet --retain-mib 2
  eventually grep -q sweep "$T/state/publisher.pid"
  sleep 0.5
  left_is 'webapi-0/a webapi-1/b webapi-1/c '
  stop_agent
  start_spooling_agent dotnet --retain-mib 1
  eventually left_is 'webapi-1/b webapi-1/c '
}

@test "a store without bounds keeps everything" {
  old_dump webapi-0 a 1000 50000
  old_dump webapi-0 b 1000 1
  start_spooling_agent dotnet
  eventually grep -q sweep "$T/state/publisher.pid"
  sleep 0.5
  left_is 'webapi-0/a webapi-0/b '
}

@test "what the agent did not write stays: no manifest, another schema, another name, a link" {
  for name in a b c d e; do old_dump webapi-1 "$name" 1000 9; done
  old_dump webapi-0 z 1000 1
  rm "$T/store/webapi-1/a.json"
  sed -i 's/cdk8s-procdump/mine/' "$T/store/webapi-1/b.json"
  mv "$T/store/webapi-1/c.json" "$T/store/webapi-1/x.json"
  mv "$T/store/webapi-1/d.json" "$T/elsewhere"
  ln -s "$T/elsewhere" "$T/store/webapi-1/d.json"
  start_spooling_agent dotnet --retain-count 1 --retain-age 60
  eventually left_is 'webapi-0/z webapi-1/a webapi-1/b webapi-1/c webapi-1/d '
  sleep 0.3
  left_is 'webapi-0/z webapi-1/a webapi-1/b webapi-1/c webapi-1/d '
}

@test "unfinished copies: after a day without change they go, younger ones and other names stay" {
  mkdir -p "$T/store/webapi-1"
  touch -d '-25 hours' "$T/store/webapi-1/.procdump.core.1.partial" "$T/store/webapi-1/mine.partial"
  touch -d '-23 hours' "$T/store/webapi-1/.procdump.core.2.partial"
  start_spooling_agent dotnet
  eventually logged partial-removed
  [[ $(in_store) == $'webapi-1/.procdump.core.2.partial\nwebapi-1/mine.partial' ]]
}

@test "unfinished copies of this sidecar in this pod's folder go with the next publication, another sidecar's stay" {
  mkdir -p "$T/store/webapi-0" "$T/state"
  echo mine >"$T/state/owner"
  touch "$T/store/webapi-0/.mine.core.9.partial" "$T/store/webapi-0/.other.core.9.partial"
  start_spooling_agent dotnet
  make_core "$T/spool/core.1" 1000
  eventually logged published
  [[ $(in_store) == $'webapi-0/.other.core.9.partial\nwebapi-0/core.1\nwebapi-0/core.1.json' ]]
}

@test "a store that cannot be swept is reported, and publishing goes on when it can" {
  start_spooling_agent dotnet --retain-count 1
  eventually rmdir "$T/store"
  make_core "$T/spool/core.1" 1000
  eventually logged degraded 'retention in the store failed'
  mkdir "$T/store"
  eventually is_published 1
}

direct_dump() { # PATH BYTES HOURS
  make_core "$T/data/$1" "$2"
  touch -d "-$3 hours" "$T/data/$1"
}

@test "direct delivery: complete dumps in the agent's folders of all pods, oldest first; everything else stays" {
  direct_dump webapi-0/5-timer/a 1000 9
  direct_dump webapi-1/6-on_demand/b 1000 8
  direct_dump webapi-1/notes/c 1000 9
  direct_dump webapi-1/d 1000 9
  direct_dump webapi-1/7-timer/e 1000 1
  direct_dump webapi-1/7-timer/short 1000 9
  truncate -s 500 "$T/data/webapi-1/7-timer/short"
  touch -d '-9 hours' "$T/data/webapi-1/7-timer/short"
  start_agent dotnet --retain-age 7200
  eventually happened dump-removed 2
  [[ $(cd "$T/data" && find . -type f | sort | tr '\n' ' ') == './webapi-1/7-timer/e ./webapi-1/7-timer/short ./webapi-1/d ./webapi-1/notes/c ' ||
    $(cd "$T/data" && find . -type f | LC_ALL=C sort | tr '\n' ' ') == './webapi-1/7-timer/e ./webapi-1/7-timer/short ./webapi-1/d ./webapi-1/notes/c ' ]]
}

@test "a manifest whose dump somebody took away counts for nothing, and stays" {
  old_dump webapi-0 a 1000 2
  old_dump webapi-0 b 1000 1
  rm "$T/store/webapi-0/b"
  start_spooling_agent dotnet --retain-count 1 --retain-age 60
  eventually grep -q sweep "$T/state/publisher.pid"
  sleep 0.5
  left_is 'webapi-0/a '
  [[ -f $T/store/webapi-0/b.json ]]
  [[ $(dumps | wc -l) == 1 ]]
}

@test "the newest complete dump stays, whatever broke off after it" {
  old_dump webapi-0 a 1000 3
  old_dump webapi-0 b 1000 2
  old_dump webapi-0 c 1000 1
  sed -i 's/"complete":true/"complete":false/' "$T/store/webapi-0/c.json"
  start_spooling_agent dotnet --retain-count 1
  eventually left_is 'webapi-0/b '
}

@test "a store with a size: the oldest go before the next dump comes, which would overrun it" {
  old_dump webapi-0 a 400000 3
  old_dump webapi-0 b 400000 2
  start_spooling_agent dotnet --store-size 1
  make_core "$T/spool/core.1" 500000
  eventually left_is 'webapi-0/b webapi-0/core.1 '
  make_core "$T/spool/core.2" 700000
  eventually logged publish-failed 'found 900240 bytes in the store of 1 MiB and no room for 700120 bytes more'
  sleep 0.3
  left_is 'webapi-0/b webapi-0/core.1 '
  [[ -f $T/spool/core.2 ]]
}
