# shellcheck shell=bash
# The one place that logs: one JSON object per line, fields time, level, event, then details.

# Strings leave here as valid JSON whatever bytes they hold, so that one odd line cannot make a log collector
# drop the event: text that is not UTF-8 keeps its ASCII part.
quote_json() { # TEXT, result in QUOTED
  local LC_ALL=C text=$1 code char escape
  local utf8=$'^([\x01-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf][\x80-\xbf]|\xed[\x80-\x9f][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf][\x80-\xbf][\x80-\xbf])*$'
  if [[ $text == *[^\ -~]* ]]; then
    [[ $text =~ $utf8 ]] || text=${text//[^$'\x01'-$'\x7f']/?}
  fi
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  if [[ $text == *[$'\x01'-$'\x1f'$'\x7f']* ]]; then
    for code in {1..31} 127; do
      printf -v escape '\\u%04x' "$code"
      printf -v char '%b' "\\x${escape: -2}"
      text=${text//"$char"/"$escape"}
    done
  fi
  QUOTED="\"$text\""
}

# A field keeps one JSON type for ever, chosen by its name and not by its value.
encode_field() { # KEY VALUE, result in QUOTED
  case $1 in
    pid | procdumpPid | bytes | count | limit | exitCode | seconds | left) QUOTED=$2 ;;
    targetAlive) QUOTED=$2 ;;
    *) quote_json "$2" ;;
  esac
}

log_event() { # LEVEL EVENT [KEY VALUE]...
  local TZ=UTC0 line level=$1 event=$2
  shift 2
  printf -v line '{"time":"%(%Y-%m-%dT%H:%M:%SZ)T","level":"%s","event":"%s"' -1 "$level" "$event"
  while (($# >= 2)); do
    encode_field "$1" "$2"
    line+=",\"$1\":$QUOTED"
    shift 2
  done
  # A closed stdout must not end the agent: an exited container makes the whole pod unready.
  printf '%s}\n' "$line" || return 0
}
