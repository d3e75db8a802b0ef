# shellcheck shell=bash
# Every dump of this pod once, on disk, so that neither a restarted container nor a removed file resets the caps.

# Settled files, complete, incomplete or other; and those still being written: size and quiet polls.
declare -A SETTLED=() PENDING_BYTES=() PENDING_POLLS=()
declare -A TAKEN_BY_RUN=() TAKEN_BY_PROCESS=() LAST_DUMP=() LAST_START=()
TAKEN=0 INCOMPLETE=0 POLLS=0
# A writer of another user cannot be seen; it is given this many polls without a byte before its file counts as broken.
readonly QUIET_POLLS=15
# Settling again costs forks, so short files are looked at again only now and then.
readonly REVISIT_POLLS=60

load_ledger() {
  local time status pid start monitor path
  LEDGER=$STATE_DIRECTORY/ledger
  [[ -e $LEDGER ]] || return 0
  while IFS=$'\t' read -r time status pid start monitor path; do
    count_dump "$time" "$status" "$pid" "$start" "$monitor" "$path"
  done <"$LEDGER"
}

# Incomplete dumps count too: they froze the target and filled the disk like the others, and a createdump that
# always dies half way would otherwise be started for ever.
count_dump() { # TIME STATUS PID START MONITOR PATH
  local run=$3:$4:$5 earlier=${SETTLED[$6]-}
  SETTLED[$6]=$2
  [[ $earlier != incomplete ]] || INCOMPLETE=$((INCOMPLETE - 1))
  [[ $2 != incomplete ]] || INCOMPLETE=$((INCOMPLETE + 1))
  LAST_DUMP[$run]=$1
  [[ $2 != complete ]] || TAKEN_BY_RUN[$run]=$((${TAKEN_BY_RUN[$run]-0} + 1))
  [[ ! $earlier ]] || return 0
  TAKEN=$((TAKEN + 1))
  # A person who asks for a dump does not use up what the triggers may take of this process.
  [[ $5 == "$ON_DEMAND" ]] || TAKEN_BY_PROCESS[$3:$4]=$((${TAKEN_BY_PROCESS[$3:$4]-0} + 1))
}

scan_dumps() {
  local file
  POLLS=$((POLLS + 1))
  for file in "$POD_DIRECTORY"/* "$POD_DIRECTORY"/*/*; do
    # A name with control characters is not ours, and could forge lines of the ledger.
    [[ -f $file && ! -L $file && $file != *[[:cntrl:]]* ]] || continue
    case ${SETTLED[$file]-} in
      complete | other) ;;
      incomplete) ((POLLS % REVISIT_POLLS)) || ! is_whole_core "$file" || settle_dump "$file" complete ;;
      *) watch_file "$file" ;;
    esac
  done
}

watch_file() { # FILE
  local bytes polls before=${PENDING_BYTES[$1]--1}
  bytes=$(stat -c %s "$1" 2>/dev/null) || { forget_pending "$1"; return 0; }
  PENDING_BYTES[$1]=$bytes
  if ((bytes != before)) || is_open "$1"; then
    PENDING_POLLS[$1]=0
  elif is_whole_core "$1"; then
    settle_dump "$1" complete
  else
    polls=$((${PENDING_POLLS[$1]-0} + 1))
    PENDING_POLLS[$1]=$polls
    ((polls < QUIET_POLLS)) || settle_short_file "$1"
  fi
}

settle_short_file() { # FILE
  if [[ ${PENDING_BYTES[$1]} == 0 ]] || is_core "$1"; then
    settle_dump "$1" incomplete
  else
    forget_pending "$1"
    SETTLED[$1]=other
  fi
}

forget_pending() { # FILE
  # In double quotes, in -v and in arithmetic bash would expand a file name a second time, commands in it included.
  unset 'PENDING_BYTES[$1]' 'PENDING_POLLS[$1]'
}

settle_dump() { # FILE STATUS
  local pid=0 start=0 monitor='' alive=false level=info bytes
  bytes=$(stat -c %s "$1" 2>/dev/null) || { forget_pending "$1"; return 0; }
  if [[ ${1#"$POD_DIRECTORY"/} =~ ^([0-9]+)-([a-z0-9_-]+)/ ]]; then
    pid=${BASH_REMATCH[1]} monitor=${BASH_REMATCH[2]}
    start=${LAST_START[$pid]-0}
  fi
  # The length of a native dump is right even when its target died during the write; the rest of it is zeros.
  ! is_alive "$pid" "$start" || alive=true
  if [[ $2 == complete ]]; then clear_reason "procdump:$pid:$start:$monitor"; else level=warn; fi
  forget_pending "$1"
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$EPOCHSECONDS" "$2" "$pid" "$start" "$monitor" "$1" >>"$LEDGER"
  count_dump "$EPOCHSECONDS" "$2" "$pid" "$start" "$monitor" "$1"
  log_event "$level" "dump-$2" pid "$pid" monitor "$monitor" path "$1" bytes "$bytes" targetAlive "$alive" count "$TAKEN"
}

# A file nobody has judged yet may be under way, also one that came into being after the last scan.
has_unsettled_file() { # FOLDER
  local file
  for file in "$1"/*; do
    [[ -f $file && ! ${SETTLED[$file]-} ]] && return
  done
  return 1
}
