# shellcheck shell=bash
# Checks inside the machine of `cifs`: they start one agent after the other and examine the server's own folder.

readonly USER_ID=1654 OTHER_ID=1655 POD=webapi-0 MIB=1048576
readonly STORE=$MOUNTED/shop/webapi HELD=$SERVED/shop/webapi/$POD
readonly SPOOL=/run/agent/spool LOG=/run/agent/log KEPT=/run/kept

check() { # WHAT COMMAND...
  local what=$1
  shift
  if "$@" &>/run/check.out; then
    say "ok: $what"
  else
    say "FAILED: $what"
    tail -n 6 "$LOG"
  fi
}

eventually() { # SECONDS COMMAND...
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return
    sleep 0.2
  done
}

not() { # COMMAND...
  ! "$@"
}

as() { # USER COMMAND...
  setpriv --reuid "$1" --regid "$1" --clear-groups "${@:2}"
}

prepare_pod() {
  mkdir -p /run/agent/bin "$KEPT"
  chmod 755 /run /run/agent
  cp -R "$CIFS_WORK/agent" /run/agent/files
  ln -s ../files/stand-in-procdump /run/agent/bin/procdump
  local name
  for name in procdump-agent dump dumps status; do ln -s ../files/procdump-agent "/run/agent/bin/$name"; done
  : >/run/agent/bin/gcore
  mkdir /run/agent/{spool,state,tmp,control}
  : >"$LOG"
  chown "$USER_ID:$USER_ID" /run/agent/{spool,state,tmp,control}
  export PATH=/run/agent/bin:$PATH TMPDIR=/run/agent/tmp POD_NAME=$POD STAND_IN_DIR=/run/agent/control
  export PROCDUMP_STATE_DIR=/run/agent/state PROCDUMP_BACKOFF=1 PROCDUMP_POLL=0.5 PROCDUMP_LOOK=60
  export PROCDUMP_ANNOTATION_FILE=/run/agent/annotation PROCDUMP_TERMINATION_LOG=/run/agent/termination
}

# The target runs in another container than the agent: in another mount namespace.
start_target() {
  # shellcheck disable=SC2016
  unshare --mount setpriv --reuid "$USER_ID" --regid "$USER_ID" --clear-groups \
    bash -c 'exec -a webapi perl "$0"' /run/agent/files/stand-in-dotnet &
}

start_agent() { # NAME=VALUE... of the environment
  # A function would run in its own process between the test and the agent.
  setpriv --reuid "$USER_ID" --regid "$USER_ID" --clear-groups env "$@" /run/agent/bin/procdump-agent run --contract 3 \
    --plan "$(</run/agent/files/plan.json)" >>"$LOG" 2>&1 &
  AGENT=$!
}

end_agent() { # SIGNAL
  kill "-$1" "$AGENT" 2>/dev/null || true
  wait "$AGENT" 2>/dev/null || true
}

# Puts a complete core file with random content into the spool in one step, and keeps its checksum for comparison.
spool_dump() { # NAME MIB
  local file=/run/agent/tmp/new
  perl -I/run/agent/files -MCore -e 'Core::create($ARGV[0], $ARGV[1], 0)' "$file" "$(($2 * MIB))"
  dd if=/dev/urandom of="$file" bs=1M count="$2" seek=120 oflag=seek_bytes conv=notrunc status=none
  sha256sum <"$file" >"$KEPT/$1"
  chown "$USER_ID:$USER_ID" "$file"
  mv "$file" "$SPOOL/$1"
}

# Avoids forks where possible: they are slow in this machine, and these functions run often.
events() { # EVENT
  grep -F "\"event\":\"$1\"" "$LOG" || true
}

logged() { # EVENT TEXT
  local line
  while IFS= read -r line; do
    [[ $line != *"\"event\":\"$1\""*"$2"* ]] || return 0
  done <"$LOG"
  return 1
}

spool_is_empty() {
  [[ ! $(find "$SPOOL" -type f) ]]
}

is_still_spooled() { # SPOOLED-NAME
  [[ $(sha256sum <"$SPOOL/$1") == "$(<"$KEPT/$1")" ]]
}

status_says() { # TEXT
  [[ $(as "$USER_ID" /run/agent/bin/status) == *"$1"* ]]
}

is_live() {
  as "$USER_ID" /run/agent/bin/status --live
}

same() { # TEXT TEXT
  [[ $1 == "$2" ]]
}

seconds_of() { # SPOOLED-NAME
  events published | sed -n "s/.*$1.*\"seconds\":\([0-9]*\).*/\1/p"
}

reason_of() { # SPOOLED-NAME
  events publish-failed | sed -n "s/.*$1.*\"reason\":\"\([^\"]*\)\".*/\1/p" | grep . || echo none
}

has_partial() {
  [[ $(find "$SERVED" -name '*.partial') ]]
}

# Counts the files of the server with this content, under any name.
copies_of() { # SPOOLED-NAME
  find "$HELD" -type f ! -name '*.json' -exec sha256sum {} + | grep -c "^$(cut -d' ' -f1 "$KEPT/$1") " || true
}

is_only_spooled() { # SPOOLED-NAME
  is_still_spooled "$1" && [[ $(copies_of "$1") == 0 ]]
}

is_live_with() { # SPOOLED-NAME
  is_live && is_still_spooled "$1"
}

# Checks that a dump is published once, with the same bytes, under the name in its manifest, without a partial copy.
is_published_once() { # SPOOLED-NAME
  [[ ! -e $SPOOL/$1 ]] && logged published "\"source\":\"$SPOOL/$1\"" &&
    [[ $(copies_of "$1") == 1 && $(events published | grep -cF "\"source\":\"$SPOOL/$1\"") == 1 ]]
}

is_published_cleanly() { # SPOOLED-NAME
  is_published_once "$1" && ! has_partial
}

# Checks that each manifest is valid JSON and describes the server's file, and that each dump has one manifest. The only
# other file is the one that existed before.
manifests_agree() { # DUMPS
  # shellcheck disable=SC2016
  perl -MJSON::PP -MDigest::SHA -0777 -e '
    my ($folder, $dumps) = @ARGV;
    my @manifests = glob "$folder/*.json";
    opendir my $all, $folder or die;
    my @files = grep { !/^(\.\.?|CORE\.1)$/ } readdir $all;
    die "@files" if @manifests != $dumps || @files != 2 * $dumps;
    for my $path (@manifests) {
      open my $file, "<", $path or die;
      my $manifest = decode_json(<$file>);
      my $dump = $path =~ s/\.json$//r;
      die "$path: schema" if $manifest->{schema} ne "cdk8s-procdump/manifest/1" || $manifest->{pod} ne "webapi-0";
      die "$path: file" if "$folder/$manifest->{file}" ne $dump || $manifest->{bytes} != -s $dump;
      die "$path: sha256" if $manifest->{sha256} ne Digest::SHA->new(256)->addfile($dump)->hexdigest;
    }' "$HELD" "$1"
}
