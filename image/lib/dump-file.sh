# shellcheck shell=bash
# When is a dump finished? ProcDump's exit code and output do not tell: files appear under their final name and grow,
# and a dump that broke half way is reported as written. The rule is ELF length, no opener, stable size.

# Both writers put the headers first and the data in order, so the file is short until its last byte.
is_whole_core() { # FILE
  local magic type offset entry count end=0 start length bytes
  bytes=$(stat -c %s "$1" 2>/dev/null) && ((bytes >= 64)) || return 1
  read -r magic < <(od -An -tx1 -N5 "$1")
  read -r type < <(od -An -tu2 -j16 -N2 "$1")
  [[ $magic == '7f 45 4c 46 02' && $type == 4 ]] || return 1
  read -r offset < <(od -An -tu8 -j32 -N8 "$1")
  read -r entry count < <(od -An -tu2 -j54 -N4 "$1")
  # 65535 is an escape: more headers than fit 16 bits, and the number is in the first section header.
  ((count < 65535)) || read_long_count "$1" || return 1
  ((entry == 56 && count > 0 && bytes >= offset + count * 56)) || return 1
  while read -r _ start _ _ length _; do
    ((start + length <= end)) || end=$((start + length))
  done < <(od -An -v -w56 -tu8 -j"$offset" -N$((count * 56)) "$1")
  ((bytes >= end))
}

read_long_count() { # FILE, result in the caller's count
  local sections
  read -r sections < <(od -An -tu8 -j40 -N8 "$1")
  ((sections > 0)) && read -r count < <(od -An -tu4 -j$((sections + 44)) -N4 "$1")
}

is_core() { # FILE
  local magic=''
  read -r magic < <(od -An -tx1 -N4 "$1" 2>/dev/null) || return 1
  [[ $magic == '7f 45 4c 46' ]]
}

# Sees writers in the other container too: they have our user, or we are root. The inode is read from the descriptor's
# own text first: to ask for the file behind each descriptor would ask a store that hangs, and hang with it.
is_open() { # FILE
  local info inode
  inode=$(stat -c %i "$1" 2>/dev/null) || return 1
  for info in /proc/[0-9]*/fdinfo/*; do
    may_be_inode "$info" "$inode" && [[ ${info/fdinfo/fd} -ef $1 ]] && return 0
  done
  return 1
}

# Kernels before 5.14 do not tell the inode.
may_be_inode() { # FDINFO INODE
  local text=''
  { IFS= read -r -d '' text <"$1"; } 2>/dev/null || true
  [[ $text != *ino:* || $text == *$'\n'ino:$'\t'"$2"$'\n'* ]]
}

# The application's runtime writes .NET dumps as its own user. Where that is not ours the folder must let it in;
# where it is, nobody else may read the dumps, which hold the application's secrets.
prepare_folder() { # PID FOLDER
  local own
  read_identity self
  own=$IDENTITY
  mkdir -p "$2" || return 1
  if read_identity "$1" && [[ ${own%%:*} != "${IDENTITY%%:*}" ]]; then
    chmod 0711 "${2%/*}" && chmod 0777 "$2"
  else
    chmod 0700 "$2"
  fi
}
