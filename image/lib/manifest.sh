# shellcheck shell=bash
# The manifest beside each published dump: one line of JSON, one type per field, null for what is not known.

readonly SCHEMA=cdk8s-procdump/manifest/1
# The beginning of every manifest; a file without it was not written by this agent and is never deleted.
readonly MANIFEST_START="{\"schema\":\"$SCHEMA\","
declare -A DUMP=()

quote_or_null() { # TEXT, result in QUOTED
  if [[ $1 ]]; then quote_json "$1"; else QUOTED=null; fi
}

format_time() { # EPOCH, result in TIME
  local TZ=UTC0
  printf -v TIME '%(%Y-%m-%dT%H:%M:%SZ)T' "$1"
}

# Field 22 of /proc/PID/stat counts from the boot in hundredths of a second.
format_start() { # TICKS, result in QUOTED
  local key value
  QUOTED=null
  (($1 > 0)) || return 0
  while read -r key value; do
    [[ $key == btime ]] && break
  done </proc/stat
  format_time $((value + $1 / 100))
  QUOTED="\"$TIME\""
}

# What only the agent knows, at the time of the dump; result in FIELDS.
describe_dump() { # TRIGGER COMMAND PROCESS PID START ALIVE
  quote_json "$1"
  FIELDS="\"trigger\":$QUOTED"
  quote_or_null "$2"
  FIELDS+=",\"command\":$QUOTED"
  quote_or_null "$3"
  FIELDS+=",\"process\":$QUOTED,\"pid\":"
  if (($4)); then FIELDS+=$4; else FIELDS+=null; fi
  format_start "$5"
  FIELDS+=",\"processStartTime\":$QUOTED,\"targetAlive\":$6"
}

describe_pod() { # result in FIELDS
  local pair
  FIELDS=''
  for pair in "container $CONTAINER" "pod $POD_NAME" "namespace ${POD_NAMESPACE-}" "podUid ${POD_UID-}" "node ${NODE_NAME-}" "image ${TARGET_IMAGE-}"; do
    quote_or_null "${pair#* }"
    FIELDS+=",\"${pair%% *}\":$QUOTED"
  done
}

explain_opening() { # NAME, result in QUOTED
  if [[ $RUNTIME == dotnet ]]; then
    quote_json "Run dotnet-dump analyze $1 on a machine of the same architecture."
  else
    quote_json "Run gdb PROGRAM $1 with PROGRAM and its libraries from the target's image${TARGET_IMAGE:+, $TARGET_IMAGE}."
  fi
}

compose_manifest() { # NAME BYTES SHA256 COMPLETE DUMP-FIELDS DUMPED-AT, result in MANIFEST
  local version='' agent=''
  quote_json "$1"
  MANIFEST="$MANIFEST_START\"file\":$QUOTED,\"bytes\":$2,\"sha256\":\"$3\",\"complete\":$4,$5"
  describe_pod
  MANIFEST+=$FIELDS
  format_time "$6"
  MANIFEST+=",\"dumpedAt\":\"$TIME\""
  format_time "$EPOCHSECONDS"
  MANIFEST+=",\"publishedAt\":\"$TIME\""
  read -r agent 2>/dev/null <"$LIBRARY/VERSION" || true
  quote_or_null "$agent"
  MANIFEST+=",\"agentVersion\":$QUOTED,\"contract\":$CONTRACT"
  read -r version 2>/dev/null <"$STATE_DIRECTORY/procdump-version" || true
  quote_or_null "$version"
  MANIFEST+=",\"procdumpVersion\":$QUOTED"
  explain_opening "$1"
  MANIFEST+=",\"howToOpen\":$QUOTED}"
}

# Results in DUMP, with name, bytes, sum, complete and time; fails for everything that is not a manifest of ours.
read_manifest() { # PATH
  local line=''
  [[ -f $1 && ! -L $1 ]] || return 1
  { IFS= read -r -n 65536 line <"$1"; } 2>/dev/null || return 1
  [[ $line == "$MANIFEST_START"* && $line == *'}' ]] || return 1
  [[ $line =~ ^[^,]*,\"file\":\"([A-Za-z0-9._-]+)\",\"bytes\":([0-9]+),\"sha256\":\"([0-9a-f]{64})\",\"complete\":(true|false), ]] || return 1
  DUMP=([name]=${BASH_REMATCH[1]} [bytes]=${BASH_REMATCH[2]} [sum]=${BASH_REMATCH[3]} [complete]=${BASH_REMATCH[4]})
  [[ $line =~ \"dumpedAt\":\"([0-9TZ:-]{20})\" ]] || return 1
  DUMP[time]=${BASH_REMATCH[1]}
  [[ ${1##*/} == "${DUMP[name]}.json" ]]
}

# The banner is the first line of every ProcDump.
remember_version() { # LINE
  [[ $1 =~ ^ProcDump\ v([0-9][0-9.]*) ]] || return 0
  { printf '%s\n' "${BASH_REMATCH[1]}" >"$STATE_DIRECTORY/procdump-version"; } 2>/dev/null || return 0
}
