# shellcheck shell=bash
# What `status` prints: written when it changes, and only then.

declare -A REASONS=()
STATUS_WRITTEN='' LAST_BEAT=-60

set_reason() { # KEY TEXT
  [[ ${REASONS[$1]-} != "$2" ]] || return 0
  REASONS[$1]=$2
  log_event error degraded reason "$2"
}

clear_reason() { # KEY
  unset "REASONS[$1]"
}

clear_reasons_of() { # PREFIX
  local key
  for key in "${!REASONS[@]}"; do
    [[ $key != "$1"* ]] || clear_reason "$key"
  done
}

describe_state() { # results in STATE, REASON
  local text
  STATE=ok REASON=''
  if ((${#REASONS[@]})); then
    STATE=degraded
    for text in "${REASONS[@]}"; do
      REASON+="${REASON:+; }$text"
    done
  elif ((${#TARGETS[@]} == 0)); then
    STATE=waiting REASON=$WAITING_FOR
  elif ((${#LIMITED[@]})); then
    for text in "${LIMITED[@]}"; do
      REASON+="${REASON:+; }$text"
    done
  fi
}

list_targets() { # result in LIST
  local pid stopped
  LIST=''
  for pid in "${!TARGETS[@]}"; do
    quote_json "${TARGET_NAME[$pid]}"
    if [[ -v STOPPED[$pid] ]]; then stopped=true; else stopped=false; fi
    LIST+="${LIST:+,}{\"pid\":$pid,\"name\":$QUOTED,\"stopped\":$stopped}"
  done
}

list_monitors() { # result in LIST
  local key
  LIST=''
  for key in "${!RUN_PID[@]}"; do
    split_key "$key"
    LIST+="${LIST:+,}{\"name\":\"$RUN_MONITOR\",\"pid\":$RUN_TARGET,\"procdumpPid\":${RUN_PID[$key]}}"
  done
}

write_status() {
  local text TEXT
  describe_state
  quote_json "$REASON"
  text="{\"state\":\"$STATE\",\"reason\":$QUOTED,\"contract\":$CONTRACT,\"runtime\":\"$RUNTIME\","
  list_targets
  text+="\"targets\":[$LIST],"
  list_monitors
  text+="\"monitors\":[$LIST],\"dumpsTaken\":$((TAKEN - INCOMPLETE)),\"dumpsIncomplete\":$INCOMPLETE,"
  text+="\"dumpsPerProcess\":${DUMPS_PER_PROCESS:-null},\"dumpsPerPod\":${DUMPS_PER_POD:-null},"
  describe_delivery
  text+="$TEXT}"
  [[ $text != "$STATUS_WRITTEN" ]] || return 0
  # Tried again with every look: a full disk must not end the agent.
  { printf '%s\n' "$text" >"$STATE_DIRECTORY/status.json.new"; } 2>/dev/null || return 0
  mv -f "$STATE_DIRECTORY/status.json.new" "$STATE_DIRECTORY/status.json" || return 0
  STATUS_WRITTEN=$text
}

# For the probes: the seconds since the boot, because clocks are set.
beat() {
  local uptime
  read -r uptime _ </proc/uptime
  uptime=${uptime%%.*}
  ((uptime - LAST_BEAT >= 5)) || return 0
  LAST_BEAT=$uptime
  { printf '%s\n' "$uptime" >"$STATE_DIRECTORY/heartbeat"; } 2>/dev/null || return 0
}

describe_volumes() { # result in TEXT
  local store=null spool=null
  if [[ $STORE ]]; then
    quote_json "$STORE/$POD_NAME"
    store=$QUOTED
  fi
  [[ ! $SPOOL_MIB ]] || spool="{\"bytes\":$SPOOL_USED,\"size\":$((SPOOL_MIB * 1048576))}"
  TEXT="\"store\":$store,\"spool\":$spool"
}

describe_delivery() { # result in TEXT
  local retry=null number
  describe_volumes
  for number in "${!QUEUE[@]}"; do
    [[ ${RETRY_AT[number]-} && ($retry == null || ${RETRY_AT[number]} < "$retry") ]] && retry=${RETRY_AT[number]}
  done
  if [[ $retry != null ]]; then
    format_time "$retry"
    retry=\"$TIME\"
  fi
  quote_or_null "$PUBLISH_ERROR"
  TEXT+=",\"queue\":${#QUEUE[@]},\"published\":$PUBLISHED,\"lastPublishError\":$QUOTED,\"retryAt\":$retry"
  TEXT+=",\"retention\":{\"seconds\":${RETAIN_AGE:-null},\"count\":${RETAIN_COUNT:-null},\"mib\":${RETAIN_MIB:-null}}"
}
