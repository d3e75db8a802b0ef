# shellcheck shell=bash
# The tests, in the order in which they run. Each leaves a running agent and an empty spool.

modes_are() { # MODE-OF-FOLDERS MODE-OF-FILES OWNER
  [[ $(find "$MOUNTED" -mindepth 1 -printf '%y %m %U:%G\n' | sort -u) == "d $1 $3"$'\n'"f $2 $3" ]]
}

names_are_legal() {
  ! find "$HELD" -type f -printf '%f\n' | grep -qvE '^[A-Za-z0-9_-][A-Za-z0-9._-]*[A-Za-z0-9_-]$' &&
    [[ -f $HELD/_NUL.a_b_c && -f $HELD/core.1-2 && $(<"$HELD/CORE.1") == other ]]
}

prove_publication() {
  mkdir -p "$HELD"
  echo other >"$HELD/CORE.1"
  mount_share private
  start_target
  start_agent
  spool_dump core.big 16
  check 'a dump of a trigger is published' eventually 60 logged published 'webapi_time_'
  check "16 MiB are published once: the server's own file has the same sha256, $(cut -c1-12 "$KEPT/core.big")..." eventually 60 is_published_once core.big
  say "seen: its publication took $(seconds_of core.big) s"
  spool_dump 'NUL.a:b c.' 1
  spool_dump core.1 1
  check 'a name that SMB does not take, and one that differs from another only by case, are published under others' eventually 60 spool_is_empty
  check 'all names on the server are legal on SMB, and the file that was there is untouched' names_are_legal
  check 'no .partial is left on the server' not has_partial
  check "each of the 4 manifests is valid JSON, with the size and sha256 of the server's file, and nothing else is there" manifests_agree 4
  check 'folders are 0700 and files 0600 of user 1654, as the mount options say' modes_are 700 600 1654:1654
  check 'another user may not list the folder' not as "$OTHER_ID" ls "$STORE"
  check 'another user may not read the dump' not as "$OTHER_ID" cat "$STORE/$POD/core.big"
}

is_renamed_only() { # SPOOLED-NAME
  [[ -f $HELD/$1 && ! -e $HELD/$1.json && -f $SPOOL/$1 ]]
}

prove_no_second_publication() {
  local before
  end_agent KILL
  start_agent PROCDUMP_DIE_AT=renamed
  spool_dump core.renamed 1
  check 'an agent killed after the rename leaves the dump in both places, without manifest' eventually 60 is_renamed_only core.renamed
  end_agent KILL
  start_agent
  check 'the next agent recognises it: one copy, with manifest' eventually 60 is_published_once core.renamed
  before=$(find "$SERVED" -type f -printf '%P %s %T@\n' | sort)
  end_agent TERM
  start_agent
  sleep 2
  check "one more agent publishes nothing again: $(wc -l <<<"$before") files, unchanged" same "$before" "$(find "$SERVED" -type f -printf '%P %s %T@\n' | sort)"
}

prove_full_share() {
  local used
  used=$(du -sm "$SERVED" | cut -f1)
  mount -o "remount,size=$((used + 4))m" "$SERVED"
  spool_dump core.full 12
  check 'a share with 4 MiB of room refuses 12 MiB' eventually 60 logged publish-failed 'bytes free in the store'
  check 'the dump is whole in the spool, and not on the server' is_only_spooled core.full
  check 'status says degraded' eventually 20 status_says '"state":"degraded"'
  mount -o remount,size=200m "$SERVED"
  check 'once there is room it is published, once' eventually 60 is_published_once core.full
}

prove_killed_server() {
  local began
  spool_dump core.killed 16
  check 'a copy is under way' eventually 60 has_partial
  began=$SECONDS
  signal_server KILL
  sleep 4
  check 'the server is killed: the agent is not stuck, and the dump is whole in the spool' is_live_with core.killed
  start_server
  check 'once the server is back it is published, once, and no .partial is left' eventually 60 is_published_cleanly core.killed
  say "seen: published $((SECONDS - began)) s after the kill; failures told: $(reason_of core.killed)."
}

# The server does not answer, but the connection stays open: nothing fails, everything waits.
prove_frozen_server() {
  end_agent TERM
  start_agent PROCDUMP_SLOW_SECONDS=2
  spool_dump core.frozen 16
  check 'another copy is under way' eventually 60 has_partial
  signal_server STOP
  check 'a server that does not answer is told as slow' eventually 60 logged degraded 'the store has not finished'
  check 'the agent is not stuck meanwhile, and the dump is whole in the spool' is_live_with core.frozen
  signal_server CONT
  check 'once it answers the dump is published, once' eventually 60 is_published_once core.frozen
}

prove_end_without_server() {
  local began
  signal_server KILL
  spool_dump core.left 2
  sleep 2
  began=$SECONDS
  end_agent TERM
  check "SIGTERM without a server: the agent ends after $((SECONDS - began)) s, 4 s were given to drain, and the pod would have 10 s more" test "$((SECONDS - began))" -le 14
  check 'it tells that a dump is left' logged stopped 'left 1 unpublished'
  check 'the dump is whole in the spool' is_still_spooled core.left
  start_server
  start_agent
  check 'the next agent publishes it, once' eventually 60 is_published_once core.left
}

# The files are the same, but the mount admits other users.
prove_default_options() {
  end_agent TERM
  check 'the share can be unmounted' eventually 20 umount "$MOUNTED"
  mount_share default
  start_agent
  spool_dump core.default 1
  check 'with the options of a store without an owner a dump is published' eventually 60 is_published_once core.default
  check 'folders and files are 0777 of root' modes_are 777 777 0:0
  check 'another user may read it' as "$OTHER_ID" cat "$STORE/$POD/core.default"
}

prove_delivery() {
  prove_publication
  prove_no_second_publication
  prove_default_options
}

prove_failures() {
  mount_share private
  mkdir -p "$STORE" # as the kubelet does for the sub-path
  start_agent
  prove_full_share
  prove_killed_server
  prove_frozen_server
  prove_end_without_server
  check "after all that the server holds these 4 dumps, their manifests agree with them, and nothing else is there" manifests_agree 4
}
