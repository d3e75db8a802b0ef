# shellcheck shell=bash
# The contract between the manifest and the agent: the arguments and their checks.

DUMPS_PER_PROCESS='' DUMPS_PER_POD='' COOLDOWN='' DRAIN_TIMEOUT='' SETTINGS_ERROR=''
MONITORS=()
# Words of all command lines in one row: bash has no arrays of arrays.
MONITOR_WORDS=()
declare -A MONITOR_OFFSET=() MONITOR_LENGTH=()

reject() { # TEXT
  SETTINGS_ERROR=$1
  return 1
}

parse_arguments() { # ARGUMENT...
  [[ ${1-} == run ]] || reject "found command '${1-}', expected 'run': set the container's args to run --contract $CONTRACT ..." || return 1
  [[ ${2-} == --contract ]] || reject "found '${2-}' after run, expected --contract $CONTRACT: the manifest was not made for this image" || return 1
  [[ ${3-} == "$CONTRACT" ]] ||
    reject "found contract '${3-}', this image speaks contract $CONTRACT: use a sidecar image of the release of cdk8s-procdump that made the manifest" || return 1
  shift 3
  parse_options "$@" && check_required && check_environment
}

parse_options() { # ARGUMENT...
  while (($#)); do
    [[ $1 == --monitor ]] && break
    if [[ $1 == --crash-dumps ]]; then
      CRASH_DUMPS=1
      shift
      continue
    fi
    (($# >= 2)) || reject "option '$1' has no value: give one" || return 1
    set_option "$1" "$2" || return 1
    shift 2
  done
  while (($#)); do
    shift
    add_monitor "$@" || return 1
    shift $((1 + MONITOR_LENGTH[$1]))
  done
}

set_option() { # OPTION VALUE
  case $1 in
    --runtime) expect "$1" "$2" '^(dotnet|native)$' 'dotnet or native' && RUNTIME=$2 ;;
    --container) expect "$1" "$2" '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$' 'a container name' && CONTAINER=$2 ;;
    --process-name) expect "$1" "$2" '^[^-/[:space:]][^/[:space:]]*$' 'the file name of the program, without blank or slash' && PROCESS_NAME=$2 ;;
    # ProcDump refuses every other character in a dump's path, at the time of the dump.
    --dump-directory) expect "$1" "$2" '^/[A-Za-z0-9/._-]*[A-Za-z0-9._-]$' 'an absolute path of the characters A-Z a-z 0-9 / . _ -' && DUMP_DIRECTORY=$2 ;;
    --dumps-per-process) expect "$1" "$2" '^[1-9][0-9]{0,3}$' 'a number from 1 to 9999' && DUMPS_PER_PROCESS=$2 ;;
    --dumps-per-pod) expect "$1" "$2" '^[1-9][0-9]{0,3}$' 'a number from 1 to 9999' && DUMPS_PER_POD=$2 ;;
    --cooldown) expect "$1" "$2" '^(0|[1-9][0-9]{0,7})$' 'whole seconds' && COOLDOWN=$2 ;;
    --dump-mask) expect "$1" "$2" '^[0-7]?[0-9A-Fa-f]{1,7}$' 'a hexadecimal number without 0x, 0 to 7fffffff' && DUMP_MASK=$2 ;;
    --store) expect "$1" "$2" '^/[A-Za-z0-9/._-]*[A-Za-z0-9._-]$' 'an absolute path of the characters A-Z a-z 0-9 / . _ -' && STORE=$2 ;;
    --spool-size) expect "$1" "$2" '^[1-9][0-9]{0,8}$' 'whole MiB' && SPOOL_MIB=$2 ;;
    --drain-timeout) expect "$1" "$2" '^(0|[1-9][0-9]{0,7})$' 'whole seconds' && DRAIN_TIMEOUT=$2 ;;
    --store-size) expect "$1" "$2" '^[1-9][0-9]{0,8}$' 'whole MiB' && STORE_MIB=$2 ;;
    --retain-age) expect "$1" "$2" '^[1-9][0-9]{0,9}$' 'whole seconds, at least 1' && RETAIN_AGE=$2 ;;
    --retain-count) expect "$1" "$2" '^[1-9][0-9]{0,8}$' 'a number from 1' && RETAIN_COUNT=$2 ;;
    --retain-mib) expect "$1" "$2" '^[1-9][0-9]{0,8}$' 'whole MiB, at least 1' && RETAIN_MIB=$2 ;;
    *) reject "found unknown option '$1': contract $CONTRACT does not have it; use the sidecar image of the release that made the manifest" ;;
  esac
}

expect() { # OPTION VALUE REGEX DESCRIPTION
  [[ $2 =~ $3 ]] || reject "found '$2' for $1, expected $4: correct the value"
}

add_monitor() { # NAME WORD... [--monitor ...]
  (($#)) || reject "--monitor has no name: expected --monitor NAME PROCDUMP-ARGUMENT..." || return 1
  local name=$1 offset=${#MONITOR_WORDS[@]}
  expect --monitor "$name" '^[a-z0-9-]+$' 'a name of the characters a-z 0-9 -' || return 1
  [[ ! -v MONITOR_OFFSET[$name] ]] || reject "found monitor '$name' twice, expected each name once: rename one" || return 1
  shift
  while (($#)) && [[ $1 != --monitor ]]; do
    MONITOR_WORDS+=("$1")
    shift
  done
  ((${#MONITOR_WORDS[@]} > offset)) || reject "monitor '$name' has no ProcDump arguments: add a trigger" || return 1
  MONITORS+=("$name")
  MONITOR_OFFSET[$name]=$offset
  MONITOR_LENGTH[$name]=$((${#MONITOR_WORDS[@]} - offset))
}

check_required() {
  local pair
  for pair in "--runtime $RUNTIME" "--container $CONTAINER" "--dump-directory $DUMP_DIRECTORY" \
    "--dumps-per-process $DUMPS_PER_PROCESS" "--dumps-per-pod $DUMPS_PER_POD" "--cooldown $COOLDOWN"; do
    [[ ${pair#* } ]] || reject "option ${pair%% *} is missing: contract $CONTRACT requires it" || return 1
  done
  [[ ! $DUMP_MASK || $RUNTIME == native ]] ||
    reject "found --dump-mask for runtime $RUNTIME: it is for native targets only, remove it" || return 1
  [[ ! $CRASH_DUMPS || $RUNTIME == dotnet ]] ||
    reject "found --crash-dumps for runtime $RUNTIME: only the .NET runtime writes crash dumps, remove it" || return 1
  check_delivery
}

check_delivery() {
  if [[ ! $STORE ]]; then
    [[ ! $STORE_MIB && ! $DRAIN_TIMEOUT ]] ||
      reject "found --store-size or --drain-timeout without --store: they are for spooled delivery, give --store or remove them" || return 1
    return 0
  fi
  [[ $SPOOL_MIB ]] || reject "option --spool-size is missing: contract $CONTRACT requires it with --store" || return 1
  [[ $DRAIN_TIMEOUT ]] || reject "option --drain-timeout is missing: contract $CONTRACT requires it with --store" || return 1
  [[ $STORE/ != "$DUMP_DIRECTORY"/* && $DUMP_DIRECTORY/ != "$STORE"/* ]] ||
    reject "found the store '$STORE' and the dump directory '$DUMP_DIRECTORY' one in the other, expected two volumes: correct --store"
}

check_environment() {
  [[ ${POD_NAME-} =~ ^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$ ]] ||
    reject "found POD_NAME '${POD_NAME-}', expected the pod's name: set it from the downward API field metadata.name" || return 1
  # ProcDump compares the path of the diagnostics socket as text. Where the text differs it takes a .NET process for
  # a native one and writes its whole address space.
  [[ ! -v TMPDIR || $TMPDIR =~ ^/.*[^/]$ ]] ||
    reject "found TMPDIR '$TMPDIR', expected an absolute path without a slash at its end: set it exactly as in the target" || return 1
  # Alone in its process namespace the agent is process 1 and can never see a target.
  (($$ != 1)) || reject "found the agent to be process 1, expected the pause container there: set shareProcessNamespace to true"
}

# Sets WORDS to the ProcDump arguments of a monitor, percents of the memory limit replaced by MiB.
resolve_words() { # MONITOR
  local i
  WORDS=("${MONITOR_WORDS[@]:MONITOR_OFFSET[$1]:MONITOR_LENGTH[$1]}")
  for ((i = 1; i < ${#WORDS[@]}; i++)); do
    [[ ${WORDS[i - 1]} == -m || ${WORDS[i - 1]} == -ml ]] || continue
    [[ ${WORDS[i]} != *%* ]] || resolve_percents "$i" || return 1
  done
}

# A list of thresholds goes on where the ProcDump before it was ended.
skip_taken_thresholds() { # COUNT, of WORDS
  local i thresholds heap
  for ((i = 1; i < ${#WORDS[@]}; i++)); do
    [[ ${WORDS[i - 1]} == -m || ${WORDS[i - 1]} == -ml || ${WORDS[i - 1]} == -gcm ]] || continue
    heap=${WORDS[i]%"${WORDS[i]##*:}"}
    IFS=, read -r -a thresholds <<<"${WORDS[i]##*:}"
    (($1 > 0 && ${#thresholds[@]} > $1)) || continue
    thresholds=("${thresholds[@]:$1}")
    local IFS=,
    WORDS[i]=$heap${thresholds[*]}
  done
}

# -gcgen cannot do with less than two, at the start and at the end of the collection.
ask_for_one_dump() { # of WORDS
  local i
  for ((i = 1; i < ${#WORDS[@]}; i++)); do
    case ${WORDS[i - 1]} in
      -n) WORDS[i]=1 ;;
      -gcm) WORDS[i]=${WORDS[i]%%,*} ;;
    esac
  done
}

resolve_percents() { # INDEX in WORDS
  local element list='' elements
  [[ ${TARGET_MEMORY_LIMIT_MIB-} =~ ^[1-9][0-9]{0,11}$ ]] || return 1
  IFS=, read -r -a elements <<<"${WORDS[$1]}"
  for element in "${elements[@]}"; do
    if [[ $element =~ ^([0-9]{1,3})%$ ]]; then
      element=$((TARGET_MEMORY_LIMIT_MIB * 10#${BASH_REMATCH[1]} / 100))
    fi
    list+=${list:+,}$element
  done
  WORDS[$1]=$list
}

# How many dumps ProcDump takes before it has done its work.
count_expected_dumps() { # WORD..., result in EXPECTED
  local elements thresholds
  EXPECTED=1
  while (($# >= 2)); do
    case $1 in
      -n) EXPECTED=$2 ;;
      -gcgen) EXPECTED=2 ;;
      -m | -ml | -gcm)
        read -r -a thresholds <<<"${2//,/ }"
        elements=${#thresholds[@]}
        ((elements <= 1)) || EXPECTED=$elements
        ;;
    esac
    shift
  done
}
