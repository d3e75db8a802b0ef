# shellcheck shell=bash
# Looking for dumps: new files are watched until they are finished, whoever writes them.

# Files still being written: size and quiet polls.
declare -A PENDING_BYTES=() PENDING_POLLS=()
POLLS=0
# A writer of another user cannot be seen; it is given this many polls without a byte before its file counts as broken.
readonly QUIET_POLLS=15
# Settling again costs forks, so short files are looked at again only now and then.
readonly REVISIT_POLLS=60
# A broken dump is published, too, but not before its writer had this long to go on.
readonly INCOMPLETE_SECONDS=${PROCDUMP_INCOMPLETE_SECONDS:-60}

# A spool is this pod's own, and a person may dump anywhere in it; a store that is written to directly has other pods' folders.
list_files() { # result in FILES
  if [[ $STORE ]]; then
    shopt -s globstar dotglob
    FILES=("$DUMP_DIRECTORY"/**)
    shopt -u globstar dotglob
  else
    FILES=("$POD_DIRECTORY"/* "$POD_DIRECTORY"/*/*)
    [[ ! $CRASH_DUMPS ]] || FILES+=("$DUMP_DIRECTORY"/crash/*_"$POD_NAME"_*.dmp)
  fi
}

scan_dumps() {
  local file
  POLLS=$((POLLS + 1))
  list_files
  for file in "${FILES[@]}"; do
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
  mark_spool_changed
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
  if [[ ! -r $1 ]]; then
    forget_pending "$1"
    SETTLED[$1]=other
    log_event warn file-unreadable path "$1" reason "it is another user's, so whether it is a dump cannot be seen, and it is not published: give it the sidecar's user"
  elif [[ ${PENDING_BYTES[$1]} == 0 ]] || is_core "$1"; then
    settle_dump "$1" incomplete
  else
    forget_pending "$1"
    SETTLED[$1]=other
  fi
}

forget_pending() { # FILE
  unset 'PENDING_BYTES[$1]' 'PENDING_POLLS[$1]'
}

# A file nobody has judged yet may be under way, also one that came into being after the last scan.
has_unsettled_file() { # FOLDER
  local file
  for file in "$1"/*; do
    [[ -f $file && ! ${SETTLED[$file]-} ]] && return 0
  done
  return 1
}
