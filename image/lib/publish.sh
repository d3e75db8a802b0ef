# shellcheck shell=bash
# Publishing one dump from the spool to the store. A process of its own, because everything here may hang for ever
# when the store does: SMB's fsync does not even hear SIGKILL. Each step can be the last one, and the next try finds out.

fail() { # TEXT
  printf '%s\n' "$1" >"$ERROR_FILE"
  return 1
}

# The last words of the command that failed.
last_words() { # result in WORDS_SAID
  local line
  WORDS_SAID=''
  while IFS= read -r line; do WORDS_SAID=$line; done <"$COMMAND_LOG"
}

# For tests: as if killed at this point, the agent too.
reach() { # STEP
  [[ ${PROCDUMP_DIE_AT-} != "$1" ]] || kill -KILL "$PPID" "$$"
}

publish_dump() { # NUMBER
  local began=$EPOCHSECONDS
  read_entry "$1" || return 0
  SOURCE=${ENTRY[source]} SUM=''
  reach begin
  if [[ ! -e $SOURCE ]]; then
    fail "found no $SOURCE any more, somebody removed it: it is not published" || forget_entry "$1"
    return 0
  fi
  open_store && read_source && remove_own_partials && choose_name "$1" || return 1
  if [[ ! $ALREADY ]]; then
    make_room "$BYTES" && copy_dump && rename_dump || return 1
  fi
  put_manifest || return 1
  free_spool "$1" || return 1
  log_event info published path "$FOLDER/$NAME" source "$SOURCE" bytes "$BYTES" sha256 "$SUM" seconds "$((EPOCHSECONDS - began))"
}

open_store() {
  [[ -d $STORE ]] || fail "found no folder $STORE, expected the store's volume there: check the mount" || return 1
  choose_folder
  mkdir -p "$FOLDER" 2>"$COMMAND_LOG" && return 0
  last_words
  fail "found $STORE not writable ($WORDS_SAID): check the volume's mount, owner and access"
}

# What tells one content of a path from the next: size, time of change, inode.
identify_source() {
  stat -c '%s %.9Y %i' "$SOURCE" 2>"$COMMAND_LOG"
}

is_unchanged() {
  local found
  found=$(identify_source) && [[ $found == "$IDENTITY_BEFORE" ]]
}

read_source() {
  IDENTITY_BEFORE=$(identify_source) || fail "could not read $SOURCE: it must belong to the sidecar's user" || return 1
  BYTES=${IDENTITY_BEFORE%% *}
}

# There is one publisher at a time; who left them is dead.
remove_own_partials() {
  local file
  for file in "$FOLDER/.$OWNER."*.partial; do
    rm -f "$file" 2>"$COMMAND_LOG" || fail "could not remove the unfinished $file: check the access to the store" || return 1
  done
}

# Legal on SMB and for Windows, which has devices named so, and short enough for what is put before and behind it.
make_legal_name() { # BASE, result in NAME
  local LC_ALL=C
  NAME=${1//[^A-Za-z0-9._-]/_}
  NAME=${NAME:0:160}
  while [[ $NAME == *. ]]; do NAME=${NAME%.}; done
  case ${NAME,,} in
    '' | .* | con | con.* | prn | prn.* | aux | aux.* | nul | nul.* | com[0-9] | com[0-9].* | lpt[0-9] | lpt[0-9].*) NAME=_$NAME ;;
  esac
  [[ ${NAME,,} != *.json && ${NAME,,} != *.partial ]] || NAME+=.core
}

# SMB takes names that differ in case only for one; so does this on every store. Result in TAKEN_NAME.
is_taken() { # NAME
  local file
  for file in "$FOLDER"/*; do
    file=${file##*/}
    [[ ${file,,} == "${1,,}" || ${file,,} == "${1,,}.json" ]] && return 0
  done
  return 1
}

# Results in NAME, and in ALREADY where an earlier try came as far as the rename.
choose_name() { # NUMBER
  local base count=1 recorded=''
  ALREADY=''
  read -r recorded 2>/dev/null <"$QUEUE_DIRECTORY/$1.name" || true
  make_legal_name "${SOURCE##*/}"
  base=$NAME
  NAME=${recorded:-$base}
  while is_taken "$NAME"; do
    if is_same_dump; then
      ALREADY=1
      break
    fi
    count=$((count + 1))
    NAME=$base-$count
  done
  printf '%s\n' "$NAME" >"$QUEUE_DIRECTORY/$1.name"
}

# A dump of this name with this content: sizes first, the sums only where those agree.
is_same_dump() {
  local bytes
  bytes=$(stat -c %s "$FOLDER/$NAME" 2>/dev/null) && [[ $bytes == "$BYTES" ]] || return 1
  [[ $SUM ]] || read -r SUM _ < <(sha256sum <"$SOURCE")
  if read_manifest "$FOLDER/$NAME.json"; then
    [[ ${DUMP[sum]} == "$SUM" ]]
  else
    [[ $(sha256sum <"$FOLDER/$NAME") == "$SUM "* ]]
  fi
}

# The sum is made of what is written, while it is written. Success of fsync is the only proof that the store has it:
# on SMB write and close succeed on a full or dead server, and the size looks right.
copy_dump() {
  local pipe=$STATE_DIRECTORY/publisher.pipe found
  PARTIAL=$FOLDER/.$OWNER.$NAME.partial
  rm -f "$pipe" && mkfifo "$pipe" || return 1
  sha256sum <"$pipe" >"$STATE_DIRECTORY/publisher.sum" &
  if ! write_partial "$pipe" 2>"$COMMAND_LOG"; then
    last_words
    kill "$!" 2>/dev/null || true
    fail "could not write $PARTIAL: ${WORDS_SAID:-the copy ended with an error}: check the store's free space and connection"
    return 1
  fi
  wait "$!" && read -r SUM _ <"$STATE_DIRECTORY/publisher.sum" || fail 'sha256sum failed: check the memory limit of the sidecar' || return 1
  reach copied
  is_unchanged || fail "$SOURCE changed while it was copied: it is copied anew" || return 1
  found=$(stat -c %s "$PARTIAL") || found=no
  [[ $found == "$BYTES" ]] ||
    fail "found $found bytes in $PARTIAL, expected $BYTES: check the store's free space"
}

# nocache sends each block on its way at once; else the store would wait for the sum of the whole dump, and then we for the store. It also keeps
# the dump out of the page cache, which counts against the sidecar's memory.
write_partial() { # PIPE
  dd if="$SOURCE" bs=4M status=none | tee "$1" | dd of="$PARTIAL" bs=4M iflag=fullblock oflag=nocache conv=excl,fsync status=none
}

# `mv -n` onto a name that was taken meanwhile moves nothing, and in some releases of coreutils says it succeeded.
rename_dump() {
  mv -n "$PARTIAL" "$FOLDER/$NAME" 2>"$COMMAND_LOG" || true
  [[ ! -e $PARTIAL && -e $FOLDER/$NAME ]] || fail "could not rename $PARTIAL: the name $NAME was taken meanwhile, or the store refused: the next try takes another name" || return 1
  reach renamed
  sync "$FOLDER" 2>/dev/null || true
}

put_manifest() {
  local partial=$FOLDER/.$OWNER.$NAME.json.partial
  [[ $SUM ]] || read -r SUM _ < <(sha256sum <"$SOURCE")
  [[ ! -e $FOLDER/$NAME.json ]] || return 0
  compose_manifest "$NAME" "$BYTES" "$SUM" "${ENTRY[complete]}" "${ENTRY[fields]}" "${ENTRY[time]}"
  if ! printf '%s\n' "$MANIFEST" | dd of="$partial" conv=excl,fsync status=none 2>"$COMMAND_LOG" ||
    ! mv -n "$partial" "$FOLDER/$NAME.json" 2>"$COMMAND_LOG" || [[ -e $partial ]]; then
    last_words
    fail "could not write $FOLDER/$NAME.json: ${WORDS_SAID:-the name is taken}: check the store's free space and connection"
    return 1
  fi
  sync "$FOLDER" 2>/dev/null || true
  reach manifest
}

# The fence before the crash dumps keeps us out, too. It is open for the moment of the removal.
remove_source() {
  local folder=${SOURCE%/*} code=0
  rm -f "$SOURCE" 2>"$COMMAND_LOG" && return 0
  [[ $folder == "$DUMP_DIRECTORY/crash" ]] && chmod u+w "$folder" 2>"$COMMAND_LOG" || return 1
  rm -f "$SOURCE" 2>"$COMMAND_LOG" || code=1
  chmod u-w "$folder"
  return "$code"
}

free_spool() { # NUMBER
  printf '%s\t%s\n' "$SOURCE" "$FOLDER/$NAME" >>"$PUBLISHED_LIST"
  reach listed
  # A dump that was written over this one in the meantime is another one, which the agent will find.
  ! is_unchanged || remove_source || fail "published $FOLDER/$NAME but could not remove $SOURCE from the spool: remove it" || return 1
  reach freed
  forget_entry "$1"
}
