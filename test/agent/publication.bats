#!/usr/bin/env bats
# Tests of publication: which dumps are published, their names and manifests, and the reaction to failures.
load helper

@test "a dump of a trigger is published with its manifest, and the spool is freed" {
  start_dotnet webapi
  start_spooling_agent dotnet --watch timer -n 1
  eventually logged published '"bytes":100120'
  eventually is_published 1
  [[ $(in_store) =~ ^webapi-0/webapi_time_[0-9_]+$'\n'webapi-0/webapi_time_[0-9_]+\.json$ ]]
}

@test "the manifest has every field, null for what is not known" {
  export POD_NAMESPACE=shop POD_UID=u-1 TARGET_IMAGE='contoso/web:1.4'
  start_dotnet webapi
  start_spooling_agent dotnet --watch timer -n 1
  eventually logged published
  node -e '
    const assert = require("assert"), fs = require("fs"), crypto = require("crypto");
    const m = JSON.parse(fs.readFileSync(process.argv[1]));
    const pid = Number(process.argv[2]);
    const dump = fs.readFileSync(process.argv[1].slice(0, -5));
    for (const key of ["dumpedAt", "publishedAt", "processStartTime"]) assert.match(m[key], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert(Math.abs(Date.parse(m.processStartTime) - Date.now()) < 60000, m.processStartTime);
    assert.deepStrictEqual({ ...m, file: 0, dumpedAt: 0, publishedAt: 0, processStartTime: 0, howToOpen: 0, command: 0 }, {
      schema: "cdk8s-procdump/manifest/1", file: 0, bytes: 100120, sha256: crypto.createHash("sha256").update(dump).digest("hex"), complete: true,
      trigger: "every 1 s", threshold: null, value: null, command: 0, process: "webapi", pid, processStartTime: 0, targetAlive: true, container: "procdump", pod: "webapi-0",
      namespace: "shop", podUid: "u-1", node: null, image: "contoso/web:1.4", dumpedAt: 0, publishedAt: 0, agentVersion: "0.0.0", contract: 3,
      procdumpVersion: "3.5.2", howToOpen: 0 });
    assert.strictEqual(m.command, `procdump -n 1 ${pid} ${process.argv[3]}/spool/webapi-0/${pid}-timer`);
    assert.match(m.howToOpen, /dotnet-dump analyze webapi_time_/);' "$(echo "$T"/store/webapi-0/*.json)" "$TARGET" "$T"
}

@test "a dump taken by hand anywhere in the spool is published as by-hand" {
  mkdir -p "$T/spool/mine"
  start_spooling_agent dotnet
  make_core "$T/spool/mine/deeper/app_manual_261124_010203.77" 1000
  eventually is_published 1
  grep -q '"trigger":"by-hand","threshold":null,"value":null,"command":null,"process":null,"pid":77,' "$T/store/webapi-0/app_manual_261124_010203.77.json"
}

@test "hidden files and folders of whatever depth count as well" {
  start_spooling_agent dotnet
  make_core "$T/spool/a/b/c/core.1" 1000
  make_core "$T/spool/.mine/.core.2" 2000
  eventually is_published 2
}

@test "a .NET dump by hand is known by the name of its process; a number with zeros before it is one" {
  start_dotnet webapi
  start_spooling_agent dotnet
  eventually logged target-found
  make_core "$T/spool/webapi_time_261124_010203" 1000
  make_core "$T/spool/app_time_261124_010203.0123" 2000
  eventually is_published 2
  grep -q "\"process\":\"webapi\",\"pid\":$TARGET," "$T/store/webapi-0/webapi_time_261124_010203.json"
  grep -q '"pid":123,' "$T/store/webapi-0/app_time_261124_010203.0123.json"
}

@test "the version of ProcDump is known of a dump on demand, too" {
  start_dotnet webapi
  start_spooling_agent dotnet
  eventually logged target-found
  dump
  grep -q '"procdumpVersion":"3.5.2"' "$T"/store/webapi-0/*.json
}

@test "a dump that the runtime wrote at a crash is published as crash and counts for the process" {
  start_dotnet webapi
  PER_PROCESS=1 start_spooling_agent dotnet --crash-dumps --watch cpu -pc a:b 1
  eventually logged target-found
  make_core "$T/spool/crash/crash_web_api_${TARGET}_webapi-0_1764000000.dmp" 1000
  eventually is_published 1
  grep -q "\"trigger\":\"crash\",\"threshold\":null,\"value\":null,\"command\":null,\"process\":\"webapi\",\"pid\":$TARGET," "$T"/store/webapi-0/*.dmp.json
  eventually logged limit-reached "limit of 1 dumps of process $TARGET reached"
}

@test "a broken dump is published with complete false" {
  start_dotnet webapi
  touch "$T/control/dotnet-short"
  PER_PROCESS=1 start_spooling_agent dotnet --watch timer -n 1
  TRIES=160 eventually is_published 1
  grep -q '"bytes":50000,.*"complete":false,' "$T"/store/webapi-0/*.json
}

@test "a broken dump is not published before its writer had time to go on" {
  PROCDUMP_INCOMPLETE_SECONDS=4 start_spooling_agent dotnet
  make_core "$T/whole" 100000
  head -c 50000 "$T/whole" >"$T/spool/core.1"
  eventually logged dump-incomplete
  sleep 2
  [[ $(in_store) == '' ]]
  eventually is_published 1
}

@test "a file that is no core stays in the spool" {
  start_spooling_agent dotnet
  echo 'not a dump' >"$T/spool/notes.txt"
  make_core "$T/spool/core.1" 1000
  eventually logged published
  sleep 2
  [[ -f $T/spool/notes.txt && $(in_store) == $'webapi-0/core.1\nwebapi-0/core.1.json' ]]
}

@test "each published name is legal on SMB" {
  start_spooling_agent dotnet
  make_core "$T/spool/a:b c.1" 1000
  make_core "$T/spool/NUL.2" 1000
  make_core "$T/spool/ends." 1000
  make_core "$T/spool/x.json" 1000
  eventually is_published 4
  [[ $(in_store | grep -v 'json$') == $'webapi-0/_NUL.2\nwebapi-0/a_b_c.1\nwebapi-0/ends\nwebapi-0/x.json.core' ]]
}

@test "a name that is taken, in whatever case, gets a number, and nothing is overwritten" {
  mkdir -p "$T/store/webapi-0"
  echo other >"$T/store/webapi-0/CORE.1"
  start_spooling_agent dotnet
  make_core "$T/spool/core.1" 1000
  eventually logged published
  [[ $(in_store) == $'webapi-0/CORE.1\nwebapi-0/core.1-2\nwebapi-0/core.1-2.json' && $(<"$T/store/webapi-0/CORE.1") == other ]]
}

@test "a name that is taken during the copy is not overwritten: the dump gets another one" {
  export PROCDUMP_AT_copied="[[ -e $T/taken ]] || { touch $T/taken; echo other >$T/store/webapi-0/core.1; }"
  start_spooling_agent dotnet
  make_core "$T/spool/core.1" 1000
  eventually logged publish-failed 'could not rename' 'file exists'
  eventually is_published 1
  [[ $(<"$T/store/webapi-0/core.1") == other && -f $T/store/webapi-0/core.1-2 ]]
}

# Starts a second sidecar with the same target, and therefore the same container in its arguments.
start_second_sidecar() {
  mkdir -p "$T/spool2"
  PROCDUMP_STATE_DIR=$T/state2 "$T/bin/procdump-agent" run --contract 3 --plan "$(plan_of --runtime dotnet --container procdump --dump-directory "$T/spool2" \
    --store "$T/store" --spool-size 1000 --drain-timeout 5 --dumps-per-process 2 --dumps-per-pod 5 --cooldown 0)" >>"$T/log2" 2>&1 3>&- &
  CHILDREN+=("$!")
}

@test "two sidecars of a pod publish dumps of one name side by side, each its own" {
  start_spooling_agent dotnet
  start_second_sidecar
  make_core "$T/spool/core.1" 1000
  make_core "$T/spool2/core.1" 2000
  eventually is_published 2
  eventually test ! -e "$T/spool2/core.1"
}

@test "two sidecars of two users: each has a folder that is closed to the other" {
  chmod 0777 "$T"
  mkdir -m 0777 "$T/store"
  start_spooling_agent dotnet
  make_core "$T/spool/core.1" 1000
  eventually is_published 1
  mkdir -m 0777 "$T/spool2"
  chmod 0700 "$T/store/webapi-0"
  PROCDUMP_STATE_DIR=$T/state2 setpriv --reuid 1654 --regid 1654 --clear-groups "$T/bin/procdump-agent" run --contract 3 --plan "$(plan_of --runtime dotnet \
    --container procdump --dump-directory "$T/spool2" --store "$T/store" --spool-size 1000 --drain-timeout 5 --dumps-per-process 2 --dumps-per-pod 5 \
    --cooldown 0)" >>"$T/log2" 2>&1 3>&- &
  CHILDREN+=("$!")
  eventually test -d "$T/state2"
  make_core "$T/new/core.1" 2000
  chown 1654:1654 "$T/new/core.1" && mv "$T/new/core.1" "$T/spool2/"
  eventually test -f "$T/store/webapi-0-1654/core.1.json"
  [[ $(stat -c '%u %a' "$T/store/webapi-0-1654") == '1654 700' ]]
}

@test "two sidecars at once: neither takes the unfinished copy of the other for its own" {
  start_spooling_agent dotnet
  hang_store
  make_core "$T/spool/core.1" 1000
  eventually grep -q publish "$T/state/publisher.pid"
  start_second_sidecar
  make_core "$T/new" 1000
  perl -e 'open(my $file, "+<", $ARGV[0]); seek($file, 200, 0); print $file "other"' "$T/new"
  mv "$T/new" "$T/spool2/core.1"
  eventually grep -q publish "$T/state2/publisher.pid"
  rm "$T/hangs"
  eventually is_published 2
  eventually test ! -e "$T/spool2/core.1"
  [[ $(find "$T/store" -type f ! -name '*.json' -exec sha256sum {} + | cut -d' ' -f1 | sort -u | wc -l) == 2 ]]
}

@test "a name that was published before and is written again while the agent is away is another dump" {
  start_spooling_agent dotnet
  make_core "$T/spool/mydump" 1000
  eventually is_published 1
  kill -KILL "$AGENT"
  make_core "$T/spool/mydump" 2000
  start_spooling_agent dotnet
  eventually is_published 2
  eventually status_says '"dumpsTaken":2'
}

@test "a dump that is written over the one that is being published is published too" {
  make_core "$T/newer" 7000
  export PROCDUMP_AT_describing="[[ ! -e $T/newer ]] || mv $T/newer $T/spool/mydump"
  start_spooling_agent dotnet
  make_core "$T/spool/mydump" 1000
  eventually is_published 2
}

@test "a full store: nothing is lost, the reason shows, and the dump is published once there is room" {
  limit_store 64
  start_dotnet webapi
  start_spooling_agent dotnet --watch timer -n 1
  eventually logged publish-failed 'bytes free in the store, expected 100120 for'
  eventually status_says '"lastPublishError":"found'
  [[ $(in_store) == '' ]]
  status_says '"state":"degraded"'
  status_says '"queue":1'
  [[ $(find "$T/spool" -type f | wc -l) == 1 ]]
  mount -o remount,size=1m "$T/store"
  eventually is_published 1
  eventually status_says '"state":"ok"'
}

@test "a store that fills up during the copy: no unfinished copy is left, and the dump is published once there is room" {
  limit_store 200
  export PROCDUMP_AT_copying="head -c 150k /dev/zero >$T/store/filler || true"
  start_spooling_agent dotnet
  make_core "$T/spool/core.1" 100000
  eventually logged publish-failed 'no space left on device'
  [[ $(in_store) == filler ]]
  mount -o remount,size=1m "$T/store"
  eventually is_published 1
}

@test "a read-only store: nothing is lost, and the dump is published once it can be written" {
  limit_store 1000
  mount -o remount,ro "$T/store"
  start_dotnet webapi
  start_spooling_agent dotnet --watch timer -n 1
  eventually logged publish-failed 'read-only file system'
  mount -o remount,rw "$T/store"
  eventually is_published 1
}

@test "retries come later each time" {
  start_dotnet webapi
  start_spooling_agent dotnet
  eventually rmdir "$T/store"
  make_core "$T/spool/core.1" 1000
  TRIES=200 eventually logged publish-failed '"seconds":4'
  logged publish-failed '"seconds":1' 'found no folder'
  logged publish-failed '"seconds":2'
}

@test "a store that hangs does not keep the agent from its work, is called slow, and gets the dump in the end" {
  hang_store
  start_dotnet webapi
  PROCDUMP_SLOW_SECONDS=1 start_spooling_agent dotnet --watch timer -n 1 --watch cpu -pc a:b 1
  eventually logged degraded "the store has not finished 'publish 1'"
  end_target
  eventually logged target-lost
  start_dotnet webapi
  eventually happened dump-complete 2
  status --live
  rm "$T/hangs"
  TRIES=200 eventually is_published 2
}

@test "a hanging publication is given up and tried again" {
  hang_store
  PROCDUMP_SLOW_SECONDS=1 start_spooling_agent dotnet
  make_core "$T/spool/core.1" 1000
  eventually logged publish-failed
  rm "$T/hangs"
  TRIES=200 eventually is_published 1
  [[ $(in_store) == $'webapi-0/core.1\nwebapi-0/core.1.json' ]]
}

@test "a source that changes while it is copied is copied anew" {
  export PROCDUMP_AT_copied="[[ -e $T/changed ]] || { echo more >>$T/spool/core.1; touch $T/changed; }"
  start_spooling_agent dotnet
  make_core "$T/spool/core.1" 1000
  eventually logged publish-failed 'changed while it was copied'
  eventually is_published 1
  [[ $(stat -c %s "$T/store/webapi-0/core.1") == 1125 ]]
}

@test "a spooled dump that somebody removes is given up" {
  start_spooling_agent dotnet
  eventually rmdir "$T/store"
  make_core "$T/spool/core.1" 1000
  eventually logged publish-failed
  rm "$T/spool/core.1"
  eventually status_says '"queue":0'
  status_says '"published":0'
}

# The agent and its publisher die at the step. The restarted agent must publish one verified dump and nothing else.
survives() { # STEP
  PROCDUMP_DIE_AT=$1 start_spooling_agent dotnet
  make_core "$T/spool/core.1" 100000
  wait "$AGENT" || true
  [[ -d $T/spool ]] && ! kill -0 "$AGENT" 2>/dev/null
  start_spooling_agent dotnet
  eventually is_published 1
  eventually status_says '"queue":0'
  [[ $(in_store) == $'webapi-0/core.1\nwebapi-0/core.1.json' && ! $(ls "$T/state/queue") ]]
}

@test "killed before the copy: one published dump" { survives begin; }
@test "killed after the copy: the unfinished file goes, one published dump" { survives copied; }
@test "killed after the rename: the dump gets its manifest" { survives renamed; }
@test "killed after the manifest: the dump is recognised, not published twice" { survives manifest; }
@test "killed after it was listed: the spool is freed" { survives listed; }
@test "killed after the spool was freed: nothing is left to do" { survives freed; }

@test "killed in the middle of the copy: one published dump" {
  hang_store
  start_spooling_agent dotnet
  make_core "$T/spool/core.1" 100000
  eventually test -s "$T/state/publisher.pid"
  eventually pgrep -f "$T/hangs"
  kill -KILL "$AGENT" "$(cut -d' ' -f1 "$T/state/publisher.pid")"
  rm "$T/hangs"
  start_spooling_agent dotnet
  eventually is_published 1
  [[ $(in_store) == $'webapi-0/core.1\nwebapi-0/core.1.json' ]]
}

@test "a publisher that outlives its agent is waited for, not doubled" {
  hang_store
  start_spooling_agent dotnet
  make_core "$T/spool/core.1" 100000
  eventually grep -q publish "$T/state/publisher.pid"
  kill -KILL "$AGENT"
  start_spooling_agent dotnet
  eventually logged publisher-adopted
  rm "$T/hangs"
  eventually is_published 1
  [[ $(count_events published) == 1 ]]
}
