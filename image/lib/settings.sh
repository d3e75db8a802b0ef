# shellcheck shell=bash
# What the agent, its publisher and the commands `dump` and `dumps` share.

# The number of the contract between the manifest and the agent.
readonly CONTRACT=2
readonly SETTINGS=(RUNTIME CONTAINER PROCESS_NAME DUMP_DIRECTORY DUMP_MASK STORE SPOOL_MIB CRASH_DUMPS RETAIN_AGE RETAIN_COUNT RETAIN_MIB STORE_MIB)

# What the environment may hold under these names is not meant for us.
unset "${SETTINGS[@]}"
for setting in "${SETTINGS[@]}"; do
  printf -v "$setting" '%s' ''
done

save_settings() { # FILE
  local name
  for name in "${SETTINGS[@]}" POD_NAME; do
    printf '%s\n' "${!name}"
  done >"$1.new"
  mv -f "$1.new" "$1"
}

load_settings() { # FILE
  local lines i
  mapfile -t lines <"$1"
  for i in "${!SETTINGS[@]}"; do
    printf -v "${SETTINGS[i]}" '%s' "${lines[i]-}"
  done
  POD_NAME=${lines[${#SETTINGS[@]}]-}
}

# Whose an unfinished copy in the store is: two sidecars may publish to one folder, and a container that was started anew is the same one.
name_owner() { # result in OWNER
  local uuid
  OWNER=''
  read -r OWNER 2>/dev/null <"$STATE_DIRECTORY/owner" || true
  [[ ! $OWNER ]] || return 0
  read -r uuid </proc/sys/kernel/random/uuid
  OWNER=${uuid%%-*}
  { printf '%s\n' "$OWNER" >"$STATE_DIRECTORY/owner"; } 2>/dev/null || return 0
}

# Two sidecars of a pod may have two users, and on a store with modes of its own the folder of a pod is closed to who did not make it.
choose_folder() { # result in FOLDER
  FOLDER=$STORE/$POD_NAME
  [[ ! -d $FOLDER || -w $FOLDER ]] || FOLDER+=-$EUID
}

# Results in WRITER: ProcDump's words for a dump that a person asks for.
list_demand_words() { # PID FOLDER
  WRITER=(-n 1)
  [[ ! $DUMP_MASK ]] || WRITER+=(-mc "$DUMP_MASK")
  WRITER+=("$1" "$2")
}
