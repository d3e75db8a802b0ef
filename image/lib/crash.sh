# shellcheck shell=bash
# Crash dumps: the .NET runtime writes them without us, so the only way to refuse one is a folder that it cannot write.
# A target that runs as root passes every fence.

CRASH_MODE='' CRASH_OPEN_MODE=0700 CRASH_FOLDER=''
readonly FENCED=0555

# Whether it is open is decided by what is in the spool already: this may be a container that was started anew.
make_crash_folder() {
  [[ $CRASH_DUMPS ]] || return 0
  ((EUID)) || CRASH_OPEN_MODE=1777
  if mkdir -p "$DUMP_DIRECTORY/crash" 2>/dev/null; then
    clear_reason crash
    CRASH_FOLDER=1
    check_room
    fence_crash_dumps
  else
    set_reason crash "found $DUMP_DIRECTORY not writable for the sidecar, expected it to hold the folder crash: check the volume's mount and owner"
  fi
}

set_crash_mode() { # MODE
  [[ $1 != "$CRASH_MODE" ]] || return 0
  CRASH_MODE=$1
  # On SMB the modes are the mount's.
  chmod "$1" "$DUMP_DIRECTORY/crash" 2>/dev/null || [[ ! $SPOOL_MIB ]] ||
    set_reason crash "could not change the mode of $DUMP_DIRECTORY/crash to $1: it must belong to the sidecar's user, remove it"
}

# A publisher opens the fence to remove what it has published.
renew_crash_mode() {
  [[ ! $CRASH_MODE ]] || chmod "$CRASH_MODE" "$DUMP_DIRECTORY/crash" 2>/dev/null || return 0
}

# The application's user is known only when the application runs.
admit_user() { # PID
  local own
  [[ $CRASH_DUMPS ]] || return 0
  read_identity self
  own=${IDENTITY%%:*}
  read_identity "$1" || return 0
  if [[ $own != "${IDENTITY%%:*}" ]]; then CRASH_OPEN_MODE=1777; fi
  fence_crash_dumps
}

# Where the size of the dump directory is not known, it is in a store and not this pod's alone. Otherwise the room must do for the largest dump, also while no target
# lives: the next one may crash before it is looked at.
must_fence() {
  [[ $SPOOL_MIB ]] && { [[ -v LIMITED[pod] ]] || ((${#BLOCKED[@]} || ROOM < LARGEST_ESTIMATE)); }
}

fence_crash_dumps() {
  [[ $CRASH_FOLDER ]] || return 0
  if must_fence; then
    [[ $CRASH_MODE == "$FENCED" ]] || log_event warn crash-dumps-fenced reason "${LIMITED[pod]-the spool has no room for another dump}: the runtime cannot write crash dumps until this ends"
    set_crash_mode "$FENCED"
  else
    [[ $CRASH_MODE != "$FENCED" ]] || log_event info crash-dumps-admitted reason 'the spool has room again'
    set_crash_mode "$CRASH_OPEN_MODE"
  fi
}
